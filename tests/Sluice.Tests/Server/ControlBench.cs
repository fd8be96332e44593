using Microsoft.Extensions.Time.Testing;
using Sluice.Server;
using Sluice.Server.Control;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Server.Schedules;
using Sluice.Server.Secrets;

namespace Sluice.Tests.Server;

/// <summary>The parts of a server over a control database of its own, with a clock set by hand and runs that end when the test says so.</summary>
internal sealed class ControlBench : IAsyncDisposable
{
    private ControlBench(string folder, ControlDatabase control, FakeTimeProvider time)
    {
        (Folder, Control, Time) = (folder, control, time);
        Options = new ServerOptions
        {
            Folder = folder,
            WorkFolder = Path.Combine(folder, ".sluice"),
            Variables = name => $"value-of-{name}",
            OpenClient = (_, _) => throw new InvalidOperationException("Nothing is read here."),
            Node = "a",
            MostRuns = 64,
            Time = time,
        };
        Start();
    }

    public string Folder { get; }

    public ControlDatabase Control { get; }

    public FakeTimeProvider Time { get; }

    public ServerOptions Options { get; }

    public HeldExecutor Executor { get; private set; } = null!;

    public RunQueue Queue { get; private set; } = null!;

    public Runner Runner { get; private set; } = null!;

    public Scheduler Scheduler { get; private set; } = null!;

    public PipelineStore Pipelines =>
        new(Options, Control, new SecretStore(Control, new Seal(SealKeys.Read(_ => null, Options.WorkFolder, false)), Time));

    public Pauses Pauses => new(Control, Time);

    public static async Task<ControlBench> OpenAsync(string now)
    {
        // In memory where there is such a folder: a month has many thousand commits.
        var folder = Directory.Exists("/dev/shm")
            ? Directory.CreateDirectory($"/dev/shm/sluice-server-{Guid.NewGuid():N}").FullName
            : Directory.CreateTempSubdirectory("sluice-server-").FullName;
        var time = new FakeTimeProvider(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture));
        Directory.CreateDirectory(Path.Combine(folder, ".sluice"));
        var control = await ControlDatabase.OpenAsync(Path.Combine(folder, ".sluice", "serve.db"), time, default);
        return new ControlBench(folder, control, time);
    }

    /// <summary>Makes the parts anew, as a process does that starts.</summary>
    public void Start()
    {
        Executor = new HeldExecutor();
        Queue = new RunQueue(Control, Time);
        Runner = new Runner(Queue, new RunStore(Control), Executor, Control, Options, Time, []);
        Scheduler = new Scheduler(Pipelines, new DueTimes(Control), Control, Queue, Options, Time);
    }

    /// <summary>Writes the pipeline file: a sync for each name with its schedule.</summary>
    public void Write(params (string Name, string Schedule)[] syncs)
    {
        var text = "version: 1\nworkspaces: {main: {app_api_key: \"${KEY}\"}}\ndestinations: {d: duckdb:///crm.duckdb}\nsyncs:\n"
            + string.Concat(syncs.Select(sync => $"  {sync.Name}: {{table_prefix: {sync.Name}_, schedule: {sync.Schedule}, tables: campaigns}}\n"));
        File.WriteAllText(Path.Combine(Folder, "sluice.yaml"), text);
        // Two files of one length within a tick of the clock would look alike.
        File.SetLastWriteTimeUtc(Path.Combine(Folder, "sluice.yaml"), DateTime.UnixEpoch.AddSeconds(Interlocked.Increment(ref _written)));
    }

    /// <summary>The lines of due times as <c>name time outcome note</c>.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync() => [.. (await Control.ListAsync<DueRow>(
        "SELECT name AS Name, due_at AS DueAt, outcome AS Outcome, note AS Note FROM due_times ORDER BY due_at, name", null, default))
        .Select(row => $"{row.Name} {DateTimeOffset.FromUnixTimeMilliseconds(row.DueAt):MM-dd HH:mm} {row.Outcome} {row.Note}".TrimEnd())];

    public async ValueTask DisposeAsync()
    {
        Runner.Dispose();
        Scheduler.Dispose();
        await Control.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static int _written;

    private sealed record DueRow
    {
        public string Name { get; init; } = "";

        public long DueAt { get; init; }

        public string Outcome { get; init; } = "";

        public string? Note { get; init; }
    }
}

/// <summary>Runs that end when the test says so.</summary>
internal sealed class HeldExecutor : IRunExecutor
{
    private readonly Dictionary<string, TaskCompletionSource<RunResult>> _held = new(StringComparer.Ordinal);

    /// <summary>What each run must have for itself.</summary>
    public Func<RunTarget, string> Lease { get; set; } = target => $"{target.Kind}:{target.Name}";

    public Task<IReadOnlyList<string>> LeasesAsync(RunTarget target, CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<string>>([Lease(target)]);

    public async Task<RunResult> RunAsync(RunOrder order, CancellationToken cancel) => await Of(order.RunId).Task.WaitAsync(cancel);

    public void End(string runId, int exitCode = 0) => Of(runId).TrySetResult(new RunResult(exitCode, $"Ended with {exitCode}.") { Rows = 7 });

    private TaskCompletionSource<RunResult> Of(string runId)
    {
        lock (_held)
        {
            return _held.TryGetValue(runId, out var held)
                ? held
                : _held[runId] = new TaskCompletionSource<RunResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}

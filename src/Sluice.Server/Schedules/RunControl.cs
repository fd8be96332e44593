using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Server.Control;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Server.Secrets;

namespace Sluice.Server.Schedules;

/// <summary>Asks a server for runs, over the database that it keeps its queue in; the server may be on another machine, or not be up yet.</summary>
public sealed class RunControl : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly ControlDatabase _control;
    private readonly PipelineStore _pipelines;
    private readonly TimeProvider _time;
    private readonly RunQueue _queue;

    private RunControl(ControlDatabase control, PipelineStore pipelines, TimeProvider time)
    {
        (_control, _pipelines, _time) = (control, pipelines, time);
        _queue = new RunQueue(control, time);
    }

    /// <summary>Opens the database of a server.</summary>
    public static async Task<RunControl> OpenAsync(ServerOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        Engine.Runs.WorkFolder.Prepare(options.WorkFolder);
        var control = await ControlDatabase.OpenAsync(options.Control ?? ServerOptions.ControlFile(options.WorkFolder), options.Time, cancel);
        var seal = new Seal(SealKeys.Read(options.Variables, options.WorkFolder, control.IsShared));
        return new RunControl(control, new PipelineStore(options, control, new SecretStore(control, seal, options.Time)), options.Time);
    }

    /// <summary>Asks for a run of a sync or push; gives the id of the request.</summary>
    /// <exception cref="SluiceException">The pipeline has none of the name, or no such table (kind Config).</exception>
    public async Task<string> AskAsync(string name, RunChoices choices, string by, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(choices);
        var target = await FindAsync(name, cancel);
        var file = (await _pipelines.ReadAsync(cancel)).File;
        if (target.Kind == RunKind.Sync && choices.Tables.Count > 0)
        {
            var mistakes = new ValidationErrors();
            new SyncSelection([name], choices.Tables, choices.FullRefresh).Choose(file, mistakes);
            mistakes.ThrowIfAny();
        }

        return await _queue.AskAsync(target, RunReason.Manual, by, choices, cancel);
    }

    /// <summary>Pauses a schedule.</summary>
    public async Task PauseAsync(string name, string by, string? note, CancellationToken cancel) =>
        await new Pauses(_control, _time).BeginAsync(await FindAsync(name, cancel), by, note, cancel);

    /// <summary>Ends the pause of a schedule.</summary>
    public async Task ResumeAsync(string name, CancellationToken cancel) =>
        await new Pauses(_control, _time).EndAsync(await FindAsync(name, cancel), cancel);

    /// <summary>Asks the run of a sync or push to stop, and drops what waits; gives false when there is nothing to stop.</summary>
    public async Task<bool> CancelAsync(string name, string by, CancellationToken cancel)
    {
        var target = await FindAsync(name, cancel);
        var values = new { target.Name, Kind = RunWords.Of(target.Kind) };
        var any = false;
        const string Running = "SELECT id FROM runs WHERE name = @Name AND kind = @Kind AND state = 'running'";
        foreach (var run in await _control.ListAsync<string>(Running, values, cancel))
        {
            any |= await _queue.CancelAsync(run, by, cancel);
        }

        foreach (var request in (await _queue.WaitingAsync(cancel)).Where(row => row.Name == target.Name && row.Kind == values.Kind))
        {
            any |= await _queue.DropAsync(request.Id, by, cancel);
        }

        return any;
    }

    /// <summary>When a server was last heard of, or null.</summary>
    public async Task<DateTimeOffset?> ServerHeardAtAsync(CancellationToken cancel) =>
        ControlTime.Read(await _control.FindAsync<long?>("SELECT max(heartbeat_at) FROM nodes", null, cancel));

    /// <summary>Waits until what was asked for has ended; gives the exit code and what happened, in a sentence.</summary>
    public async Task<(int ExitCode, string Summary)> WaitAsync(string requestId, CancellationToken cancel)
    {
        while (true)
        {
            var values = new { Id = requestId };
            var request = await _control.FindAsync<RequestRow>($"SELECT {RequestRow.Columns} FROM run_requests WHERE id = @Id", values, cancel);
            if (request is null or { State: RequestState.Dropped })
            {
                return (Engine.Runs.ExitCode.Cancelled, $"It was {request?.Note ?? "dropped"}.");
            }

            var last = await _control.FindAsync<RunRow>(
                $"SELECT {RunRow.Columns} FROM runs WHERE request_id = @Id ORDER BY started_at DESC, id DESC LIMIT 1", values, cancel);
            if (request.State == RequestState.Taken && last is { ExitCode: { } code } && last.State != RunState.Interrupted)
            {
                return ((int)code, last.Summary ?? "");
            }

            await Task.Delay(Look, _time, cancel);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _pipelines.Dispose();
        _queue.Dispose();
        return _control.DisposeAsync();
    }

    private async Task<RunTarget> FindAsync(string name, CancellationToken cancel)
    {
        var file = (await _pipelines.ReadAsync(cancel)).File;
        if (file.SyncNames.Contains(name, StringComparer.Ordinal))
        {
            return new RunTarget(name, RunKind.Sync);
        }

        if (file.PushNames.Contains(name, StringComparer.Ordinal))
        {
            return new RunTarget(name, RunKind.Push);
        }

        var names = file.SyncNames.Concat(file.PushNames).ToList();
        throw new SluiceException(
            SluiceErrorKind.Config,
            $"There is no sync or push '{name}'.",
            Suggestion.For(name, names) ?? (names.Count == 0 ? "The pipeline has none." : $"There are {string.Join(", ", names)}."));
    }
}

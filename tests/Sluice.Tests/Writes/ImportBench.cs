using Sluice.CustomerIo;
using Sluice.Tests.DuckDb;
using Sluice.Tests.Simulator;
using Sluice.Writes.Import;

namespace Sluice.Tests.Writes;

/// <summary>Imports into a simulated workspace, with a handler in between that can spoil requests.</summary>
internal sealed class ImportBench : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ImportBench(SimulatorHarness simulator) => Simulator = simulator;

    public SimulatorHarness Simulator { get; }

    public string Folder => _folder.FullPath;

    public string RejectsPath => _folder.File("rejects.csv");

    public static async Task<ImportBench> StartAsync() => new(await SimulatorHarness.StartAsync());

    public string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return name;
    }

    public ImportSettings Settings(string source, string target, string work = "work") => new()
    {
        Source = source,
        Target = target,
        Folder = Folder,
        WorkFolder = _folder.File(work),
        RejectsPath = RejectsPath,
        Workspace = "sim-site",
    };

    public CustomerIoClient Client(HttpMessageHandler? handler = null) => new(
        new CustomerIoOptions
        {
            AppApiKey = "sim-app-key",
            SiteId = "sim-site",
            TrackApiKey = "sim-track-key",
            BaseUrl = Simulator.Server.BaseAddress,
            TrackBaseUrl = Simulator.Server.BaseAddress,
            RequestsPerSecond = 10_000,
            TrackRequestsPerSecond = 10_000,
        },
        handler: handler);

    /// <summary>The environment of a tool that writes into the simulated workspace.</summary>
    public IReadOnlyDictionary<string, string> Environment() => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CUSTOMERIO_APP_API_KEY"] = "sim-app-key",
        ["SLUICE_SOURCE_URI"] = "customerio://?rate=10000",
        ["CUSTOMERIO_SITE_ID"] = "sim-site",
        ["CUSTOMERIO_TRACK_API_KEY"] = "sim-track-key",
        ["CUSTOMERIO_BASE_URL"] = Simulator.Server.BaseAddress.ToString(),
        ["CUSTOMERIO_TRACK_BASE_URL"] = Simulator.Server.BaseAddress.ToString(),
        ["SLUICE_HOME"] = _folder.File("home"),
    };

    public async Task<ImportReport> RunAsync(ImportSettings settings, HttpMessageHandler? handler = null)
    {
        using var client = Client(handler);
        await using var run = await ImportRun.PrepareAsync(settings, client, TimeProvider.System, Xunit.TestContext.Current.CancellationToken);
        return await run.RunAsync(Xunit.TestContext.Current.CancellationToken);
    }

    /// <summary>The attributes of a person by the id; null when there is none.</summary>
    public IReadOnlyDictionary<string, string>? Person(string id) =>
        Simulator.World.People.FindById(id) is { } index ? Simulator.World.People.ProfileOf(index).Attributes : null;

    /// <summary>How often the event of each row is in the world.</summary>
    public async Task<Dictionary<string, int>> EventsAsync()
    {
        var all = await Simulator.WalkAsync("/v1/activities?type=event&limit=100", "activities");
        return all.Where(one => one.GetProperty("data").ValueKind == System.Text.Json.JsonValueKind.Object)
            .Where(one => one.GetProperty("data").TryGetProperty("n", out _))
            .GroupBy(one => one.GetProperty("data").GetProperty("n").ToString(), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>Spoils the writes that a rule chooses, before or after the server has done them; reads pass.</summary>
internal sealed class SpoiltWrites(Func<int, Spoil> rule) : DelegatingHandler(new SocketsHttpHandler())
{
    private int _count;

    public int Writes => _count;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // The people search and the reading of attributes are POSTs, too.
        if (request.Method == HttpMethod.Get || request.RequestUri!.AbsolutePath is "/v1/customers" or "/v1/customers/attributes")
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var spoil = rule(Interlocked.Increment(ref _count));
        if (spoil.IsDone)
        {
            using var answer = await base.SendAsync(request, cancellationToken);
            await answer.Content.LoadIntoBufferAsync(cancellationToken);
        }

        return spoil switch
        {
            { Then: { } then } => await then(),
            { Status: { } status } => new HttpResponseMessage(status) { Content = new StringContent("{}"), RequestMessage = request },
            { IsLost: true } => throw new HttpRequestException("The connection was reset."),
            _ => await base.SendAsync(request, cancellationToken),
        };
    }
}

/// <summary>What becomes of a request.</summary>
internal sealed record Spoil
{
    public static readonly Spoil Nothing = new();

    /// <summary>Whether the server does it before the answer is spoilt.</summary>
    public bool IsDone { get; init; }

    public bool IsLost { get; init; }

    public System.Net.HttpStatusCode? Status { get; init; }

    public Func<Task<HttpResponseMessage>>? Then { get; init; }
}

using Sluice.CustomerIo;
using Sluice.Simulator;
using Sluice.Sql;
using Sluice.Sql.Text;
using Sluice.Tests.Cli;
using Sluice.Tests.DuckDb;
using Sluice.Tests.Simulator;
using Sluice.Writes.Journal;
using Sluice.Writes.Statements;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Statements that change a simulated workspace: by the tool, or by a session whose requests can be spoilt.</summary>
internal sealed class StatementBench : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private StatementBench(SimulatorHarness simulator) => Simulator = simulator;

    public SimulatorHarness Simulator { get; }

    public World World => Simulator.World;

    public string Folder => _folder.FullPath;

    public string Work => _folder.File("home");

    /// <summary>The workspace as a connection string of the ADO.NET provider.</summary>
    public string ConnectionString =>
        $"ApiKey=sim-app-key;SiteId=sim-site;TrackKey=sim-track-key;BaseUrl={Simulator.Server.BaseAddress};"
        + $"TrackBaseUrl={Simulator.Server.BaseAddress};Rate=10000;CacheTtl=0;WorkFolder={Work}";

    public JournalFolder Journals => new(Work);

    public static async Task<StatementBench> StartAsync(SimulatorOptions? options = null) =>
        new(await SimulatorHarness.StartAsync((options ?? SimulatorHarness.Small) with { RequestsPerSecond = 0, TrackRequestsPerSecond = 0 }));

    public Task<(int Code, string Out, string Error)> ToolAsync(params string[] arguments) =>
        new ToolHarness(Environment) { Folder = Folder }.RunAsync(arguments);

    /// <summary>A tool at whose terminal somebody answers.</summary>
    public Task<(int Code, string Out, string Error)> AnswerAsync(string answer, params string[] arguments) =>
        new ToolHarness(Environment) { Folder = Folder, Answers = answer }.RunAsync(arguments);

    /// <summary>Carries a statement out and requires that it is done.</summary>
    /// <param name="sql">The statement.</param>
    /// <param name="rows">The number of rows, which must be said where something is deleted.</param>
    public async Task<string> DoAsync(string sql, int? rows = null)
    {
        string[] yes = rows is null ? ["--yes"] : ["--yes", rows.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)];
        var run = await ToolAsync(["query", sql, "--format", "csv", .. yes]);
        Assert.True(run.Code == 0, $"{sql}\n{run.Error}");
        return run.Out;
    }

    /// <summary>The rows of a query as CSV without the header, as they are now.</summary>
    public async Task<string> AskAsync(string sql)
    {
        var run = await ToolAsync("query", sql, "--format", "csv", "--fresh");
        Assert.True(run.Code == 0, $"{sql}\n{run.Error}");
        return run.Out[(run.Out.IndexOf('\n', StringComparison.Ordinal) + 1)..].TrimEnd('\n');
    }

    /// <summary>Carries a statement out in a session of its own.</summary>
    public async Task<CallReport> RunAsync(string sql, HttpMessageHandler? handler = null, string? work = null, bool continues = false)
    {
        using var client = Client(handler);
        return await RunAsync(sql, client, work ?? Work, continues);
    }

    public static async Task<CallReport> RunAsync(string sql, CustomerIoClient client, string work, bool continues = false)
    {
        await using var session = new SqlSession(client, new SqlOptions(), TimeProvider.System);
        var statement = Assert.Single(SqlStatement.ParseAll(sql, new Dictionary<string, string?>(StringComparer.Ordinal)));
        await using var write = await session.PlanWriteAsync(statement, TestContext.Current.CancellationToken);
        var settings = new CallSettings
        {
            WorkFolder = work,
            Workspace = "test",
            Statement = "",
            Source = "",
            Target = "",
            Continues = continues,
        };
        return (await write.RunAsync(settings, TimeProvider.System, TestContext.Current.CancellationToken)).Report;
    }

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

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        _folder.Dispose();
    }

    private Dictionary<string, string> Environment => new(StringComparer.Ordinal)
    {
        ["CUSTOMERIO_APP_API_KEY"] = "sim-app-key",
        ["CUSTOMERIO_SITE_ID"] = "sim-site",
        ["CUSTOMERIO_TRACK_API_KEY"] = "sim-track-key",
        ["CUSTOMERIO_BASE_URL"] = Simulator.Server.BaseAddress.ToString(),
        ["CUSTOMERIO_TRACK_BASE_URL"] = Simulator.Server.BaseAddress.ToString(),
        ["SLUICE_HOME"] = Work,
        ["SLUICE_SOURCE_URI"] = "customerio://?rate=10000",
    };
}

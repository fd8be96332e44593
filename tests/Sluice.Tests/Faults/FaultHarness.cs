using System.Net.Http.Json;
using Sluice.CustomerIo;
using Sluice.CustomerIo.Http;
using Sluice.Destinations;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Sluice.Tests.CustomerIo;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Faults;

/// <summary>A pretend Customer.io that goes wrong, whole ingests from it on a clock that does not wait, and the truth to compare with.</summary>
internal sealed class FaultHarness : IAsyncDisposable
{
    /// <summary>Tables with several pages each; together they are read in a second.</summary>
    public static readonly string[] Paged = ["newsletters", "activities", "messages", "customers"];

    // Longer than any wait between attempts, so that the clock can tell the two.
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromHours(1);

    private FaultHarness(IngestHarness bench) => Bench = bench;

    public IngestHarness Bench { get; }

    public World World => Bench.Simulator.World;

    /// <summary>Every attempt of the last ingest.</summary>
    public List<AttemptRecord> Attempts { get; } = [];

    /// <summary>The hosts that the last ingest connected to.</summary>
    public List<string> Hosts { get; } = [];

    /// <summary>Changes the client's options for the ingests to come.</summary>
    public Func<CustomerIoOptions, CustomerIoOptions> Options { get; set; } = options => options;

    /// <summary>The client's clock.</summary>
    public TimeProvider Time { get; set; } = new InstantTime(AttemptTimeout);

    /// <summary>Runs before each request is sent.</summary>
    public Func<HttpRequestMessage, Task>? BeforeRequest { get; set; }

    public static Task<FaultHarness> StartAsync(params string[] faults) => StartAsync(1_200, faults);

    public static async Task<FaultHarness> StartAsync(int messages, params string[] faults) => new(await IngestHarness.StartAsync(new SimulatorOptions
    {
        Customers = 40,
        Messages = messages,
        Activities = 350,
        Newsletters = 230,
        RequestsPerSecond = 0,
        FreezeClock = true,
        Faults = faults,
    }));

    public Task<RunReport> IngestAsync(params string[] tables) => IngestAsync(Bench.Request(IngestHarness.Jobs(tables)));

    public async Task<RunReport> IngestAsync(IngestRequest request)
    {
        Attempts.Clear();
        Hosts.Clear();
        using var before = new BeforeHandler(BeforeRequest, Wire());
        using var client = new CustomerIoClient(
            Options(
                new CustomerIoOptions
                {
                    AppApiKey = "sim-app-key",
                    BaseUrl = Bench.Simulator.BaseAddress,
                    RequestsPerSecond = 10_000,
                    AttemptTimeout = AttemptTimeout,
                }),
            Time,
            before);
        client.Observer = attempt =>
        {
            lock (Attempts)
            {
                Attempts.Add(attempt);
            }
        };
        await using var destination = await DestinationRegistry.OpenAsync(Bench.DestinationUri, TestContext.Current.CancellationToken);
        return await new IngestRun(request, Workspace.Alone(request, client), destination, TimeProvider.System).RunAsync(
            TestContext.Current.CancellationToken);
    }

    /// <summary>Replaces the faults.</summary>
    public Task SetAsync(params string[] faults) => ControlAsync("/_sim/faults", new { faults });

    /// <summary>Changes the world as people and the vendor's user interface do.</summary>
    public Task ChangeAsync(object change) => ControlAsync("/_sim/change", change);

    /// <summary>Fails unless each table holds the world's rows, each once, value by value.</summary>
    public void AssertExact(params string[] tables)
    {
        foreach (var job in IngestHarness.Jobs(tables))
        {
            Truth.AssertEqual(Bench, job, World.Rows(job.Resource.Name));
        }
    }

    /// <summary>Fails unless the run was done without a remark and each table is exactly the world's.</summary>
    public void AssertDone(RunReport report, params string[] tables)
    {
        Assert.All(
            report.Tables,
            table => Assert.True(table.Outcome == TableOutcome.Done, $"{table.Source}: {table.Error} {string.Join("; ", table.Notes)}"));
        Assert.Equal(ExitCode.Done, report.ExitCode);
        AssertExact(tables);
    }

    /// <summary>Whether a table can be seen in the destination.</summary>
    public bool HasTable(string table) =>
        Bench.Query($"SELECT 1 FROM duckdb_tables() WHERE schema_name = 'customerio' AND table_name = '{table}'").Count > 0;

    /// <summary>How often a fault has struck since the start.</summary>
    public async Task<int> StruckAsync(string kind)
    {
        using var http = new HttpClient { BaseAddress = Bench.Simulator.BaseAddress };
        var stats = await http.GetFromJsonAsync<System.Text.Json.JsonElement>("/_sim/stats", TestContext.Current.CancellationToken);
        return stats.GetProperty("faults").TryGetProperty(kind, out var count) ? count.GetInt32() : 0;
    }

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    private async Task ControlAsync(string path, object body)
    {
        using var http = new HttpClient { BaseAddress = Bench.Simulator.BaseAddress };
        using var answer = await http.PostAsJsonAsync(path, body, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    // The product's own connections, with a note of where they lead.
    private SocketsHttpHandler Wire()
    {
        var wire = HandlerFactory.Create();
        var connect = wire.ConnectCallback!;
        wire.ConnectCallback = (context, cancel) =>
        {
            lock (Hosts)
            {
                Hosts.Add(context.DnsEndPoint.Host);
            }

            return connect(context, cancel);
        };
        return wire;
    }

    private sealed class BeforeHandler(Func<HttpRequestMessage, Task>? before, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (before is not null)
            {
                await before(request);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}

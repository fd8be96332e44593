using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.CustomerIo.Http;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Sluice.Tests.CustomerIo;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Exports;

/// <summary>Whole ingests of exports on a clock that does not wait, with every request that they made.</summary>
internal sealed class ExportBench : IAsyncDisposable
{
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromHours(1);

    private ExportBench(IngestHarness bench) => Bench = bench;

    public IngestHarness Bench { get; }

    public World World => Bench.Simulator.World;

    /// <summary>Method and path of every request of all ingests.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>The bodies of the POSTs.</summary>
    public List<string> Bodies { get; } = [];

    /// <summary>The ranges that links were asked for.</summary>
    public List<string> Ranges { get; } = [];

    /// <summary>Runs before each request is sent.</summary>
    public Func<string, Task>? Before { get; set; }

    public TimeProvider Time { get; } = new InstantTime(AttemptTimeout);

    /// <summary>Changes every request to come.</summary>
    public Func<IngestRequest, IngestRequest> Change { get; set; } = request => request;

    public int Posts => Requests.Count(request => request.StartsWith("POST /v1/exports", StringComparison.Ordinal));

    public int Fetches => Requests.Count(request => request == "GET file");

    public static async Task<ExportBench> StartAsync(Func<SimulatorOptions, SimulatorOptions>? change = null, params string[] faults)
    {
        var options = new SimulatorOptions
        {
            Customers = 40,
            Messages = 1_500,
            Newsletters = 6,
            RequestsPerSecond = 0,
            FreezeClock = true,
            Faults = faults,
        };
        return new ExportBench(await IngestHarness.StartAsync(change is null ? options : change(options)));
    }

    public IngestRequest Request(string tables, params string[] options) =>
        Read(Words(tables, options)) with { WorkFolder = Bench.WorkFolder };

    public static SettingWords Words(string tables, params string[] options) =>
        new SettingWords().Say("--source-table", tables).Say("--option", options);

    public static IngestRequest Read(SettingWords settings)
    {
        var mistakes = new ValidationErrors();
        var request = IngestRequestReader.Read(settings, "test", mistakes);
        mistakes.ThrowIfAny();
        return request;
    }

    public Task<RunReport> IngestAsync(string tables, params string[] options) => IngestAsync(Request(tables, options));

    public async Task<RunReport> IngestAsync(IngestRequest request, CancellationToken cancel = default)
    {
        using var before = new BeforeHandler(this);
        using var client = Client(before);
        await using var destination = await DestinationRegistry.OpenAsync(Bench.DestinationUri, TestContext.Current.CancellationToken);
        return await new IngestRun(Change(request), Workspace.Alone(request, client), destination, Time).RunAsync(cancel);
    }

    public async Task<RunPlan> PlanAsync(IngestRequest request)
    {
        using var before = new BeforeHandler(this);
        using var client = Client(before);
        return await Planner.PlanAsync(request, Workspace.Alone(request, client), null, Time, CancellationToken.None);
    }

    /// <summary>Stops the run when it makes the n-th request that begins so.</summary>
    public async Task<RunReport> StopAtAsync(string request, int number, string table, params string[] options)
    {
        using var stop = new CancellationTokenSource();
        var seen = 0;
        Before = path => path.StartsWith(request, StringComparison.Ordinal) && ++seen == number ? stop.CancelAsync() : Task.CompletedTask;
        var report = await IngestAsync(Request(table, options), stop.Token);
        Before = null;
        Assert.Equal(ExitCode.Cancelled, report.ExitCode);
        return report;
    }

    public static void AssertDone(RunReport report) =>
        Assert.All(
            report.Tables,
            table =>
                Assert.True(
                    table.Outcome == TableOutcome.Done,
                    $"{table.Source}: {table.Outcome} {table.Error} {string.Join("; ", table.Gaps)} {string.Join("; ", table.Notes)}"));

    /// <summary>Every cell of some columns as text, rows in the order of the first column.</summary>
    public List<string> Rows(string columns, string table) =>
        [.. Bench.Query($"SELECT {columns} FROM customerio.{table} ORDER BY 1").Select(row => string.Join('|', row.Select(Text)))];

    public static string Text(object? value) => value switch
    {
        null => "NULL",
        DateTimeOffset time => time.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    /// <summary>The world's people in the same form: cio_id, id, email.</summary>
    public List<string> People() =>
        [.. World.Rows("customers").Select(row => $"{Of(row, "cio_id")}|{Of(row, "id")}|{Of(row, "email")}").Order(StringComparer.Ordinal)];

    public static string Of(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null && value.ToString().Length > 0 ? value.ToString() : "NULL";

    public ValueTask DisposeAsync() => Bench.DisposeAsync();

    private CustomerIoClient Client(HttpMessageHandler handler) =>
        new(
            new CustomerIoOptions
            {
                AppApiKey = "sim-app-key",
                BaseUrl = Bench.Simulator.BaseAddress,
                RequestsPerSecond = 10_000,
                AttemptTimeout = AttemptTimeout,
            },
            Time,
            handler);

    private sealed class BeforeHandler(ExportBench bench) : DelegatingHandler(HandlerFactory.Create())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var isFile = request.RequestUri!.AbsolutePath.StartsWith("/_files", StringComparison.Ordinal);
            var name = isFile ? "GET file" : $"{request.Method} {request.RequestUri.AbsolutePath}";
            lock (bench.Requests)
            {
                bench.Requests.Add(name);
                if (isFile)
                {
                    Assert.Null(request.Headers.Authorization);
                    bench.Ranges.Add(request.Headers.Range?.ToString() ?? "whole");
                }
            }

            if (request.Method == HttpMethod.Post && request.Content is not null)
            {
                bench.Bodies.Add(await request.Content.ReadAsStringAsync(cancellationToken));
            }

            await (bench.Before?.Invoke(name) ?? Task.CompletedTask);
            cancellationToken.ThrowIfCancellationRequested();
            return await base.SendAsync(request, cancellationToken);
        }
    }
}

using System.Net;
using System.Text.RegularExpressions;
using Sluice.CustomerIo;
using Sluice.Server.Auth;
using Sluice.Server.Runs;
using Sluice.Simulator;
using Sluice.Tests.Spool;
using Xunit;

namespace Sluice.Tests.Server.Watching;

/// <summary>The figures of a server, and whether it is well. OpenTelemetry takes figures of one name in a process for one, and servers of other
/// tests have the same names.</summary>
[Collection(nameof(AloneCollection))]
public sealed partial class MetricsTests
{
    [Fact]
    public async Task A_run_is_counted_with_its_rows_by_table_and_its_requests()
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Customers = 50, RequestsPerSecond = 0 }, ServerWorld.Cancel);
        await using var world = await SyncedAsync(simulator);

        var figures = await FiguresAsync(world);

        Assert.Equal("1", figures["sluice_runs_total{kind=\"sync\",name=\"mornings\",state=\"done\"}"]);
        Assert.Equal("50", figures["sluice_rows_total{kind=\"sync\",name=\"mornings\",table=\"customers\"}"]);
        Assert.Equal("1", figures["sluice_state{kind=\"sync\",name=\"mornings\",state=\"fresh\"}"]);
        Assert.Equal("1", figures["sluice_state{kind=\"sync\",name=\"evenings\",state=\"new\"}"]);
        Assert.InRange(long.Parse(figures["sluice_requests_total{kind=\"sync\",name=\"mornings\"}"], default(IFormatProvider)), 2, 1000);
        Assert.Equal(("0", "0"), (figures["sluice_queue{}"], figures["sluice_runs_active{}"]));
        Assert.Contains("sluice_data_age_seconds{kind=\"sync\",name=\"mornings\"}", figures.Keys);
        Assert.Contains("sluice_due_seconds{kind=\"sync\",name=\"mornings\"}", figures.Keys);
    }

    [Fact]
    public async Task Labels_are_names_of_syncs_and_tables_and_words_of_ours()
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Customers = 50, RequestsPerSecond = 0 }, ServerWorld.Cancel);
        await using var world = await SyncedAsync(simulator);

        var figures = await FiguresAsync(world);

        var labels = figures.Keys.Where(key => key.StartsWith("sluice_", StringComparison.Ordinal)).SelectMany(key => Label().Matches(key))
            .ToLookup(label => label.Groups[1].Value, label => label.Groups[2].Value, StringComparer.Ordinal);
        Assert.Equal(["kind", "name", "state", "table"], labels.Select(label => label.Key).Order(StringComparer.Ordinal));
        Assert.Subset(new HashSet<string> { "mornings", "evenings" }, labels["name"].ToHashSet());
        Assert.Subset(new HashSet<string> { "campaigns", "customers" }, labels["table"].ToHashSet());
        // Two syncs with two tables: what grows with anything else would be more.
        Assert.All(
            figures.Keys.Where(key => key.StartsWith("sluice_", StringComparison.Ordinal)).GroupBy(key => key.Split('{')[0], StringComparer.Ordinal),
            figure => Assert.InRange(figure.Count(), 1, 2 * 2));
        Assert.DoesNotContain(
            figures.Keys, key => key.Contains("kestrel", StringComparison.Ordinal) || key.Contains("aspnetcore", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Figures_and_a_trace_of_each_run_go_where_opentelemetry_says()
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions { Customers = 50, RequestsPerSecond = 0 }, ServerWorld.Cancel);
        await using var receiver = await NewsReceiver.StartAsync();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Address,
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "100",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        };
        await using var world = await SyncedAsync(simulator, variables.GetValueOrDefault);

        await ReceivedAsync(receiver, "/v1/traces", "sync mornings", "customers");
        await ReceivedAsync(receiver, "/v1/metrics", "sluice.rows", "mornings", "customers");
    }

    [Fact]
    public async Task Who_is_well_says_so_in_a_word_and_says_more_to_who_has_logged_in()
    {
        await using var world = await ServerWorld.StartAsync();
        using var anyone = world.NewVisitor();
        using var program = await world.NewProgramAsync(TokenScope.Read);
        await LookedAsync(world);

        Assert.Equal("ok", await anyone.ReadAsync("/healthz"));
        Assert.Equal("ready", await anyone.ReadAsync("/readyz"));
        Assert.Equal(
            """[{"name":"control database"},{"name":"scheduler"},{"name":"work folder"}]""", await program.ReadAsync("/readyz"));
    }

    [Fact]
    public async Task Who_has_not_looked_for_a_minute_what_is_due_is_not_ready()
    {
        await using var world = await ServerWorld.StartAsync();
        using var anyone = world.NewVisitor();
        await LookedAsync(world);
        await world.Service<Sluice.Server.Schedules.Scheduler>().StopAsync(ServerWorld.Cancel);
        world.Time.Advance(TimeSpan.FromSeconds(61));

        using var answer = await anyone.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("unready", await answer.Content.ReadAsStringAsync(ServerWorld.Cancel));
    }

    [Fact]
    public async Task Who_can_write_nothing_is_not_ready_and_says_why_to_who_has_logged_in()
    {
        await using var world = await ServerWorld.StartAsync();
        using var program = await world.NewProgramAsync(TokenScope.Read);
        await LookedAsync(world);
        var folder = Path.Combine(world.Folder, ".sluice");
        Directory.Move(folder, folder + "-gone");

        using var answer = await program.GetAsync("/readyz");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Contains("Nothing can be written into", await answer.Content.ReadAsStringAsync(ServerWorld.Cancel), StringComparison.Ordinal);
        Directory.Move(folder + "-gone", folder);
    }

    private static Task LookedAsync(ServerWorld world) => ServerWorld.UntilAsync(
        "the first look at what is due", () => Task.FromResult(world.Service<Sluice.Server.Schedules.Scheduler>().LookedAt is not null));

    private static Task ReceivedAsync(NewsReceiver receiver, string path, params string[] words) => ServerWorld.UntilAsync(
        $"{string.Join(", ", words)} at {path}",
        () => Task.FromResult(receiver.All.Any(
            news => news.Path == path && Array.TrueForAll(words, word => news.Text.Contains(word, StringComparison.Ordinal)))));

    private static async Task<ServerWorld> SyncedAsync(SimulatorServer simulator, Func<string, string?>? variables = null)
    {
        var world = await ServerWorld.StartAsync(options => options with
        {
            Time = TimeProvider.System,
            Variables = variables ?? (_ => null),
            OpenClient = (source, budget) => new CustomerIoClient(source.Client, budget: budget),
        });
        await File.WriteAllTextAsync(
            Path.Combine(world.Folder, "sluice.yaml"),
            $$"""
            version: 1
            workspaces: {main: {app_api_key: sim-app-key, base_url: "{{simulator.BaseAddress}}", rate: 1000} }
            destinations: {warehouse: "duckdb:////{{world.Folder}}/crm.duckdb"}
            syncs:
              mornings: {schedule: daily, tables: [campaigns, customers]}
              evenings: {table_prefix: e_, tables: [campaigns]}
            """,
            ServerWorld.Cancel);
        await world.Service<RunQueue>().AskAsync(
            new RunTarget("mornings", RunKind.Sync), RunReason.Manual, "ann", RunChoices.None, ServerWorld.Cancel);
        await world.IdleAsync();
        return world;
    }

    private static async Task<IReadOnlyDictionary<string, string>> FiguresAsync(ServerWorld world)
    {
        using var program = await world.NewProgramAsync(TokenScope.Read);
        var lines = (await program.ReadAsync("/metrics")).Split('\n').Where(line => line.Length > 0 && line[0] != '#');
        return lines.Select(line => Line().Match(line))
            .ToDictionary(line => line.Groups[1].Value, line => line.Groups[2].Value, StringComparer.Ordinal);
    }

    [GeneratedRegex(@"^([^ {]+(?:\{[^}]*\})?) ([^ ]+)", RegexOptions.NonBacktracking)]
    private static partial Regex Line();

    [GeneratedRegex("([a-z_]+)=\"([^\"]*)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Label();
}

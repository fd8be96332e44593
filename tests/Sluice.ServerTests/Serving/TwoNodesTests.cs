using System.Diagnostics;
using System.Globalization;
using Sluice.Benchmarks.Kill;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;
using Sluice.Simulator;
using Xunit;

namespace Sluice.ServerTests.Serving;

/// <summary>Two servers that share a PostgreSQL database, one of which is killed or stopped for a while in the middle of a run.</summary>
public sealed class TwoNodesTests(PostgresServer server) : IAsyncLifetime
{
    private readonly List<Node> _nodes = [];
    private PostgresDatabase _database = null!;
    private PretendAccount _account = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await server.NewDatabaseAsync();
        _account = await PretendAccount.StartAsync(
            new SimulatorOptions
            {
                Customers = 200,
                Messages = 4000,
                RequestsPerSecond = 0,
                FreezeClock = true,
                Latency = TimeSpan.FromMilliseconds(300),
            },
            Tool.Cancel);
    }

    [Fact(Timeout = 600_000)]
    public async Task When_a_node_is_killed_the_other_takes_its_run_over_and_no_row_is_lost_or_doubled()
    {
        var (running, other) = await BeginAsync();

        running.Process.Kill();
        await RunsOnAsync(other);
        await EndedAsync();

        Assert.Equal($"{running.Name}|interrupted\n{other.Name}|done", await RunsAsync());
        var waited = await NumberAsync("SELECT max(started_at) - min(ended_at) FROM sluice_control.runs");
        Assert.InRange(waited, 0, 10_000);
        var summary = await _database.QueryAsync("SELECT summary FROM sluice_control.runs ORDER BY started_at LIMIT 1");
        Assert.Contains("stopped answering at", summary, StringComparison.Ordinal);
        await AssertWholeAsync(other);
    }

    [Fact(Timeout = 600_000)]
    [Trait("length", "long")]
    public async Task A_node_that_sleeps_for_a_minute_and_wakes_up_writes_nothing_more()
    {
        var (running, other) = await BeginAsync();

        await StoppableRuns.SignalAsync("STOP", running.Process);
        await RunsOnAsync(other);
        await EndedAsync();
        await StoppableRuns.SignalAsync("CONT", running.Process);
        var before = await TablesAsync();
        await HeardAgainAsync(running);

        Assert.Equal($"{running.Name}|interrupted\n{other.Name}|done", await RunsAsync());
        Assert.Equal(before, await TablesAsync());
        await AssertWholeAsync(other);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            node.Process.Kill();
            await node.Process.WaitForExitAsync();
            node.Process.Dispose();
            node.Tool.Dispose();
        }

        await _account.DisposeAsync();
        await _database.DisposeAsync();
    }

    // Starts two nodes and a run, and waits until it is in the middle.
    private async Task<(Node Running, Node Other)> BeginAsync()
    {
        await StartAsync("a");
        await StartAsync("b");
        (await _nodes[0].Tool.RunAsync("serve", "run", "all", "--control", _database.Uri)).Ended(0);
        var answered = await _account.AnswersAsync(Tool.Cancel);
        while (await _account.AnswersAsync(Tool.Cancel) < answered + 8)
        {
            await Task.Delay(20, Tool.Cancel);
        }

        var name = await _database.QueryAsync("SELECT node FROM sluice_control.runs WHERE state = 'running'");
        return (_nodes.Single(node => node.Name == name), _nodes.Single(node => node.Name != name));
    }

    private async Task StartAsync(string name)
    {
        var tool = new Tool();
        tool.Environment["CUSTOMERIO_APP_API_KEY"] = "sim-app-key";
        tool.Environment["SLUICE_SECRET_KEY"] = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
        tool.Environment["DEST"] = _database.Uri;
        File.WriteAllText(tool.PathOf("sluice.yaml"), $$"""
            version: 1
            workspaces: {main: {app_api_key: "${CUSTOMERIO_APP_API_KEY}", base_url: "{{_account.Address}}", rate: 1000} }
            destinations: {warehouse: "${DEST}"}
            syncs: {all: {tables: [campaigns, customers, messages]} }
            """);
        var process = tool.Start("serve", "--listen", "http://127.0.0.1:0", "--control", _database.Uri, "--node", name);
        _nodes.Add(new Node(name, tool, process));
        await StoppableRuns.ReadUntilAsync(process.StandardOutput, "Listening on");
    }

    private async Task RunsOnAsync(Node node)
    {
        while (await NumberAsync($"SELECT count(*) FROM sluice_control.runs WHERE node = '{node.Name}'") == 0)
        {
            await Task.Delay(200, Tool.Cancel);
        }
    }

    private async Task EndedAsync()
    {
        while (await NumberAsync("SELECT count(*) FROM sluice_control.runs WHERE state = 'done'") == 0)
        {
            await Task.Delay(200, Tool.Cancel);
        }
    }

    // Once its heart beats again, it has also been told that its lease is lost: that is asked for every five seconds.
    private async Task HeardAgainAsync(Node node)
    {
        var heard = $"SELECT heartbeat_at FROM sluice_control.nodes WHERE name = '{node.Name}'";
        var (before, beats) = (await NumberAsync(heard), 0);
        while (beats < 3)
        {
            await Task.Delay(500, Tool.Cancel);
            var now = await NumberAsync(heard);
            (before, beats) = now > before ? (now, beats + 1) : (before, beats);
        }
    }

    private Task<string> RunsAsync() => _database.QueryAsync("SELECT node, state FROM sluice_control.runs ORDER BY started_at");

    private Task<string> TablesAsync() => _database.QueryAsync(
        "SELECT table_name, count(*), max(load_id) FROM customerio._sluice_ledger GROUP BY table_name ORDER BY table_name");

    private async Task AssertWholeAsync(Node node)
    {
        var audited = await node.Tool.RunAsync(
            "audit", _database.Uri, "campaigns,customers,messages", "--source-uri", $"customerio://?base_url={_account.Address}&rate=1000");
        audited.Ended(0);
        foreach (var (table, key) in new[] { ("campaigns", "id"), ("customers", "cio_id"), ("messages", "id") })
        {
            Assert.Equal(
                await _database.QueryAsync($"SELECT count(*) FROM customerio.{table}"),
                await _database.QueryAsync($"SELECT count(DISTINCT {key}) FROM customerio.{table}"));
        }
    }

    private async Task<long> NumberAsync(string sql) => long.Parse(await _database.QueryAsync(sql), CultureInfo.InvariantCulture);

    private sealed record Node(string Name, Tool Tool, Process Process);
}

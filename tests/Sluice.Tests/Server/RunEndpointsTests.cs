using System.Net;
using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Server.Auth;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Server;

/// <summary>Syncs and runs over HTTP, with a real ingest from a simulated Customer.io.</summary>
public sealed class RunEndpointsTests
{
    [Fact]
    public async Task A_run_that_is_asked_for_reads_everything_and_is_told_with_its_report_and_log()
    {
        await using var simulator = await SimulateAsync(customers: 50);
        await using var world = await ServerWorld.StartAsync(options => options with
        {
            Time = TimeProvider.System,
            OpenClient = (source, budget) => new CustomerIoClient(source.Client, budget: budget),
        });
        Write(world, simulator);
        using var token = await world.NewProgramAsync(TokenScope.Run, TokenScope.Read);

        using var asked = await token.SendAsync(HttpMethod.Post, "/api/syncs/mornings/run", null);
        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        await world.IdleAsync();

        var run = (await JsonAsync(token, "/api/runs"))[0];
        Assert.Equal(("done", "api"), (run.GetProperty("state").GetString(), run.GetProperty("reason").GetString()));
        Assert.Matches("^2 tables, [0-9,]+ rows written, all complete, in [0-9.]+ s.$", run.GetProperty("summary").GetString());
        var id = run.GetProperty("id").GetString();
        Assert.Equal(id, (await JsonAsync(token, $"/api/runs/{id}/report")).GetProperty("run_id").GetString());
        Assert.Contains("all complete", await token.ReadAsync($"/api/runs/{id}/log"), StringComparison.Ordinal);
        Assert.Equal("fresh", (await JsonAsync(token, "/api/syncs/mornings")).GetProperty("freshness").GetString());
        var today = (await JsonAsync(token, "/api/syncs"))[0].GetProperty("days")[29];
        Assert.Equal(run.GetProperty("rows").GetInt64(), today.GetProperty("rows").GetInt64());
    }

    [Fact]
    public async Task A_push_sends_what_has_changed_and_keeps_no_row_in_its_report()
    {
        await using var simulator = await SimulateAsync(customers: 5);
        await using var world = await ServerWorld.StartAsync(options => options with
        {
            Time = TimeProvider.System,
            OpenClient = (source, budget) => new CustomerIoClient(source.Client, budget: budget),
        });
        Write(world, simulator);
        await File.WriteAllTextAsync(Path.Combine(world.Folder, "rows.csv"), "id,plan\nnew-1,gold\nnew-2,blue\n,lost\n", ServerWorld.Cancel);
        using var token = await world.NewProgramAsync(TokenScope.Run, TokenScope.Read);

        using var asked = await token.SendAsync(HttpMethod.Post, "/api/pushes/plans/run", null);
        await world.IdleAsync();

        var run = (await JsonAsync(token, "/api/runs?name=plans&kind=push"))[0];
        Assert.Equal("partial", run.GetProperty("state").GetString());
        Assert.StartsWith("3 rows in the source, 2 sent to people, 1 not taken", run.GetProperty("summary").GetString(), StringComparison.Ordinal);
        var report = await token.ReadAsync($"/api/runs/{run.GetProperty("id").GetString()}/report");
        Assert.DoesNotContain("lost", report, StringComparison.Ordinal);
        Assert.Contains(simulator.World.Rows("customers"), row => row.ToString().Contains("new-2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/syncs/evenings", "There is no sync 'evenings'.")]
    [InlineData("/api/pushes/mornings", "There is no push 'mornings'.")]
    [InlineData("/api/runs/nothing", "There is no run 'nothing'.")]
    [InlineData("/api/runs/nothing/log", "This node has no log of the run 'nothing'.")]
    public async Task What_is_not_there_is_named(string path, string problem)
    {
        await using var world = await ServerWorld.StartAsync();
        using var token = await world.NewProgramAsync(TokenScope.Read);

        using var answer = await token.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(ServerWorld.Cancel));
        Assert.Equal(problem, json.RootElement.GetProperty("error").GetString());
    }

    private static Task<SimulatorServer> SimulateAsync(int customers) =>
        SimulatorServer.StartAsync(new SimulatorOptions { Customers = customers, RequestsPerSecond = 0 }, ServerWorld.Cancel);

    private static void Write(ServerWorld world, SimulatorServer simulator) => File.WriteAllText(
        Path.Combine(world.Folder, "sluice.yaml"),
        $$"""
        version: 1
        workspaces: {main: {app_api_key: sim-app-key, site_id: sim-site, track_api_key: sim-track-key, base_url: "{{simulator.BaseAddress}}",
            track_base_url: "{{simulator.BaseAddress}}", rate: 1000} }
        destinations: {warehouse: "duckdb:////{{world.Folder}}/crm.duckdb"}
        syncs: {mornings: {schedule: daily, tables: [campaigns, customers]} }
        pushes: {plans: {file: rows.csv, into: people} }
        """);

    private static async Task<JsonElement> JsonAsync(ServerVisitor visitor, string path)
    {
        using var json = JsonDocument.Parse(await visitor.ReadAsync(path));
        return json.RootElement.Clone();
    }
}

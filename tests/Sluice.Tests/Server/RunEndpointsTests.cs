using System.Net;
using System.Text;
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
    [InlineData("schedule: {cron: \"0 0 30 2 *\"}")]
    [InlineData("schedule: {cron: \"61 * * * *\"}")]
    [InlineData("schedule: {every: 7m}")]
    [InlineData("schedule: {daily: \"25:00\"}")]
    public async Task A_sync_whose_schedule_is_mistyped_while_the_server_runs_is_broken_and_the_others_go_on(string schedule)
    {
        await using var world = await ServerWorld.StartAsync();
        using var token = await world.NewProgramAsync(TokenScope.Read);
        await File.WriteAllTextAsync(
            Path.Combine(world.Folder, "sluice.yaml"),
            $$"""
            version: 1
            workspaces: {main: {app_api_key: key} }
            destinations: {warehouse: "duckdb:///crm.duckdb"}
            syncs:
              good: {tables: [campaigns], table_prefix: a_, schedule: daily}
              bad: {tables: [segments], {{schedule}} }
            """,
            ServerWorld.Cancel);

        var syncs = (await JsonAsync(token, "/api/syncs")).EnumerateArray()
            .ToDictionary(one => one.GetProperty("name").GetString()!, one => one);

        Assert.Equal("broken", syncs["bad"].GetProperty("freshness").GetString());
        Assert.Contains("sluice validate", syncs["bad"].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal("new", syncs["good"].GetProperty("freshness").GetString());
        Assert.NotEqual(JsonValueKind.Null, syncs["good"].GetProperty("next").ValueKind);
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

    [Fact]
    public async Task A_body_that_is_sent_as_a_form_is_told_from_a_token_that_may_not()
    {
        await using var world = await ServerWorld.StartAsync();
        using var admin = await world.NewProgramAsync(TokenScope.Admin);
        using var runner = await world.NewProgramAsync(TokenScope.Run);
        const string Form = "application/x-www-form-urlencoded";

        using var form = await admin.SendAsync(HttpMethod.Post, "/api/users", new StringContent("{}", Encoding.UTF8, Form));
        using var refused = await runner.SendAsync(HttpMethod.Post, "/api/users", new StringContent("{}", Encoding.UTF8, "application/json"));

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, HttpStatusCode.Forbidden), (form.StatusCode, refused.StatusCode));
        Assert.Contains("Content-Type: application/json", await form.Content.ReadAsStringAsync(ServerWorld.Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/syncs/evenings/run")]
    [InlineData("/api/syncs/evenings/pause?note=x")]
    [InlineData("/api/pushes/mornings/resume")]
    public async Task What_is_not_there_can_not_be_run_paused_or_resumed(string path)
    {
        await using var world = await ServerWorld.StartAsync();
        using var token = await world.NewProgramAsync(TokenScope.Run);

        using var answer = await token.SendAsync(HttpMethod.Post, path, null);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("""{"full_refresh": true}""", "application/x-www-form-urlencoded")]
    [InlineData("""{"tables": null, "since": "2026-01-01T00:00:00Z"}""", "application/json")]
    [InlineData(" ", "text/plain")]
    public async Task What_the_body_leaves_out_is_as_the_pipeline_says(string body, string type)
    {
        await using var simulator = await SimulateAsync(customers: 5);
        await using var world = await ServerWorld.StartAsync(options => options with
        {
            Time = TimeProvider.System,
            OpenClient = (source, budget) => new CustomerIoClient(source.Client, budget: budget),
        });
        Write(world, simulator);
        using var token = await world.NewProgramAsync(TokenScope.Run, TokenScope.Read);

        using var asked = await token.SendAsync(HttpMethod.Post, "/api/syncs/mornings/run", new StringContent(body, Encoding.UTF8, type));
        await world.IdleAsync();

        Assert.Equal(HttpStatusCode.Accepted, asked.StatusCode);
        var run = (await JsonAsync(token, "/api/runs"))[0];
        Assert.StartsWith("2 tables, ", run.GetProperty("summary").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{rubbish", "The body is not what a run takes")]
    [InlineData("[]", "The body is not what a run takes")]
    [InlineData("""{"tables": "campaigns"}""", "The body is not what a run takes")]
    [InlineData("""{"table": ["campaigns"]}""", "The body is not what a run takes")]
    [InlineData("""{"since": "yesterday"}""", "The body is not what a run takes")]
    [InlineData("""{"tables": ["campains"]}""", "No sync that is to run has a table 'campains'.", "Did you mean campaigns?")]
    [InlineData("""{"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}""", "until", "since")]
    public async Task What_is_not_understood_or_not_there_is_refused_when_it_is_asked_for_and_nothing_runs(string body, params string[] words)
    {
        await using var simulator = await SimulateAsync(customers: 5);
        await using var world = await ServerWorld.StartAsync();
        Write(world, simulator);
        using var token = await world.NewProgramAsync(TokenScope.Run, TokenScope.Read);

        using var asked = await token.SendAsync(HttpMethod.Post, "/api/syncs/mornings/run", new StringContent(body));

        Assert.Equal(HttpStatusCode.BadRequest, asked.StatusCode);
        var answer = await asked.Content.ReadAsStringAsync(ServerWorld.Cancel);
        Assert.All(words, word => Assert.Contains(word.Replace("'", "\\u0027", StringComparison.Ordinal), answer, StringComparison.Ordinal));
        await world.IdleAsync();
        Assert.Equal(0, (await JsonAsync(token, "/api/runs")).GetArrayLength());
    }

    [Theory]
    [InlineData("syncs: [", "sluice.yaml:")]
    [InlineData("- a\n- b\n", "A pipeline file is a mapping")]
    public async Task Of_a_pipeline_that_can_t_be_read_the_mistake_is_told_and_no_empty_list(string text, string words)
    {
        await using var world = await ServerWorld.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(world.Folder, "sluice.yaml"), text, ServerWorld.Cancel);
        using var token = await world.NewProgramAsync(TokenScope.Run, TokenScope.Read);

        foreach (var (method, path) in new[]
        {
            (HttpMethod.Get, "/api/syncs"), (HttpMethod.Get, "/api/syncs/mornings"), (HttpMethod.Post, "/api/syncs/mornings/run"),
        })
        {
            using var answer = await token.SendAsync(method, path, null);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(ServerWorld.Cancel));
            Assert.Contains(words, json.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_parameter_that_can_t_be_read_is_told_as_everything_else_that_is_wrong()
    {
        await using var world = await ServerWorld.StartAsync();
        using var token = await world.NewProgramAsync(TokenScope.Admin);

        using var answer = await token.SendAsync(HttpMethod.Get, "/api/audit?most=abc", null);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(ServerWorld.Cancel));
        Assert.Contains("most", json.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
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

using System.Net;
using Sluice.CustomerIo;
using Sluice.Server.Auth;
using Sluice.Server.Control;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Server.Dashboard;

/// <summary>Setting up, settings and queries, by the forms of their pages.</summary>
public sealed class AdminTests
{
    private static readonly SimulatorOptions Small = new() { Customers = 10, RequestsPerSecond = 0 };

    private const string Variable = "${CUSTOMERIO_APP_API_KEY}";

    private const string Stored = """
        version: 1
        workspaces: {main: {app_api_key: "${CUSTOMERIO_APP_API_KEY}"} }
        destinations: {warehouse: "duckdb:///crm.duckdb"}
        syncs: {mornings: {tables: [campaigns]} }
        """;

    [Fact]
    public async Task From_a_key_to_a_first_run_without_a_file()
    {
        await using var simulator = await SimulatorServer.StartAsync(Small, ServerWorld.Cancel);
        await using var world = await ServerWorld.StartAsync(options => options with
        {
            Variables = name => name == "CUSTOMERIO_BASE_URL" ? simulator.BaseAddress.ToString() : null,
            OpenClient = (source, budget) => new CustomerIoClient(source.Client, budget: budget),
        });
        using var admin = await world.LogInAsync(Role.Admin);
        using var first = await admin.GetAsync("/");

        var destination = $"duckdb:///{world.Folder}/crm.duckdb";
        using var wrong = await admin.PostFormAsync("/setup", ("key", "no-such-key"), ("region", "us"), ("destination", destination));
        using var right = await admin.PostFormAsync("/setup", ("key", "sim-app-key"), ("region", "us"), ("destination", destination));
        var yaml = await admin.ReadAsync("/pipeline/sluice.yaml");

        Assert.Equal("/setup", first.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.DoesNotContain("no-such-key", await wrong.Content.ReadAsStringAsync(ServerWorld.Cancel), StringComparison.Ordinal);
        Assert.Equal("/syncs/daily?done=set-up", right.Headers.Location!.OriginalString);
        Assert.Contains("app_api_key: ${CUSTOMERIO_APP_API_KEY}", yaml, StringComparison.Ordinal);
        Assert.Contains("schedule: daily", yaml, StringComparison.Ordinal);
        Assert.DoesNotContain("sim-app-key", yaml, StringComparison.Ordinal);
        const string Asked = "SELECT count(*) FROM run_requests WHERE name = 'daily'";
        Assert.Equal(1, await world.Service<ControlDatabase>().FindAsync<long>(Asked, null, ServerWorld.Cancel));
    }

    [Fact]
    public async Task A_schedule_is_changed_by_a_form_which_tells_what_is_wrong_and_changes_nothing_else()
    {
        await using var world = await ServerWorld.StartAsync();
        using var admin = await world.LogInAsync(Role.Admin);
        var text = "# ours\n" + Stored.Replace("/crm", $"/{world.Folder}/crm", StringComparison.Ordinal);
        using var kept = await admin.PostFormAsync("/pipeline", ("text", text));

        using var never = await admin.PostFormAsync("/syncs/mornings/schedule", ("kind", "cron"), ("value", "0 6 31 2 *<b>"));
        using var nowhere = await admin.PostFormAsync("/syncs/mornings/schedule", ("kind", "daily"), ("value", "6:30"), ("time_zone", "Mars/Base"));
        using var changed = await admin.PostFormAsync(
            "/syncs/mornings/schedule", ("kind", "every"), ("value", "4h"), ("time_zone", "Asia/Kolkata"), ("missed", "none"), ("retries", ""));
        var page = await admin.ReadAsync("/syncs/mornings");
        var yaml = await admin.ReadAsync("/pipeline/sluice.yaml");
        using var manual = await admin.PostFormAsync("/syncs/mornings/schedule", ("kind", "manual"));
        var after = await admin.ReadAsync("/syncs/mornings");

        Assert.Equal((400, 400, 303, 303), ((int)never.StatusCode, (int)nowhere.StatusCode, (int)changed.StatusCode, (int)manual.StatusCode));
        var told = await never.Content.ReadAsStringAsync(ServerWorld.Cancel);
        Assert.Contains("value=\"0 6 31 2 *&lt;b&gt;\"", told, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", told, StringComparison.Ordinal);
        Assert.Contains("Mars/Base", await nowhere.Content.ReadAsStringAsync(ServerWorld.Cancel), StringComparison.Ordinal);
        Assert.Equal(5, page.Split("<li><time").Length - 1);
        Assert.Contains("Asia/Kolkata", page, StringComparison.Ordinal);
        Assert.Equal(
            text.Replace(
                "{mornings: {tables",
                """{mornings: {schedule: {every: "4h", time_zone: "Asia/Kolkata", missed: "none"}, tables""",
                StringComparison.Ordinal),
            yaml);
        Assert.Contains("It has no schedule", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schedule_that_a_file_says_is_changed_there()
    {
        await using var world = await ServerWorld.StartAsync();
        using var admin = await world.LogInAsync(Role.Admin);
        var path = Path.Combine(world.Folder, "sluice.yaml");
        await File.WriteAllTextAsync(path, Stored, ServerWorld.Cancel);

        using var refused = await admin.PostFormAsync("/syncs/mornings/schedule", ("kind", "daily"), ("value", "6:30"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.DoesNotContain("/syncs/mornings/schedule", await admin.ReadAsync("/syncs/mornings"), StringComparison.Ordinal);
        Assert.Equal(Stored, await File.ReadAllTextAsync(path, ServerWorld.Cancel));
    }

    [Fact]
    public async Task A_pipeline_with_a_mistake_a_key_or_a_file_elsewhere_in_it_is_not_kept()
    {
        await using var world = await ServerWorld.StartAsync();
        using var admin = await world.LogInAsync(Role.Admin);

        var text = Stored.Replace("/crm", $"/{world.Folder}/crm", StringComparison.Ordinal);
        using var mistaken = await admin.PostFormAsync("/pipeline", ("text", text.Replace("campaigns", "campains", StringComparison.Ordinal)));
        using var open = await admin.PostFormAsync("/pipeline", ("text", text.Replace(Variable, "a-secret-key", StringComparison.Ordinal)));
        using var elsewhere = await admin.PostFormAsync("/pipeline", ("text", Stored.Replace("/crm", "//etc/crm", StringComparison.Ordinal)));
        using var good = await admin.PostFormAsync("/pipeline", ("text", text));

        Assert.Equal((400, 400), ((int)mistaken.StatusCode, (int)open.StatusCode));
        Assert.Equal((400, 303), ((int)elsewhere.StatusCode, (int)good.StatusCode));
        Assert.Contains("campains", await mistaken.Content.ReadAsStringAsync(ServerWorld.Cancel), StringComparison.Ordinal);
        Assert.Contains("mornings", await admin.ReadAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_in_a_pipeline_file_is_not_shown_and_the_file_is_named()
    {
        await using var world = await ServerWorld.StartAsync();
        using var admin = await world.LogInAsync(Role.Admin);
        await File.WriteAllTextAsync(
            Path.Combine(world.Folder, "sluice.yaml"), Stored.Replace(Variable, "a-secret-key", StringComparison.Ordinal), ServerWorld.Cancel);

        var page = await admin.ReadAsync("/pipeline");
        using var changed = await admin.PostFormAsync("/pipeline", ("text", Stored));

        Assert.DoesNotContain("a-secret-key", page, StringComparison.Ordinal);
        Assert.Contains("it is not shown", page, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(world.Folder, "sluice.yaml"), page, StringComparison.Ordinal);
        Assert.DoesNotContain("<textarea", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, changed.StatusCode);
    }

    [Fact]
    public async Task A_query_tells_its_price_gives_rows_and_csv_and_changes_nothing()
    {
        await using var simulator = await SimulatorServer.StartAsync(Small, ServerWorld.Cancel);
        await using var world = await ServerWorld.StartAsync(options => options with
        {
            OpenClient = (source, budget) => new CustomerIoClient(source.Client, budget: budget),
            Time = TimeProvider.System,
        });
        await File.WriteAllTextAsync(
            Path.Combine(world.Folder, "sluice.yaml"),
            Stored.Replace(Variable, $"sim-app-key\", base_url: \"{simulator.BaseAddress}\", rate: \"1000", StringComparison.Ordinal),
            ServerWorld.Cancel);
        using var operating = await world.LogInAsync(Role.Operator);
        const string Sql = "SELECT '<b>' || id AS tagged, id FROM campaigns ORDER BY id LIMIT 2";

        var price = await AskAsync(operating, "/query", "price", Sql);
        var rows = await AskAsync(operating, "/query", "rows", Sql);
        var csv = await AskAsync(operating, "/query/rows.csv", "csv", Sql);
        var change = await AskAsync(operating, "/query", "rows", "DELETE FROM campaigns WHERE id = 1");
        var wrong = await AskAsync(operating, "/query/rows.csv", "csv", "SELECT nothing FROM campaigns");

        Assert.Contains("at the workspace", price, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;1", rows, StringComparison.Ordinal);
        Assert.StartsWith("tagged,id\n<b>1,1\n", csv, StringComparison.Ordinal);
        Assert.Contains("DELETE is not carried out here", change, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Users_tokens_and_secrets_are_made_by_forms_and_a_token_is_shown_once()
    {
        await using var world = await ServerWorld.StartAsync();
        using var admin = await world.LogInAsync(Role.Admin);

        using var user = await admin.PostFormAsync("/settings/users", ("name", "ada"), ("role", "reader"), ("password", ServerWorld.Password));
        using var twice = await admin.PostFormAsync("/settings/users", ("name", "ada"), ("role", "reader"), ("password", ServerWorld.Password));
        using var token = await admin.PostFormAsync("/settings/tokens", ("name", "nightly"), ("scope", "read"), ("days", "30"));
        using var secret = await admin.PostFormAsync("/settings/secrets", ("name", "WAREHOUSE"), ("value", "a-canary"));
        var page = await admin.ReadAsync("/settings");

        Assert.Equal((303, 400, 200, 303), ((int)user.StatusCode, (int)twice.StatusCode, (int)token.StatusCode, (int)secret.StatusCode));
        Assert.Contains("<code>sluice_", await token.Content.ReadAsStringAsync(ServerWorld.Cancel), StringComparison.Ordinal);
        Assert.DoesNotContain("<code>sluice_", page, StringComparison.Ordinal);
        Assert.DoesNotContain("a-canary", page, StringComparison.Ordinal);
        Assert.Contains("WAREHOUSE", page, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(ServerVisitor visitor, string path, string action, string sql)
    {
        using var answer = await visitor.PostFormAsync(path, ("workspace", "main"), ("action", action), ("sql", sql));
        return await answer.Content.ReadAsStringAsync(ServerWorld.Cancel);
    }
}

using Npgsql;
using Sluice.Benchmarks.Kill;
using Sluice.Engine;
using Sluice.Server.Auth;
using Sluice.Server.Secrets;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;
using Sluice.Tests.Server;
using Xunit;

namespace Sluice.ServerTests.Serving;

/// <summary>Nodes that share a control database in PostgreSQL.</summary>
public sealed class SharedControlTests(PostgresServer postgres)
{
    private static readonly string Key = Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]);

    [Fact]
    public async Task A_login_on_one_node_is_good_on_the_other_also_when_both_start_at_once()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var worlds = await Task.WhenAll(StartAsync(database.Uri, Key, "one"), StartAsync(database.Uri, Key, "two"));
        await using var one = worlds[0];
        await using var two = worlds[1];
        await one.Service<SecretStore>().SetAsync("MY_KEY", "canarysecret", "test", ServerWorld.Cancel);
        using var visitor = await one.LogInAsync(Role.Operator);
        using var there = new ServerVisitor(two.Address);
        there.Cookies.Add(two.Address, visitor.Cookies.GetCookies(one.Address));

        Assert.Contains("\"role\":\"operator\"", await there.ReadAsync("/api/me"), StringComparison.Ordinal);
        Assert.True(Assert.Single(await two.Service<SecretStore>().ListAsync(ServerWorld.Cancel)).IsReadable);
        Assert.Equal("1", await database.QueryAsync("SELECT count(*) FROM sluice_control.data_protection_keys"));
        Assert.Equal("0", await database.QueryAsync("SELECT count(*) FROM sluice_control.secrets WHERE sealed LIKE '%canary%'"));
    }

    [Fact]
    public async Task A_node_without_the_key_or_with_another_does_not_start()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var one = await StartAsync(database.Uri, Key, "one");
        await one.Service<SecretStore>().SetAsync("MY_KEY", "value", "test", ServerWorld.Cancel);

        var without = await Assert.ThrowsAsync<SluiceException>(() => StartAsync(database.Uri, null, "two"));
        var other = await Assert.ThrowsAsync<SluiceException>(() => StartAsync(database.Uri, Convert.ToBase64String(new byte[32]), "three"));

        Assert.Contains("SLUICE_SECRET_KEY", without.Message, StringComparison.Ordinal);
        Assert.Contains("sealed with another key", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_of_a_server_that_has_run_something_is_shown()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var world = await StartAsync(database.Uri, Key, "one");
        await File.WriteAllTextAsync(
            Path.Combine(world.Folder, "sluice.yaml"),
            """
            version: 1
            workspaces: {main: {app_api_key: key, base_url: "http://127.0.0.1:9"}}
            destinations: {warehouse: duckdb:///crm.duckdb}
            syncs:
              daily: {tables: [campaigns], schedule: {daily: "06:00"}}
            """,
            ServerWorld.Cancel);
        using var visitor = await world.LogInAsync(Role.Admin);
        using var run = await visitor.PostFormAsync("/syncs/daily/run");
        Assert.Equal(System.Net.HttpStatusCode.SeeOther, run.StatusCode);
        await world.IdleAsync();
        var id = await database.QueryAsync("SELECT id FROM sluice_control.runs");

        string[] pages =
        [
            "/", "/api/syncs", "/syncs/daily", "/api/syncs/daily", "/syncs/daily/tables", "/runs", "/api/runs", $"/runs/{id}", $"/api/runs/{id}",
            "/destinations", "/workspaces", "/writes", "/webhooks", "/settings", "/pipeline", "/query", "/metrics", "/readyz", "/api/notifications",
        ];
        foreach (var page in pages)
        {
            using var answer = await visitor.GetAsync(page);
            Assert.True(answer.StatusCode == System.Net.HttpStatusCode.OK, $"{page}: {answer.StatusCode}");
        }
    }

    // In a process of its own, for where the control database is stands in the environment.
    [Fact]
    [Trait("length", "long")]
    public async Task What_holds_of_a_server_with_a_file_holds_of_one_with_PostgreSQL()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var program = Path.Combine(BuiltTool.Root, "tests", "Sluice.Tests", "bin", "Release", "net10.0", "Sluice.Tests");
        string[] arguments = ["-noLogo", "-noColor", "-preEnumerateTheories", "-trait-", "length=long", "-namespace", "Sluice.Tests.Server*"];
        using var tool = new Tool();
        tool.Environment["SLUICE_TEST_CONTROL"] = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = postgres.Port,
            Username = PostgresServer.User,
            Password = PostgresServer.Password,
            Database = database.Name,
        }.ToString();
        using var run = tool.Start(program, arguments);
        Assert.Matches("Total: [1-9][0-9]{2,}, Errors: 0, Failed: 0", (await Tool.EndAsync(run)).Out);
    }

    private static Task<ServerWorld> StartAsync(string control, string? key, string node) => ServerWorld.StartAsync(options => options with
    {
        Control = control,
        Node = node,
        Time = TimeProvider.System,
        Variables = name => name == "SLUICE_SECRET_KEY" ? key : null,
    });
}

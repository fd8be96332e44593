using Xunit;

namespace Sluice.ServerTests.Servers;

/// <summary>The PostgreSQL that other tests rely on.</summary>
public sealed class PostgresServerTests(PostgresServer server)
{
    [Fact]
    public async Task A_new_database_is_empty_and_keeps_what_is_put_into_it()
    {
        await using var database = await server.NewDatabaseAsync();

        Assert.Equal("0", await database.QueryAsync("SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"));
        await database.QueryAsync("CREATE TABLE t AS SELECT 1 AS a, 'žluť|é' AS b");

        Assert.Equal("1|žluť|é", await database.QueryAsync("SELECT * FROM t"));
        Assert.Equal("UTF8", await database.QueryAsync("SHOW server_encoding"));
    }

    [Fact]
    public async Task A_database_goes_with_its_test_though_somebody_is_connected()
    {
        var database = await server.NewDatabaseAsync();
        var sleeper = server.PsqlAsync(database.Name, "SELECT pg_sleep(600)");
        while (await database.QueryAsync($"SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'") == "0")
        {
            // Until the other one has come.
        }

        await database.DisposeAsync();

        Assert.NotEqual(0, (await sleeper).Code);
        Assert.Equal("", (await server.PsqlAsync("postgres", $"SELECT 1 FROM pg_database WHERE datname = '{database.Name}'")).Ended(0).Out);
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_user_are_refused()
    {
        await server.RequireAsync();

        var wrong = await server.PsqlAsync("postgres", "SELECT 1", password: "wrong");
        var unknown = await server.PsqlAsync("postgres", "SELECT 1", user: "nobody");

        Assert.Equal(2, wrong.Code);
        Assert.Contains("password authentication failed for user \"sluice\"", wrong.Error, StringComparison.Ordinal);
        Assert.Equal(2, unknown.Code);
    }

    [Fact]
    public async Task An_address_escapes_what_it_must()
    {
        await server.RequireAsync();

        var uri = new Uri(server.Uri("a b"));

        Assert.Equal($"{PostgresServer.User}:{PostgresServer.Password}", Uri.UnescapeDataString(uri.UserInfo));
        Assert.Equal("/a%20b", uri.AbsolutePath);
        Assert.Equal(server.Port, uri.Port);
    }

    [Fact]
    public async Task A_powerless_role_may_connect_and_make_nothing()
    {
        await using var database = await server.NewDatabaseAsync();
        var role = new Uri(await database.NewPowerlessRoleAsync()).UserInfo.Split(':');

        var query = await server.PsqlAsync(database.Name, "SELECT 1", role[0], role[1]);
        var table = await server.PsqlAsync(database.Name, "CREATE TABLE t (a int)", role[0], role[1]);
        var schema = await server.PsqlAsync(database.Name, "CREATE SCHEMA s", role[0], role[1]);

        Assert.Equal("1\n", query.Ended(0).Out);
        Assert.Contains("permission denied for schema public", table.Error, StringComparison.Ordinal);
        Assert.Contains("permission denied for database", schema.Error, StringComparison.Ordinal);
    }
}

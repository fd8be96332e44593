using System.Net;
using System.Text;
using Xunit;

namespace Sluice.ServerTests.Servers;

/// <summary>The old ClickHouse that other tests rely on, and what it lacks.</summary>
public sealed class ClickHouseServerTests(ClickHouseServer server)
{
    [Fact]
    public async Task A_new_database_keeps_what_is_put_into_it_and_goes()
    {
        await using (var database = await server.NewDatabaseAsync())
        {
            await database.QueryAsync("CREATE TABLE t (a UInt64, b Nullable(String)) ENGINE = MergeTree ORDER BY a");
            await database.QueryAsync("INSERT INTO t FORMAT RowBinary", [10, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0xc3, 0xa9]);
            Assert.Equal("10\té", await database.QueryAsync("SELECT * FROM t"));
            Assert.Equal("18.16.1", await database.QueryAsync("SELECT version()"));
        }

        using var gone = await server.SendAsync("SELECT count() FROM system.databases WHERE name LIKE 'db%'");
        Assert.Equal("0\n", await gone.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_wrong_password_is_refused_with_401()
    {
        await server.RequireAsync();

        using var response = await server.SendAsync("SELECT 1", password: "wrong");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.StartsWith("Code: 193,", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reader_may_not_make_a_table()
    {
        await using var database = await server.NewDatabaseAsync();

        using var response = await server.SendAsync($"CREATE TABLE {database.Name}.t (a Int8) ENGINE = Memory", null, "", ClickHouseHttpServer.Reader, ClickHouseHttpServer.Reader);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.StartsWith("Code: 164,", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EXCHANGE TABLES a AND b", "Code: 62,")]
    [InlineData("SELECT 1 FORMAT Parquet", "Code: 73,")]
    [InlineData("CREATE DATABASE x ENGINE = Atomic", "Code: 336,")]
    [InlineData("SELECT toDateTime64('2024-01-01', 6)", "Code: 46,")]
    public async Task What_came_after_2018_is_refused(string sql, string words)
    {
        await server.RequireAsync();

        using var response = await server.SendAsync(sql);

        Assert.False(response.IsSuccessStatusCode);
        Assert.StartsWith(words, Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
    }
}

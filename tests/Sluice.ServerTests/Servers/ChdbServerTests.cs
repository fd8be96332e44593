using System.IO.Compression;
using System.Net;
using System.Text;
using Xunit;

namespace Sluice.ServerTests.Servers;

/// <summary>The ClickHouse of today that other tests rely on: an engine behind an HTTP interface of ours.</summary>
public sealed class ChdbServerTests(ChdbServer server)
{
    [Fact]
    public async Task A_new_database_is_atomic_and_exchanges_tables()
    {
        await using var database = await server.NewDatabaseAsync();
        await database.QueryAsync("CREATE TABLE a (id UInt64) ENGINE = MergeTree ORDER BY id");
        await database.QueryAsync("CREATE TABLE b (id UInt64, v UInt8) ENGINE = ReplacingMergeTree(v) ORDER BY id");
        await database.QueryAsync("INSERT INTO b VALUES (1, 1)");
        await database.QueryAsync("INSERT INTO b VALUES (1, 2)");

        await database.QueryAsync("EXCHANGE TABLES a AND b");

        Assert.Equal("1\t2", await database.QueryAsync("SELECT * FROM a FINAL"));
        Assert.Equal("0", await database.QueryAsync("SELECT count() FROM b"));
        Assert.Equal("Atomic", await database.QueryAsync($"SELECT engine FROM system.databases WHERE name = '{database.Name}'"));
    }

    [Fact]
    public async Task Parquet_survives_the_way_out_and_in()
    {
        await using var database = await server.NewDatabaseAsync();
        await database.QueryAsync("CREATE TABLE t (id UInt64, v Nullable(String)) ENGINE = MergeTree ORDER BY id");
        using var file = await server.SendAsync(
            "SELECT number AS id, if(number % 3 = 0, NULL, concat(char(0, 10, 13, 26, 39, 92, 255), toString(number))) AS v FROM numbers(50000) " +
                "FORMAT Parquet"
        );
        var bytes = await file.Content.ReadAsByteArrayAsync();
        Assert.Equal("PAR1"u8, bytes.AsSpan(0, 4));

        await database.QueryAsync("INSERT INTO t (id, v) FORMAT Parquet", bytes);
        await database.QueryAsync("INSERT INTO t SETTINGS max_threads = 1 FORMAT Parquet", bytes);
        await database.QueryAsync("INSERT INTO t SELECT id + 50000, v FROM input('id UInt64, v Nullable(String)') FORMAT Parquet", bytes);

        Assert.Equal("150000\t100000\t50001", await database.QueryAsync("SELECT count(), uniqExact(id), countIf(v IS NULL) FROM t"));
        Assert.Equal("000A0D1A275CFF31", await database.QueryAsync("SELECT hex(v) FROM t WHERE id = 1 LIMIT 1"));
    }

    [Fact]
    public async Task RowBinary_behind_the_statement_in_the_body_keeps_its_first_bytes()
    {
        await using var database = await server.NewDatabaseAsync();
        await database.QueryAsync("CREATE TABLE t (a UInt64, `ž \"x` Nullable(String)) ENGINE = MergeTree ORDER BY a");
        byte[] rows = [10, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0x61, 0xff, 0];

        await database.QueryAsync("", [.. Encoding.UTF8.GetBytes("INSERT INTO t (a, `ž \"x`) FORMAT RowBinary\n"), .. rows]);
        await database.QueryAsync("INSERT INTO t FORMAT RowBinary", rows);

        Assert.Equal("10\t61FF00\n10\t61FF00", await database.QueryAsync("SELECT a, hex(`ž \"x`) FROM t"));
    }

    [Fact]
    public async Task Text_formats_and_compressed_bodies_are_read()
    {
        await using var database = await server.NewDatabaseAsync();
        await database.QueryAsync("CREATE TABLE t (a UInt64, b String) ENGINE = MergeTree ORDER BY a");
        await database.QueryAsync("", "INSERT INTO t FORMAT JSONEachRow {\"a\":1,\"b\":\"€\"}{\"a\":2,\"b\":\";\"}"u8.ToArray());
        await database.QueryAsync("INSERT INTO t VALUES", "(3, 'FORMAT x; y')"u8.ToArray());
        var address = new Uri($"http://127.0.0.1:{server.Port}/?database={database.Name}&user=reader&password=reader&query=SELECT%201");
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync("+ 41"u8.ToArray());
        }

        using var client = new HttpClient();
        using var content = new ByteArrayContent(compressed.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await client.PostAsync(address, content);

        Assert.Equal("42\n", await response.Content.ReadAsStringAsync());
        Assert.Equal("1\t€\n2\t;\n3\tFORMAT x; y", await database.QueryAsync("SELECT * FROM t ORDER BY a"));
    }

    [Fact]
    public async Task Parameters_and_settings_hold_for_their_request()
    {
        await server.RequireAsync();

        using var parameters = await server.SendAsync("SELECT {x:String} || {y:String}", null, "&param_x=a%5Ctb&param_y=%27");
        using var setting = await server.SendAsync("SELECT getSetting('max_block_size')", null, "&max_block_size=77");
        using var after = await server.SendAsync("SELECT getSetting('max_block_size') = 77");
        using var unknown = await server.SendAsync("SELECT 1", null, "&no_such=1");

        Assert.Equal("a\\tb\\'\n", await parameters.Content.ReadAsStringAsync());
        Assert.Equal("77\n", await setting.Content.ReadAsStringAsync());
        Assert.Equal("0\n", await after.Content.ReadAsStringAsync());
        await AssertRefusedAsync(unknown, HttpStatusCode.NotFound, "115", "Unknown setting 'no_such'");
    }

    [Fact]
    public async Task A_temporary_table_lives_in_its_session_alone()
    {
        await server.RequireAsync();

        using var make = await server.SendAsync("CREATE TEMPORARY TABLE z (a Int8)", null, "&session_id=s1&max_block_size=77");
        using var inside = await server.SendAsync("SELECT count(), getSetting('max_block_size') = 77 FROM z", null, "&session_id=s1");
        using var outside = await server.SendAsync("SELECT count() FROM z");
        using var unknown = await server.SendAsync("SELECT 1", null, "&session_id=s2&session_check=1");

        Assert.Equal(HttpStatusCode.OK, make.StatusCode);
        Assert.Equal("0\t0\n", await inside.Content.ReadAsStringAsync());
        await AssertRefusedAsync(outside, HttpStatusCode.NotFound, "60", "(UNKNOWN_TABLE)");
        await AssertRefusedAsync(unknown, HttpStatusCode.InternalServerError, "372", "s2");
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_user_are_refused_with_403()
    {
        await server.RequireAsync();

        using var wrong = await server.SendAsync("SELECT 1", password: "wrong");
        using var unknown = await server.SendAsync("SELECT 1", user: "constructor");

        await AssertRefusedAsync(wrong, HttpStatusCode.Forbidden, "516", "(AUTHENTICATION_FAILED)");
        await AssertRefusedAsync(unknown, HttpStatusCode.Forbidden, "516", "(AUTHENTICATION_FAILED)");
    }

    [Fact]
    public async Task The_reader_may_read_and_nothing_else()
    {
        await using var database = await server.NewDatabaseAsync();
        await database.QueryAsync("CREATE TABLE t (a Int8) ENGINE = MergeTree ORDER BY a");

        using var read = await AsReaderAsync($"SELECT count() FROM {database.Name}.t");
        using var make = await AsReaderAsync($"CREATE TABLE {database.Name}.u (a Int8) ENGINE = Memory");
        using var write = await AsReaderAsync($"INSERT INTO {database.Name}.t FORMAT CSV", "1\n"u8.ToArray());

        Assert.Equal("0\n", await read.Content.ReadAsStringAsync());
        await AssertRefusedAsync(make, HttpStatusCode.InternalServerError, "164", "readonly mode");
        await AssertRefusedAsync(write, HttpStatusCode.InternalServerError, "164", "readonly mode");
    }

    [Theory]
    [InlineData("SELEC 1", HttpStatusCode.BadRequest, "62", "(SYNTAX_ERROR)")]
    [InlineData("SELECT 1; SELECT 2", HttpStatusCode.BadRequest, "62", "Multi-statements are not allowed")]
    [InlineData("SELECT * FROM nowhere.nope", HttpStatusCode.NotFound, "81", "(UNKNOWN_DATABASE)")]
    [InlineData("SELECT throwIf(1, 'boom')", HttpStatusCode.InternalServerError, "395", "boom")]
    [InlineData(
        "CREATE TABLE default.r (a Int8) ENGINE = ReplicatedMergeTree('/r', 'r') ORDER BY a",
        HttpStatusCode.InternalServerError,
        "225",
        "(NO_ZOOKEEPER)"
    )]
    public async Task What_the_engine_refuses_is_answered_as_ClickHouse_does(string sql, HttpStatusCode status, string code, string words)
    {
        await server.RequireAsync();

        using var response = await server.SendAsync(sql);

        await AssertRefusedAsync(response, status, code, words);
    }

    [Fact]
    public async Task What_comes_by_GET_may_not_change_anything()
    {
        await server.RequireAsync();
        using var client = new HttpClient();

        using var response = await client.GetAsync(
            new Uri($"http://127.0.0.1:{server.Port}/?user=reader&password=reader&query=CREATE%20DATABASE%20x"));
        var ping = await client.GetStringAsync(new Uri($"http://127.0.0.1:{server.Port}/ping"));

        await AssertRefusedAsync(response, HttpStatusCode.InternalServerError, "164", "(READONLY)");
        Assert.Equal("Ok.\n", ping);
    }

    private Task<HttpResponseMessage> AsReaderAsync(string sql, byte[]? body = null) =>
        server.SendAsync(sql, body, "", ClickHouseHttpServer.Reader, ClickHouseHttpServer.Reader);

    private static async Task AssertRefusedAsync(HttpResponseMessage response, HttpStatusCode status, string code, string words)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode} {text}");
        Assert.Equal(code, Assert.Single(response.Headers.GetValues("X-ClickHouse-Exception-Code")));
        Assert.StartsWith($"Code: {code}. DB::Exception: ", text, StringComparison.Ordinal);
        Assert.Contains(words, text, StringComparison.Ordinal);
    }
}

using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Xunit;
using static Sluice.Tests.Shape.ShapeBench;

namespace Sluice.Tests.Shape;

public sealed class ColumnTypesTests : IDisposable
{
    private static readonly Resource All = Table(
        Is("id", ColumnType.Bigint),
        Is("ratio", ColumnType.Double),
        Is("active", ColumnType.Boolean),
        Is("name", ColumnType.Text),
        Is("created", ColumnType.UnixTime),
        Is("period_start", ColumnType.Timestamp),
        Is("data", ColumnType.Json));

    private static readonly string[] CleanRecords =
    [
        """{"id":7,"ratio":0.5,"active":true,"name":"Ada","created":1767225600,"period_start":"2026-01-02T03:04:05.678Z","data":{"a":[1,null]}}""",
        """{"id":-9223372036854775808,"ratio":1e3,"active":false,"name":"","created":0,"period_start":"2026-01-02T03:04:05+02:00","data":[]}""",
        """{"id":null,"ratio":null,"active":null,"name":null,"created":null,"period_start":null,"data":null}""",
        "{}",
        """{"id":9223372036854775807,"name":"null","created":-1,"data":"null"}""",
    ];

    private static readonly string?[][] CleanRows =
    [
        ["7", "0.5", "true", "Ada", "2026-01-01T00:00:00", "2026-01-02T03:04:05.678", """{"a":[1,null]}"""],
        ["-9223372036854775808", "1000", "false", "", null, "2026-01-02T01:04:05", "[]"],
        [null, null, null, null, null, null, null],
        [null, null, null, null, null, null, null],
        ["9223372036854775807", null, null, "null", "1969-12-31T23:59:59", null, "\"null\""],
    ];

    private readonly ShapeBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Every_type_is_read_with_care()
    {
        var shaped = _bench.Shape(All, CleanRecords);
        Assert.Equal(CleanRows, _bench.SafeCast(shaped));
        Assert.Equal("BIGINT, DOUBLE, BOOLEAN, VARCHAR, TIMESTAMP WITH TIME ZONE, TIMESTAMP WITH TIME ZONE, JSON", _bench.Types(shaped));
        Assert.Empty(_bench.Rejects(shaped));
    }

    [Fact]
    public void Every_type_is_read_fast()
    {
        var shaped = _bench.Shape(All, CleanRecords);
        Assert.Equal(CleanRows, _bench.Fast(shaped));
        Assert.Equal(_bench.Types(shaped), _bench.Types(shaped, fast: true));
        Assert.Equal(5, shaped.Records);
    }

    [Theory]
    [InlineData("\"007\"", null, "007")]
    [InlineData("1.5", null, "1.5")]
    [InlineData("9223372036854775808", null, "9223372036854775808")]
    [InlineData("123456789012345678901234567890", null, "123456789012345678901234567890")]
    [InlineData("\"12\"", "12", null)]
    [InlineData("\"\"", null, "")]
    [InlineData("\" 12\"", null, " 12")]
    [InlineData("\"1e3\"", null, "1e3")]
    [InlineData("\"null\"", null, "null")]
    [InlineData("true", null, "true")]
    [InlineData("[1]", null, "[1]")]
    public void What_is_not_that_integer_is_rejected_as_it_was_sent(string json, string? value, string? rejected)
    {
        var shaped = _bench.Shape(Table(Is("id", ColumnType.Text), Is("n", ColumnType.Bigint)), $"{{\"id\":\"k\",\"n\":{json}}}");
        Assert.Null(shaped.FastSql);
        Assert.Equal(value, _bench.Value(shaped, "n"));
        Assert.Equal(rejected is null ? [] : [$"{{\"id\":\"k\"}} n={rejected}"], _bench.Rejects(shaped));
    }

    [Theory]
    [InlineData("\"007\"", "007", true)]
    [InlineData("true", "true", false)]
    [InlineData("12", "12", false)]
    [InlineData("{\"a\":1}", "{\"a\":1}", false)]
    [InlineData("\"drei \\u00e4 \\ud83d\\ude00 \\u4e2d\"", "drei ä 😀 中", true)]
    [InlineData("\"a\\nb\\\"c\\\\\"", "a\nb\"c\\", true)]
    public void Text_stays_as_it_was_sent(string json, string value, bool isFast)
    {
        var shaped = _bench.Shape(Table(Is("id", ColumnType.Bigint), Is("t", ColumnType.Text)), $"{{\"id\":1,\"t\":{json}}}");
        Assert.Equal(isFast, shaped.FastSql is not null);
        Assert.Equal(value, _bench.Value(shaped, "t"));
        Assert.All(isFast ? _bench.Fast(shaped) : [], row => Assert.Equal(value, row[1]));
        Assert.Empty(_bench.Rejects(shaped));
    }

    [Theory]
    [InlineData("\"2026-01-02T03:04:05Z\"", "2026-01-02T03:04:05", null)]
    [InlineData("\"1767225600\"", "2026-01-01T00:00:00", null)]
    [InlineData("\"0\"", null, null)]
    [InlineData("253402300799", "9999-12-31T23:59:59", null)]
    [InlineData("253402300800", null, "253402300800")]
    [InlineData("100000000000000000", null, "100000000000000000")]
    [InlineData("-100000000000000000", null, "-100000000000000000")]
    [InlineData("9223372036854775807", null, "9223372036854775807")]
    [InlineData("1e17", null, "1e17")]
    [InlineData("1767225600.0", "2026-01-01T00:00:00", null)]
    [InlineData("1.7672256e9", "2026-01-01T00:00:00", null)]
    [InlineData("0.0", null, null)]
    [InlineData("\"2026-01-02T03:04:05.999999999Z\"", "2026-01-02T03:04:05.999999", null)]
    [InlineData("1767225600.5", null, "1767225600.5")]
    [InlineData("\"soon\"", null, "soon")]
    public void An_odd_unix_time_is_read_or_rejected_and_never_fails_the_segment(string json, string? value, string? rejected)
    {
        var shaped = _bench.Shape(
            Table(Is("id", ColumnType.Bigint), Is("at", ColumnType.UnixTime)), "{\"id\":1,\"at\":1767225600}", $"{{\"id\":2,\"at\":{json}}}");
        Assert.Equal([["1", "2026-01-01T00:00:00"], ["2", value]], _bench.SafeCast(shaped));
        var rejects = _bench.Rejects(shaped);
        Assert.Equal(rejected is null ? 0 : 1, rejects.Count);
        Assert.All(rejects, reject => Assert.Equal(Normal($"{{\"id\":\"2\"}} at={rejected}"), Normal(reject)));
    }

    [Theory]
    [InlineData(ColumnType.Double, "\"x\"", "x")]
    [InlineData(ColumnType.Boolean, "\"perhaps\"", "perhaps")]
    [InlineData(ColumnType.Timestamp, "\"yesterday\"", "yesterday")]
    public void A_value_that_does_not_fit_is_null_and_rejected(ColumnType type, string json, string raw)
    {
        var shaped = _bench.Shape(Table(Is("id", ColumnType.Text), Is("v", type)), $"{{\"id\":\"k\",\"v\":{json}}}");
        Assert.Null(_bench.Value(shaped, "v"));
        Assert.Equal([$"{{\"id\":\"k\"}} v={raw}"], _bench.Rejects(shaped));
    }

    [Theory]
    [InlineData(ColumnType.Bigint, "1", "1.5")]
    [InlineData(ColumnType.Bigint, "1", "9223372036854775808")]
    [InlineData(ColumnType.Bigint, "1", "\"1\"")]
    [InlineData(ColumnType.Double, "1.5", "\"1.5\"")]
    [InlineData(ColumnType.Boolean, "true", "1")]
    [InlineData(ColumnType.Text, "\"x\"", "1")]
    [InlineData(ColumnType.UnixTime, "1", "\"1\"")]
    [InlineData(ColumnType.Timestamp, "\"2026-01-01T00:00:00Z\"", "1")]
    public void There_is_a_fast_way_exactly_when_the_kinds_fit(ColumnType type, string fits, string fitsNot)
    {
        var resource = Table(Is("id", ColumnType.Bigint), Is("v", type));
        Assert.NotNull(_bench.Shape(resource, $"{{\"id\":1,\"v\":{fits}}}", "{\"v\":null}", "{}").FastSql);
        Assert.Null(_bench.Shape(resource, $"{{\"id\":1,\"v\":{fits}}}", $"{{\"id\":2,\"v\":{fitsNot}}}").FastSql);
    }

    [Fact]
    public void A_table_of_text_and_json_has_nothing_to_reject() =>
        Assert.Empty(_bench.Rejects(_bench.Shape(Table(Is("id", ColumnType.Text), Is("d", ColumnType.Json)), "{\"id\":1}")));

    [Theory]
    [InlineData(ColumnType.Boolean, "1")]
    [InlineData(ColumnType.Boolean, "\"yes\"")]
    [InlineData(ColumnType.Double, "\"007\"")]
    [InlineData(ColumnType.Double, "9007199254740993")]
    [InlineData(ColumnType.Double, "1e400")]
    [InlineData(ColumnType.Double, "\"NaN\"")]
    [InlineData(ColumnType.Double, "0.12345678901234567890123")]
    [InlineData(ColumnType.Double, "123456789012345678901234567890")]
    [InlineData(ColumnType.Bigint, "1e-40")]
    [InlineData(ColumnType.Bigint, "1.0000000000000000000000000000000001")]
    [InlineData(ColumnType.Bigint, "1e19")]
    [InlineData(ColumnType.Bigint, "\"-0\"")]
    [InlineData(ColumnType.Bigint, "\"+1\"")]
    [InlineData(ColumnType.UnixTime, "1.5")]
    [InlineData(ColumnType.UnixTime, "\"01\"")]
    [InlineData(ColumnType.Timestamp, "\"2026-01-02T03:04:05.1234567890Z\"")]
    [InlineData(ColumnType.Timestamp, "\"10000-01-01T00:00:00Z\"")]
    [InlineData(ColumnType.Timestamp, "\"infinity\"")]
    [InlineData(ColumnType.Timestamp, "1767225600")]
    [InlineData(ColumnType.Text, "\"\\ud800\"")]
    [InlineData(ColumnType.Text, "{\"a\":[\"\\udc00\\ud800\"]}")]
    [InlineData(ColumnType.Json, "{\"\\ud800\":1}")]
    public void A_value_that_the_type_would_change_is_rejected_exactly_as_it_was_sent(ColumnType type, string json)
    {
        var shaped = _bench.Shape(Table(Is("id", ColumnType.Text), Is("v", type)), $"{{\"id\":\"k\",\"v\":{json}}}", "{\"id\":\"l\",\"v\":null}");
        Assert.Equal([["k", null], ["l", null]], _bench.SafeCast(shaped));
        var whole = json.Contains("\\u", StringComparison.Ordinal) ? json : json.Trim('"');
        Assert.Equal([$"{{\"id\":\"k\"}} v={whole}"], _bench.Rejects(shaped));
    }

    [Theory]
    [InlineData(ColumnType.Double, "1E5", "100000")]
    [InlineData(ColumnType.Double, "-0.5e-300", "-5E-301")]
    [InlineData(ColumnType.Double, "0.30000000000000004", "0.30000000000000004")]
    [InlineData(ColumnType.Double, "9007199254740992", "9007199254740992")]
    [InlineData(ColumnType.Double, "\"1.5\"", "1.5")]
    [InlineData(ColumnType.Bigint, "-0", "0")]
    [InlineData(ColumnType.Bigint, "1E5", "100000")]
    [InlineData(ColumnType.Bigint, "-7.0", "-7")]
    [InlineData(ColumnType.Bigint, "9223372036854775807.0", "9223372036854775807")]
    [InlineData(ColumnType.Boolean, "\"true\"", "true")]
    [InlineData(ColumnType.Text, "1.00", "1.00")]
    [InlineData(ColumnType.Text, "1e400", "1e400")]
    [InlineData(ColumnType.Text, "-0", "-0")]
    [InlineData(ColumnType.Text, "\"a\\u0000b\"", "a\0b")]
    [InlineData(ColumnType.Text, "\"\\ud83d\\ude00\\\\ud800\"", "😀\\ud800")]
    [InlineData(ColumnType.Json, "{ \"a\" : [ 0.12345678901234567890123 , 1e400 ] }", "{\"a\":[0.12345678901234567890123,1e400]}")]
    public void A_value_that_the_type_holds_is_kept(ColumnType type, string json, string value)
    {
        var shaped = _bench.Shape(Table(Is("id", ColumnType.Text), Is("v", type)), $"{{\"id\":\"k\",\"v\":{json}}}");
        Assert.Equal(value, _bench.Value(shaped, "v"));
        Assert.Empty(_bench.Rejects(shaped));
    }

    [Theory]
    [InlineData("0.12345678901234567890123")]
    [InlineData("[{\"a\":0.12345678901234567890123}]")]
    [InlineData("1e400")]
    public void Numbers_that_duckdb_would_round_are_not_read_fast(string json) =>
        Assert.Null(_bench.Shape(Table(Is("id", ColumnType.Text), Is("d", ColumnType.Json)), $"{{\"id\":\"k\",\"d\":{json}}}").FastSql);

    [Theory]
    [InlineData(ColumnType.UnixTime, "253402300800")]
    [InlineData(ColumnType.Timestamp, "\"2026-01-02T03:04:05.1234567890Z\"")]
    public void The_fast_way_fails_on_times_that_would_be_changed(ColumnType type, string json)
    {
        var shaped = _bench.Shape(Table(Is("id", ColumnType.Text), Is("v", type)), $"{{\"id\":\"k\",\"v\":{json}}}");
        Assert.Throws<DuckDBException>(() => _bench.Fast(shaped));
    }

    private static string Normal(string text) =>
        text.Replace("1e17", "1e+17", StringComparison.Ordinal)
            .Replace("1.0e", "1e", StringComparison.Ordinal)
            .Replace("100000000000000000.0", "1e+17", StringComparison.Ordinal);
}

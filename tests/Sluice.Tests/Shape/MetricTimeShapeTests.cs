using Sluice.Engine.Catalog;
using Xunit;

namespace Sluice.Tests.Shape;

/// <summary>Unix seconds within an object as times, read at full speed and value by value.</summary>
public sealed class MetricTimeShapeTests : IDisposable
{
    private static readonly Resource Deliveries = ShapeBench.Table(
        ShapeBench.Is("id", ColumnType.Text),
        ShapeBench.Is("metrics", ColumnType.Json),
        ShapeBench.Is("opened_at", ColumnType.UnixTime, "metrics.opened"),
        ShapeBench.Is("human_opened_at", ColumnType.UnixTime, "metrics.human_opened") with { NotBefore = 946684800 });

    private readonly ShapeBench _bench = new();

    [Fact]
    public void What_is_absent_null_or_0_is_NULL_and_both_ways_of_reading_agree()
    {
        var shaped = _bench.Shape(
            Deliveries,
            """{"id":"a","metrics":{"opened":1700000000,"human_opened":1700000001}}""",
            """{"id":"b","metrics":{"opened":0,"human_opened":0}}""",
            """{"id":"c","metrics":{"opened":null}}""",
            """{"id":"d","metrics":{"opened":"1700000000"}}""",
            """{"id":"e","metrics":null}""",
            """{"id":"f"}""",
            """{"id":"g","metrics":"none"}""",
            """{"id":"h","metrics":{"Opened":1700000000}}""");
        string?[][] expected =
        [
            ["a", "2023-11-14T22:13:20", "2023-11-14T22:13:21"], ["b", null, null], ["c", null, null], ["d", "2023-11-14T22:13:20", null],
            ["e", null, null], ["f", null, null], ["g", null, null], ["h", null, null],
        ];
        Assert.Equal(expected, _bench.Fast(shaped).Select(row => new[] { row[0], row[2], row[3] }));
        Assert.Equal(expected, _bench.SafeCast(shaped).Select(row => new[] { row[0], row[2], row[3] }));
        Assert.Empty(_bench.Rejects(shaped));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"soon\"")]
    [InlineData("true")]
    [InlineData("[1700000000]")]
    [InlineData("99999999999999")]
    [InlineData("\"007\"")]
    public void A_value_that_is_no_time_fails_the_fast_way_and_goes_to_the_rejects(string value)
    {
        var shaped = _bench.Shape(Deliveries, $$$"""{"id":"a","metrics":{"opened":{{{value}}}}}""");
        Assert.ThrowsAny<DuckDB.NET.Data.DuckDBException>(() => _bench.Fast(shaped));
        Assert.Null(_bench.Value(shaped, "opened_at"));
        Assert.StartsWith("{\"id\":\"a\"} opened_at=", Assert.Single(_bench.Rejects(shaped)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_count_where_a_time_belongs_is_no_second_of_1970()
    {
        var shaped = _bench.Shape(Deliveries, """{"id":"a","metrics":{"opened":1700000000,"human_opened":3}}""");
        Assert.ThrowsAny<DuckDB.NET.Data.DuckDBException>(() => _bench.Fast(shaped));
        Assert.Null(_bench.Value(shaped, "human_opened_at"));
        Assert.Equal("""{"id":"a"} human_opened_at=3""", Assert.Single(_bench.Rejects(shaped)));
        Assert.Equal("2023-11-14T22:13:20", _bench.Value(shaped, "opened_at"));
    }

    public void Dispose() => _bench.Dispose();
}

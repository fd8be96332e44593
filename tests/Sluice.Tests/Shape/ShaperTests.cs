using System.Text;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Shape;
using Xunit;
using static Sluice.Tests.Shape.ShapeBench;

namespace Sluice.Tests.Shape;

public sealed class ShaperTests : IDisposable
{
    private static readonly Resource Simple = Table(Is("id", ColumnType.Bigint), Is("name", ColumnType.Text), Is("updated", ColumnType.UnixTime));
    private readonly ShapeBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_first_alternative_with_a_value_wins()
    {
        var shaped = _bench.Shape(
            Table(Is("id", ColumnType.Bigint, "id|cio.id"), Is("mail", ColumnType.Text, "email|to")),
            """{"id":1,"email":"a","to":"b"}""", """{"id":2,"email":null,"to":"b"}""", """{"id":3,"email":""}""", """{"id":4,"to":"c"}""");
        string?[][] expected = [["1", "a"], ["2", "b"], ["3", ""], ["4", "c"]];
        Assert.Equal(expected, _bench.SafeCast(shaped));
        Assert.Equal(expected, _bench.Fast(shaped));
    }

    [Fact]
    public void Nested_sources_are_followed()
    {
        var shaped = _bench.Shape(
            Table(Is("id", ColumnType.Text, "ids.id|other.id"), Is("who", ColumnType.Json, "ids"), Is("deep", ColumnType.Json, "ids.a.b")),
            """{"ids":{"id":"x","a":{"b":[1]}}}""", """{"ids":{"id":null},"other":{"id":"y"}}""", """{"ids":null,"other":7}""", "{}");
        string?[][] expected =
        [
            ["x", """{"id":"x","a":{"b":[1]}}""", "[1]"], ["y", """{"id":null}""", null], [null, null, null], [null, null, null],
        ];
        Assert.Equal(expected, _bench.SafeCast(shaped));
        Assert.Equal(expected, _bench.Fast(shaped));
        Assert.Equal(["id", "who", "deep"], shaped.Columns.Select(column => column.Name));
    }

    [Fact]
    public void A_null_inside_an_object_is_null_in_a_json_column()
    {
        var shaped = _bench.Shape(Table(Is("id", ColumnType.Json, "o.v")), """{"o":{"v":null}}""", """{"o":{"v":"null"}}""");
        Assert.Equal([[null], ["\"null\""]], _bench.SafeCast(shaped));
        Assert.Equal(_bench.SafeCast(shaped), _bench.Fast(shaped));
    }

    [Fact]
    public void A_number_inside_an_object_is_read_with_care()
    {
        var shaped = _bench.Shape(Table(Is("id", ColumnType.Bigint, "o.id")), """{"o":{"id":5}}""", """{"o":{"id":"05"}}""");
        Assert.Null(shaped.FastSql);
        Assert.Equal([["5"], [null]], _bench.SafeCast(shaped));
        Assert.EndsWith("id=05", Assert.Single(_bench.Rejects(shaped)), StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_of_the_parent_come_from_the_stamp()
    {
        var resource = Table(Is("id", ColumnType.Bigint), Is("parent_id", ColumnType.Bigint)) with
        {
            Parent = new ParentBinding
            {
                Resource = "parents",
                Columns = new Dictionary<string, string> { ["parent_id"] = "id", ["parent_name"] = "name" },
            },
        };
        var draft = RecordTransform.None.Draft(
            "7", Spool.Pages.Of(["""{"id":1,"parent_id":99}""", "{}"]), InjectedColumns.Build([new("parent_id", "7"), new("parent_name", "\"x\"")]));
        var shaped = new Shaper(Options(resource)).Shape(_bench.Segment(draft));
        Assert.Equal(["id", "parent_id", "parent_name"], shaped.Columns.Select(column => column.Name));
        Assert.Equal([["1", "7", "x"], [null, "7", "x"]], _bench.SafeCast(shaped));
        Assert.Equal(_bench.SafeCast(shaped), _bench.Fast(shaped));
    }

    [Fact]
    public void The_row_filter_holds_both_ways()
    {
        var shaped = _bench.Shape(
            Simple with
            {
                RowFilter = "name IS NOT NULL OR id = 3",
            },
            """{"id":1,"name":"a"}""",
            """{"id":2}""",
            """{"id":3}""");
        Assert.Equal(["1", "3"], _bench.SafeCast(shaped).Select(row => row[0]));
        Assert.Equal(["1", "3"], _bench.Fast(shaped).Select(row => row[0]));
        Assert.Equal(3, shaped.Records);
    }

    [Theory]
    [InlineData(100, 200, "2,3,4,6")]
    [InlineData(100, null, "2,3,4,5,6")]
    [InlineData(null, 200, "1,2,3,4,6")]
    [InlineData(null, null, "1,2,3,4,5,6")]
    public void The_interval_is_kept_by_the_client_and_rows_without_the_field_stay(int? from, int? to, string ids)
    {
        var options = Options(Simple with { CursorFilter = CursorFilter.Client, CursorColumn = "updated" }) with
        {
            IncrementalKey = "updated",
            Interval = new Interval(Time(from), Time(to)),
            Without = new HashSet<string> { "updated" },
        };
        var shaped = new Shaper(options).Shape(_bench.Segment(
            """{"id":1,"updated":99}""", """{"id":2,"updated":100}""", """{"id":3,"updated":150}""", """{"id":4,"updated":200}""",
            """{"id":5,"updated":201}""", """{"id":6}"""));
        Assert.Equal(ids, string.Join(',', _bench.SafeCast(shaped).Select(row => row[0])));
        Assert.Equal(ids, string.Join(',', _bench.Fast(shaped).Select(row => row[0])));
    }

    [Fact]
    public void Choosing_columns_keeps_the_key()
    {
        var segment = _bench.Segment("""{"id":1,"name":"a","updated":5,"new":1}""");
        var only = new Shaper(Options(Simple) with { Only = new HashSet<string> { "name" } });
        Assert.Equal([["1", "a"]], _bench.Fast(only.Shape(segment)));
        Assert.Equal([["1", "a"]], _bench.SafeCast(only.Shape(segment)));
        Assert.Empty(only.Changes);
        var without = new Shaper(Options(Simple) with { Without = new HashSet<string> { "id", "name", "new" } });
        Assert.Equal(["id", "updated"], without.Shape(segment).Columns.Select(column => column.Name));
        Assert.Equal([["1", "1970-01-01T00:00:05"]], _bench.Fast(without.Shape(segment)));
        Assert.Empty(without.Changes);
    }

    [Fact]
    public void A_record_of_two_megabytes_is_read_both_ways()
    {
        var text = new string('x', 2 * 1024 * 1024);
        var shaped = _bench.Shape(Simple, """{"id":1,"name":"a"}""", $$"""{"id":2,"name":"{{text}}"}""");
        Assert.Equal(text, _bench.SafeCast(shaped)[1][1]);
        Assert.Equal(text, _bench.Fast(shaped)[1][1]);
    }

    [Fact]
    public void Deep_nesting_is_kept_as_it_is()
    {
        var deep = new StringBuilder().Insert(0, "[", 60).Append('1').Append(']', 60).ToString();
        var shaped = _bench.Shape(Simple, $$"""{"id":1,"deep":{{deep}}}""");
        Assert.Equal(deep, _bench.Value(shaped, "deep"));
        Assert.Equal(deep, _bench.Fast(shaped)[0][^1]);
    }

    [Fact]
    public void Records_without_any_known_field_are_rows_too()
    {
        var shaped = _bench.Shape(Simple, "{}", "{}");
        Assert.Equal([[null, null, null], [null, null, null]], _bench.Fast(shaped));
        Assert.Equal(_bench.Fast(shaped), _bench.SafeCast(shaped));
    }

    private static DateTimeOffset? Time(int? seconds) => seconds is { } value ? DateTimeOffset.FromUnixTimeSeconds(value) : null;
}

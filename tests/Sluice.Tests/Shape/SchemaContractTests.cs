using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;
using Xunit;
using static Sluice.Tests.Shape.ShapeBench;

namespace Sluice.Tests.Shape;

public sealed class SchemaContractTests : IDisposable
{
    private static readonly Resource OnlyId = Table(Is("id", ColumnType.Bigint), Is("n", ColumnType.Bigint));
    private static readonly KnownColumn Known = new("known", "known", ColumnType.Bigint) { InTable = ColumnType.Bigint, IsMapped = true };
    private readonly ShapeBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Json_puts_fields_without_a_column_together_as_they_were_sent()
    {
        var shaper = new Shaper(Of(SchemaContract.Json, Known));
        var shaped = shaper.Shape(_bench.Segment(
            """{"id":1,"b":1.50,"A":{ "x" : [1e400] },"a":"\u00e4\"","known":7}""", """{"id":2,"b":null}""", """{"id":3,"":true,"_extra":"x"}"""));
        Assert.Equal(["id", "n", "known", "_extra"], shaped.Columns.Select(column => column.Name));
        Assert.Equal(
            [
                ["1", null, "7", """{"b":1.50,"A":{"x":[1e400]},"a":"\u00e4\""}"""],
                ["2", null, null, null],
                ["3", null, null, """{"":true,"_extra":"x"}"""],
            ],
            _bench.SafeCast(shaped));
        Assert.Equal(["_extra"], shaper.Changes.Select(change => change.Column));
        Assert.Empty(_bench.Rejects(shaped));
    }

    [Fact]
    public void Json_makes_no_column_when_there_is_nothing_to_put_into_it()
    {
        var shaper = new Shaper(Of(SchemaContract.Json, Known));
        var shaped = shaper.Shape(_bench.Segment("""{"id":1,"known":1,"x":null}"""));
        Assert.Equal(["id", "n", "known"], shaped.Columns.Select(column => column.Name));
        Assert.NotNull(shaped.FastSql);
        Assert.Empty(shaper.Changes);
    }

    [Fact]
    public void A_value_that_no_json_column_can_hold_is_told_with_its_name()
    {
        var shaped = new Shaper(Of(SchemaContract.Json)).Shape(_bench.Segment("""{"id":1,"x":"\ud800","y":1}"""));
        Assert.Equal("""{"y":1}""", _bench.Value(shaped, "_extra"));
        Assert.Equal(["""{"id":"1"} _extra={"x":"\ud800"}"""], _bench.Rejects(shaped));
    }

    [Fact]
    public void Freeze_fails_with_the_names_of_the_fields_and_says_what_to_do()
    {
        var shaper = new Shaper(Of(SchemaContract.Freeze, Known));
        shaper.Shape(_bench.Segment("""{"id":1,"known":1,"x":null,"n":"odd"}"""));
        var error = Assert.Throws<SluiceException>(() => shaper.Shape(_bench.Segment("""{"id":1,"known":"text","b":1,"a":{}}""")));
        Assert.Equal(SluiceErrorKind.Schema, error.Kind);
        Assert.Contains(
            "\"a\" is new; \"b\" is new; \"known\" is BIGINT in the table and would become VARCHAR", error.Message, StringComparison.Ordinal);
        Assert.Contains("--schema-contract evolve", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Freeze_does_not_count_what_is_only_staged()
    {
        var staged = new KnownColumn("staged", "staged", ColumnType.Bigint) { IsMapped = true, IsStaged = true };
        Assert.Throws<SluiceException>(() => new Shaper(Of(SchemaContract.Freeze, staged)).Shape(_bench.Segment("""{"id":1,"staged":1}""")));
        var shaped = new Shaper(Of(SchemaContract.Json, staged)).Shape(_bench.Segment("""{"id":1,"staged":1}"""));
        Assert.Equal(["id", "n", "staged"], shaped.Columns.Select(column => column.Name));
    }

    [Fact]
    public void Rejects_are_told_only_for_rows_and_columns_that_are_loaded()
    {
        var resource = OnlyId with
        {
            RowFilter = "id <> 2",
            Columns = [.. OnlyId.Columns, Is("m", ColumnType.Bigint), Is("at", ColumnType.UnixTime)],
            CursorFilter = CursorFilter.Client,
            CursorColumn = "at",
        };
        var options = Options(resource) with
        {
            Without = new HashSet<string> { "m" },
            IncrementalKey = "at",
            Interval = new Interval(DateTimeOffset.FromUnixTimeSeconds(100), null),
        };
        var shaped = new Shaper(options).Shape(_bench.Segment(
            """{"id":1,"n":"x","m":"x"}""", """{"id":2,"n":"filtered"}""", """{"id":3,"n":"early","at":99}""", """{"id":4,"n":"y","at":"soon"}"""));
        Assert.Equal(["1", "4"], _bench.SafeCast(shaped).Select(row => row[0]));
        Assert.Equal(["""{"id":"1"} n=x""", """{"id":"4"} n=y""", """{"id":"4"} at=soon"""], _bench.Rejects(shaped));
        Assert.Equal(["""{"id":"1"} n=x"""], _bench.Rejects(shaped, most: 1));
        Assert.Empty(_bench.Leftovers());
    }

    private static ShapeOptions Of(SchemaContract contract, params KnownColumn[] known) =>
        Options(OnlyId) with
        {
            Contract = contract,
            Known = known,
        };
}

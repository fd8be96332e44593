using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;
using Xunit;
using static Sluice.Tests.Shape.ShapeBench;

namespace Sluice.Tests.Shape;

public sealed class WideningTests : IDisposable
{
    private static readonly Resource OnlyId = Table(Is("id", ColumnType.Bigint));
    private readonly ShapeBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("1", "9007199254740993", ColumnType.Bigint)]
    [InlineData("1", "1.5", ColumnType.Double)]
    [InlineData("1.5", "1", ColumnType.Double)]
    [InlineData("9007199254740992", "1.5", ColumnType.Double)]
    [InlineData("9007199254740993", "1.5", ColumnType.Text)]
    [InlineData("1.5", "9007199254740993", ColumnType.Text)]
    [InlineData("1", "1e400", ColumnType.Text)]
    [InlineData("1", "\"007\"", ColumnType.Text)]
    [InlineData("true", "1", ColumnType.Text)]
    [InlineData("true", "\"true\"", ColumnType.Text)]
    [InlineData("{\"a\":1}", "[1]", ColumnType.Json)]
    [InlineData("{\"a\":1}", "1", ColumnType.Text)]
    [InlineData("\"x\"", "1", ColumnType.Text)]
    public void A_later_value_widens_an_inferred_column_as_far_as_all_values_need(string first, string second, ColumnType type)
    {
        var shaper = new Shaper(Options(OnlyId));
        shaper.Shape(_bench.Segment($"{{\"id\":1,\"new\":{first}}}"));
        var shaped = shaper.Shape(_bench.Segment($"{{\"id\":2,\"new\":{second}}}"));
        Assert.Equal(type, shaped.Columns[1].Type);
        Assert.Equal([["2", Plain(second)]], _bench.SafeCast(shaped));
        Assert.Empty(_bench.Rejects(shaped));
    }

    [Theory]
    [InlineData(ColumnType.Bigint, false, "1.5", ColumnType.Double)]
    [InlineData(ColumnType.Bigint, true, "1.5", ColumnType.Text)]
    [InlineData(ColumnType.Double, false, "2", ColumnType.Double)]
    [InlineData(ColumnType.Double, false, "9007199254740993", ColumnType.Text)]
    [InlineData(ColumnType.Text, false, "2", ColumnType.Text)]
    [InlineData(ColumnType.Json, false, "true", ColumnType.Text)]
    [InlineData(ColumnType.Boolean, false, "null", ColumnType.Boolean)]
    public void What_the_table_has_counts_as_seen(ColumnType inTable, bool holdsLongIntegers, string json, ColumnType type)
    {
        var known = new KnownColumn("new", "new", inTable) { InTable = inTable, IsMapped = true, HoldsLongIntegers = holdsLongIntegers };
        var shaper = new Shaper(Options(OnlyId) with { Known = [known] });
        var shaped = shaper.Shape(_bench.Segment($"{{\"id\":1,\"new\":{json}}}"));
        Assert.Equal(type, shaped.Columns[1].Type);
        Assert.Equal(
            inTable == type ? [] : [$"widened from {SqlType.Of(inTable)} to {SqlType.Of(type)}"], shaper.Changes.Select(change => change.Change));
    }

    [Fact]
    public void A_type_that_the_user_set_stays_and_values_that_do_not_fit_are_rejected()
    {
        var shaper = new Shaper(Options(OnlyId) with { TypeOverrides = new Dictionary<string, ColumnType> { ["new"] = ColumnType.Bigint } });
        shaper.Shape(_bench.Segment("{\"id\":1,\"new\":3}"));
        var later = shaper.Shape(_bench.Segment("{\"id\":2,\"new\":\"x\"}"));
        Assert.Equal([["2", null]], _bench.SafeCast(later));
        Assert.Equal(["{\"id\":\"2\"} new=x"], _bench.Rejects(later));
    }

    [Fact]
    public void A_column_of_the_catalog_stays_and_values_that_do_not_fit_are_rejected()
    {
        var shaped = _bench.Shape(OnlyId, "{\"id\":1}", "{\"id\":\"x\"}");
        Assert.Equal(ColumnType.Bigint, shaped.Columns[0].Type);
        Assert.Equal(["{\"id\":\"x\"} id=x"], _bench.Rejects(shaped));
    }

    [Fact]
    public void A_field_keeps_the_column_it_was_given_whatever_comes_first()
    {
        KnownColumn[] known =
        [
            new("name", "name", ColumnType.Text) { InTable = ColumnType.Text, IsMapped = true },
            new("Name", "Name_2", ColumnType.Text) { InTable = ColumnType.Text, IsMapped = true },
            new("gone", "NAME_3", ColumnType.Text) { IsMapped = true },
        ];
        var shaper = new Shaper(Options(OnlyId) with { Known = known });
        var shaped = shaper.Shape(_bench.Segment("{\"id\":1,\"NAME\":\"n\",\"Name\":\"N\"}", "{\"id\":2,\"name\":\"m\",\"gone\":\"g\"}"));
        Assert.Equal(["id", "name", "Name_2", "NAME_4", "NAME_3"], shaped.Columns.Select(column => column.Name));
        Assert.Equal([["1", null, "N", "n", null], ["2", "m", null, null, "g"]], _bench.SafeCast(shaped));
    }

    [Fact]
    public void A_column_that_somebody_added_is_taken_only_when_a_field_of_that_very_name_comes()
    {
        var note = new KnownColumn("Note", "Note", ColumnType.Text) { InTable = ColumnType.Text };
        var shaper = new Shaper(Options(OnlyId) with { Known = [note] });
        Assert.Equal(["id", "note_2"], shaper.Shape(_bench.Segment("{\"id\":1,\"note\":\"x\"}")).Columns.Select(column => column.Name));
        Assert.Equal(["id", "note_2", "Note"], shaper.Shape(_bench.Segment("{\"id\":1,\"Note\":\"x\"}")).Columns.Select(column => column.Name));
        Assert.Equal(["note_2"], shaper.Changes.Select(change => change.Column));
    }

    private static string? Plain(string json) => json is "null" ? null : json.Trim('"');
}

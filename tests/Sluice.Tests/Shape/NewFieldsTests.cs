using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;
using Xunit;
using static Sluice.Tests.Shape.ShapeBench;

namespace Sluice.Tests.Shape;

public sealed class NewFieldsTests : IDisposable
{
    private static readonly Resource OnlyId = Table(Is("id", ColumnType.Bigint));
    private readonly ShapeBench _bench = new();

    public static TheoryData<string> HostileNames => new(
        "drop table \"x\"; --", "it's", "a\"b", "a/b", "~", "~1/~0", "a.b", "$", "$.id", "*", "0", "record", "source", "select", "ä 😀", " ", "",
        new string('x', 200), "back\\slash", "{a}", "line\nbreak", "_sluice");

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("true", "false", "BOOLEAN")]
    [InlineData("1", "null", "BIGINT")]
    [InlineData("1.5", "2", "DOUBLE")]
    [InlineData("\"x\"", "null", "VARCHAR")]
    [InlineData("{\"a\":1}", "[1]", "JSON")]
    [InlineData("1", "\"x\"", "VARCHAR")]
    [InlineData("true", "1", "VARCHAR")]
    [InlineData("{}", "1", "VARCHAR")]
    [InlineData("18446744073709551615", "1", "VARCHAR")]
    public void A_new_field_becomes_a_column_of_the_right_type(string one, string other, string type)
    {
        var shaper = new Shaper(Options(OnlyId));
        var shaped = shaper.Shape(_bench.Segment($"{{\"id\":1,\"new\":{one}}}", $"{{\"id\":2,\"new\":{other}}}"));
        Assert.Equal($"BIGINT, {type}", _bench.Types(shaped));
        Assert.Equal(["id", "new"], shaped.Columns.Select(column => column.Name));
        Assert.Equal([new SchemaChange("out.things", "new", $"added as {type}: Customer.io sent a field the catalog does not know")], shaper.Changes);
        Assert.Equal([Plain(one), Plain(other)], _bench.SafeCast(shaped).Select(row => row[1]));
        Assert.Empty(_bench.Rejects(shaped));
    }

    [Fact]
    public void A_field_that_was_only_null_makes_no_column_until_it_has_a_value()
    {
        var shaper = new Shaper(Options(OnlyId));
        Assert.Equal(["id"], shaper.Shape(_bench.Segment("{\"id\":1,\"new\":null}")).Columns.Select(column => column.Name));
        Assert.Empty(shaper.Changes);
        var second = shaper.Shape(_bench.Segment("{\"id\":2,\"new\":3}"));
        Assert.Equal([["2", "3"]], _bench.Fast(second));
        var third = shaper.Shape(_bench.Segment("{\"id\":3,\"new\":null}", "{\"id\":4}"));
        Assert.Equal([["3", null], ["4", null]], _bench.Fast(third));
        Assert.Single(shaper.Changes);
    }

    [Fact]
    public void Names_that_differ_only_by_case_stay_apart()
    {
        var shaped = _bench.Shape(
            OnlyId, "{\"id\":1,\"Name\":\"A\",\"name\":\"b\"}", "{\"id\":2,\"name\":\"c\"}", "{\"id\":3,\"NAME\":\"D\",\"ID\":9}");
        Assert.Null(shaped.FastSql);
        Assert.Equal(["id", "ID_2", "NAME", "Name_2", "name_3"], shaped.Columns.Select(column => column.Name));
        Assert.Equal([["1", null, null, "A", "b"], ["2", null, null, null, "c"], ["3", "9", "D", null, null]], _bench.SafeCast(shaped));
    }

    [Fact]
    public void A_name_in_another_case_does_not_fill_a_column_of_the_catalog()
    {
        var shaped = _bench.Shape(OnlyId, "{\"Id\":1}");
        Assert.Equal([[null, "1"]], _bench.Fast(shaped));
        Assert.Equal([[null, "1"]], _bench.SafeCast(shaped));
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void A_hostile_name_survives(string name)
    {
        var key = System.Text.Json.JsonSerializer.Serialize(name);
        var shaped = _bench.Shape(OnlyId, $"{{\"id\":1,{key}:\"value\",\"other\":\"o\"}}", "{\"id\":2}");
        Assert.Contains(name.Length == 0 ? "_" : name, shaped.Columns.Select(column => column.Name));
        Assert.Equal("value", _bench.Value(shaped, name.Length == 0 ? "_" : name));
        Assert.Equal("o", _bench.Value(shaped, "other"));
        Assert.Equal(name.Length > 0, shaped.FastSql is not null);
        Assert.All(shaped.FastSql is null ? [] : _bench.Fast(shaped).Zip(_bench.SafeCast(shaped)), rows => Assert.Equal(rows.Second, rows.First));
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void A_hostile_name_can_hold_rejected_values(string name)
    {
        var key = System.Text.Json.JsonSerializer.Serialize(name);
        var column = name.Length == 0 ? "_" : name;
        var shaper = new Shaper(Options(OnlyId) with { TypeOverrides = new Dictionary<string, ColumnType> { [column] = ColumnType.Bigint } });
        shaper.Shape(_bench.Segment($"{{\"id\":1,{key}:1}}"));
        var shaped = shaper.Shape(_bench.Segment($"{{\"id\":2,{key}:\"x\"}}"));
        Assert.Equal([$"{{\"id\":\"2\"}} {column}=x"], _bench.Rejects(shaped));
    }

    [Fact]
    public void Of_a_key_that_comes_twice_in_a_record_the_last_counts_and_the_other_is_told()
    {
        var shaped = _bench.Shape(OnlyId, "{\"id\":1,\"a\":\"x\",\"a\":\"y\"}", "{\"id\":2,\"a\":\"z\"}");
        Assert.Null(shaped.FastSql);
        var rows = _bench.SafeCast(shaped);
        Assert.Equal(["1", "2"], rows.Select(row => row[0]));
        Assert.Equal("y", rows[0][1]);
        Assert.Equal(["{\"id\":\"1\"} a=x"], _bench.Rejects(shaped));
        Assert.Equal("z", rows[1][1]);
    }

    [Theory]
    [InlineData("_sluice_loaded_at", "field_sluice_loaded_at")]
    [InlineData("_SLUICE_run_id", "field_SLUICE_run_id")]
    [InlineData("_sluice_deleted_at", "field_sluice_deleted_at")]
    [InlineData("_sluice_p_id", "field_sluice_p_id")]
    [InlineData("_extra", "_extra_2")]
    [InlineData("rowid", "rowid_2")]
    [InlineData("_EXTRA", "_EXTRA_2")]
    [InlineData("a\0b", "a\u2400b")]
    [InlineData("\0", "\u2400")]
    public void A_name_that_can_t_be_a_column_s_gets_another(string field, string column)
    {
        var key = System.Text.Json.JsonSerializer.Serialize(field);
        var shaped = _bench.Shape(OnlyId, $"{{\"id\":1,{key}:\"value\"}}");
        Assert.Equal(["id", column], shaped.Columns.Select(one => one.Name));
        Assert.Equal([["1", "value"]], _bench.SafeCast(shaped));
        Assert.All(shaped.FastSql is null ? [] : _bench.Fast(shaped), row => Assert.Equal("value", row[1]));
    }

    [Fact]
    public void A_type_can_be_overridden()
    {
        var options = Options(OnlyId) with
        {
            TypeOverrides = new Dictionary<string, ColumnType> { ["new"] = ColumnType.Text, ["id"] = ColumnType.Text },
        };
        var shaped = new Shaper(options).Shape(_bench.Segment("{\"id\":1,\"new\":3}"));
        Assert.Equal("VARCHAR, VARCHAR", _bench.Types(shaped));
        Assert.Equal([["1", "3"]], _bench.SafeCast(shaped));
    }

    private static string? Plain(string json) => json is "null" ? null : json.Trim('"');
}

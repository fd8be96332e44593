using Sluice.Destinations.Warehouses;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Xunit;

namespace Sluice.Tests.Ddl;

public sealed class DdlNamesTests
{
    [Theory]
    [InlineData("snowflake", "from", "\"FROM\"")]
    [InlineData("snowflake", "a\"; DROP TABLE x --", "\"A\"\"; DROP TABLE X --\"")]
    [InlineData("snowflake", "2xx", "\"2XX\"")]
    [InlineData("bigquery", "from", "`from`")]
    [InlineData("bigquery", "a`; DROP TABLE x --", "`a\\`; DROP TABLE x --`")]
    [InlineData("bigquery", "back\\slash", "`back\\\\slash`")]
    [InlineData("redshift", "from", "\"from\"")]
    [InlineData("redshift", "a\"; DROP TABLE x --", "\"a\"\"; DROP TABLE x --\"")]
    [InlineData("athena", "a`; DROP TABLE x --", "`a``; DROP TABLE x --`")]
    [InlineData("athena", "_first", "`_first`")]
    [InlineData("databricks", "a`; DROP TABLE x --", "`a``; DROP TABLE x --`")]
    [InlineData("spark", "a`; DROP TABLE x --", "`a``; DROP TABLE x --`")]
    [InlineData("trino", "a\"; DROP TABLE x --", "\"a\"\"; DROP TABLE x --\"")]
    [InlineData("clickhouse", "a`; DROP TABLE x --", "`a\\`; DROP TABLE x --`")]
    [InlineData("clickhouse", "back\\slash", "`back\\\\slash`")]
    public void A_name_that_means_something_else_is_quoted(string dialect, string name, string quoted) =>
        Assert.Equal(quoted, WarehouseDialects.All.Single(one => one.Name == dialect).Quote(name));

    [Fact]
    public void A_name_keeps_its_quotes_in_a_structure_that_is_a_text_itself()
    {
        var script = DdlBench.Write("clickhouse", Hostile("it's `odd`"));

        Assert.Contains("'Parquet', '`it''s \\\\`odd\\\\`` Nullable(String), ", script, StringComparison.Ordinal);
    }

    [Fact]
    public void A_field_is_found_by_its_own_name_when_the_column_is_in_capitals() =>
        Assert.Contains("  $1:\"Sp\"\"ot\"::VARCHAR,", DdlBench.Write("snowflake", Hostile("Sp\"ot")), StringComparison.Ordinal);

    [Theory]
    [InlineData("snowflake", 255)]
    [InlineData("bigquery", 300)]
    [InlineData("redshift", 127)]
    [InlineData("athena", 255)]
    public void A_name_that_is_too_long_is_told_before_the_warehouse_tells_it(string dialect, int most)
    {
        var name = new string('é', most / 2) + (most % 2 == 0 ? "" : "e");

        DdlBench.Write(dialect, Hostile(name));
        var error = Assert.Throws<SluiceException>(() => DdlBench.Write(dialect, Hostile(name + "e")));

        Assert.Contains($"names of {most} bytes", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("_PARTITIONTIME")]
    [InlineData("_file_name")]
    [InlineData("a.b")]
    public void A_name_that_BigQuery_refuses_is_told_before_it_does(string name)
    {
        var error = Assert.Throws<SluiceException>(() => DdlBench.Write("bigquery", Hostile(name)));

        Assert.Equal($"BigQuery takes no column that is called {name}.", error.Message);
        Assert.Contains(name, DdlBench.Write("redshift", Hostile(name)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_table_is_can_not_end_its_comment() =>
        Assert.Contains(
            "-- segments: One DROP TABLE x;\n",
            DdlBench.Write("trino", DdlBench.Table("segments") with { Doc = "One\nDROP TABLE x;" }),
            StringComparison.Ordinal);

    private static LakeTable Hostile(string column) =>
        DdlBench.Table("segments") with { Columns = [new LakeColumn(column, ColumnType.Text), .. DdlBench.Table("segments").Columns] };
}

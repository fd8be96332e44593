using System.Text.RegularExpressions;
using Sluice.Destinations.Ddl;
using Sluice.Engine.Catalog;
using Xunit;

namespace Sluice.Tests.Ddl;

public sealed class DdlColumnsTests
{
    // Written down a second time, in the order of ColumnType: bigint, double, boolean, text, two kinds of time, JSON.
    private static readonly Dictionary<string, string[]> Types = new(StringComparer.Ordinal)
    {
        ["snowflake"] = ["BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR", "TIMESTAMP_TZ(6)", "TIMESTAMP_TZ(6)", "VARIANT"],
        ["bigquery"] = ["INT64", "FLOAT64", "BOOL", "STRING", "TIMESTAMP", "TIMESTAMP", "STRING"],
        ["redshift"] = ["BIGINT", "DOUBLE PRECISION", "BOOLEAN", "VARCHAR(MAX)", "TIMESTAMPTZ", "TIMESTAMPTZ", "SUPER"],
        ["athena"] = ["bigint", "double", "boolean", "string", "timestamp", "timestamp", "string"],
        ["spark"] = ["BIGINT", "DOUBLE", "BOOLEAN", "STRING", "TIMESTAMP", "TIMESTAMP", "STRING"],
        ["trino"] = ["bigint", "double", "boolean", "varchar", "timestamp(3)", "timestamp(3)", "varchar"],
        ["clickhouse"] =
        [
            "Nullable(Int64)", "Nullable(Float64)", "Nullable(Bool)", "Nullable(String)", "Nullable(DateTime64(6, 'UTC'))", "Nullable(DateTime64(6, 'UTC'))",
            "Nullable(String)",
        ],
    };

    public static TheoryData<string> Dialects() => [.. Types.Keys];

    [Fact]
    public void Every_dialect_is_looked_at() => Assert.Equal(WarehouseDialects.Names, Types.Keys);

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Every_table_has_each_column_once_with_its_type(string dialect)
    {
        foreach (var name in ResourceCatalog.Default.Tables)
        {
            var resource = ResourceCatalog.Default.Find(name.Resource)!;
            var script = DdlBench.Write(dialect, LakeTable.Of(name, resource));

            var expected = resource.Columns.Select(column => (column.Name, Types[dialect][(int)column.Type]))
                .Append(("_sluice_loaded_at", Types[dialect][(int)ColumnType.Timestamp])).Append(("_sluice_run_id", Types[dialect][(int)ColumnType.Text]));
            expected = resource.ListsAll ? expected.Append(("_sluice_deleted_at", Types[dialect][(int)ColumnType.Timestamp])) : expected;
            Assert.Equal(expected.Select(column => (Shown(dialect, column.Item1), column.Item2)), Columns(script));
        }
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public void The_current_rows_have_every_column(string dialect)
    {
        var table = DdlBench.Table("messages");

        var view = DdlBench.Write(dialect, table).Split("CREATE OR REPLACE VIEW")[1];

        var names = Regex.Matches(view.Split("\nFROM (")[0], "[`\"]([^`\"]+)[`\"],?$", RegexOptions.Multiline | RegexOptions.NonBacktracking).Select(match => match.Groups[1].Value);
        Assert.Equal(table.Columns.Select(column => Shown(dialect, column.Name)), names);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public void JSON_is_read_where_the_engine_has_a_type_for_it(string dialect)
    {
        var script = DdlBench.Write(dialect, DdlBench.Table("segments"));

        var reading = dialect switch
        {
            "snowflake" => "PARSE_JSON($1:\"tags\"::VARCHAR)",
            "bigquery" => "PARSE_JSON(`tags`, wide_number_mode => 'round') AS `tags`",
            "redshift" => "JSON_PARSE(\"tags\")",
            _ => null,
        };
        Assert.True(reading is null ? !script.Contains("JSON", StringComparison.Ordinal) : script.Contains(reading, StringComparison.Ordinal), script);
    }

    [Theory]
    [InlineData("snowflake", "NULLIF(REGEXP_SUBSTR(METADATA$FILENAME, '/type=([^/]*)/', 1, 1, 'e'), '__HIVE_DEFAULT_PARTITION__')::VARCHAR")]
    [InlineData("bigquery", "WITH PARTITION COLUMNS (\n  `type` STRING,\n  `progress` INT64\n)")]
    [InlineData("bigquery", "hive_partition_uri_prefix = 's3://BUCKET/PREFIX/segments'")]
    [InlineData("athena", "PARTITIONED BY (\n  `type` string,\n  `progress` bigint\n)")]
    [InlineData("athena", "MSCK REPAIR TABLE `customerio`.`segments`")]
    [InlineData("spark", "PARTITIONED BY (`type`, `progress`)")]
    [InlineData("trino", "partitioned_by = ARRAY['type', 'progress']")]
    [InlineData("trino", "CALL hive.system.sync_partition_metadata('customerio', 'segments', 'FULL')")]
    [InlineData("clickhouse", "PREFIX/segments/type=*/progress=*/*.parquet")]
    public void Columns_in_the_names_of_folders_are_read_from_there(string dialect, string words)
    {
        var table = DdlBench.Table("segments").PartitionedBy(["type", "progress"]);

        var script = DdlBench.Write(dialect, table);

        Assert.Contains(words, script, StringComparison.Ordinal);
        Assert.DoesNotContain("$1:\"type\"", script, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_in_the_name_of_a_folder_is_text() => Assert.Equal(
        [new LakeColumn("created_at", ColumnType.Text)], DdlBench.Table("segments").PartitionedBy(["created_at"]).Partitions);

    [Fact]
    public void Redshift_is_given_the_columns_in_the_order_of_the_files()
    {
        var table = DdlBench.Table("segments").With([new LakeColumn("plan", ColumnType.Json)]);

        var staging = Columns(DdlBench.Write("redshift", table)[DdlBench.Write("redshift", table).IndexOf("CREATE TEMP TABLE", StringComparison.Ordinal)..]).ToList();

        Assert.Equal(table.Columns.Select(column => column.Name), staging.Select(column => column.Name));
        Assert.Equal(["plan", "_sluice_loaded_at", "_sluice_run_id", "_sluice_deleted_at"], staging.TakeLast(4).Select(column => column.Name));
        Assert.Equal("VARCHAR(MAX)", staging[^4].Type);
    }

    [Fact]
    public void Redshift_replaces_rows_in_the_transaction_that_an_error_of_COPY_ends()
    {
        var script = DdlBench.Write("redshift", DdlBench.Table("segments"));

        string[] steps = ["\nBEGIN;", "\nCREATE TEMP TABLE", "\nCOPY ", "\nDELETE FROM", "\nINSERT INTO", "\nDROP TABLE", "\nCOMMIT;", "\nCREATE OR REPLACE VIEW"];
        var places = steps.Select(step => script.IndexOf(step, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    private static string Shown(string dialect, string name) => dialect == "snowflake" ? name.ToUpperInvariant() : name;

    // The first list of columns of a script.
    private static IEnumerable<(string Name, string Type)> Columns(string script)
    {
        var list = Regex.Match(script, @"CREATE [A-Z ]*TABLE [^\n]*\(\n(.*?)\n\)", RegexOptions.Singleline | RegexOptions.NonBacktracking).Groups[1].Value;
        return Regex.Matches(list, "^  [`\"]([^`\"]+)[`\"] (.*?),?$", RegexOptions.Multiline | RegexOptions.NonBacktracking).Select(match => (match.Groups[1].Value, match.Groups[2].Value));
    }
}

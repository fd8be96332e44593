using System.Text.RegularExpressions;
using Sluice.Destinations.Warehouses;
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
        ["databricks"] = ["BIGINT", "DOUBLE", "BOOLEAN", "STRING", "TIMESTAMP", "TIMESTAMP", "STRING"],
        ["trino"] = ["bigint", "double", "boolean", "varchar", "timestamp(3)", "timestamp(3)", "varchar"],
        ["clickhouse"] =
        [
            "Nullable(Int64)",
            "Nullable(Float64)",
            "Nullable(Bool)",
            "Nullable(String)",
            "Nullable(DateTime64(6, 'UTC'))",
            "Nullable(DateTime64(6, 'UTC'))",
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

            var expected = resource
                .Columns.Select(column => (column.Name, Types[dialect][(int)column.Type]))
                .Append(("_sluice_loaded_at", Types[dialect][(int)ColumnType.Timestamp]))
                .Append(("_sluice_run_id", Types[dialect][(int)ColumnType.Text]));
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

        var names = Regex
            .Matches(view.Split("\nFROM (")[0], "[`\"]([^`\"]+)[`\"],?$", RegexOptions.Multiline | RegexOptions.NonBacktracking)
            .Select(match => match.Groups[1].Value);
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
        Assert.True(
            reading is null ? !script.Contains("JSON", StringComparison.Ordinal) : script.Contains(reading, StringComparison.Ordinal), script);
    }

    [Theory]
    [InlineData(
        "snowflake",
        "NULLIF(REGEXP_SUBSTR(METADATA$FILENAME, '/created_at_date=([^/]*)/', 1, 1, 'e'), '__HIVE_DEFAULT_PARTITION__')::VARCHAR"
    )]
    [InlineData("bigquery", "WITH PARTITION COLUMNS (\n  `created_at_date` STRING,\n  `updated_at_month` STRING\n)")]
    [InlineData("bigquery", "NULLIF(`updated_at_month`, '__HIVE_DEFAULT_PARTITION__') AS `updated_at_month`")]
    [InlineData("bigquery", "hive_partition_uri_prefix = 's3://BUCKET/PREFIX/customerio/segments'")]
    [InlineData("athena", "PARTITIONED BY (\n  `created_at_date` string,\n  `updated_at_month` string\n)")]
    [InlineData("athena", "MSCK REPAIR TABLE `customerio`.`segments`")]
    [InlineData("spark", "PARTITIONED BY (`created_at_date`, `updated_at_month`)")]
    [InlineData("trino", "partitioned_by = ARRAY['created_at_date', 'updated_at_month']")]
    [InlineData("trino", "CALL hive.system.sync_partition_metadata('customerio', 'segments', 'FULL')")]
    [InlineData("clickhouse", "PREFIX/customerio/segments/created_at_date=*/updated_at_month=*/*.parquet")]
    [InlineData("clickhouse", "nullIf(extract(_path, '/updated_at_month=([^/]*)/'), '__HIVE_DEFAULT_PARTITION__')")]
    public void Columns_in_the_names_of_folders_are_read_from_there(string dialect, string words) =>
        Assert.Contains(words, DdlBench.Write(dialect, Divided("created_at", "updated_at:month")), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Dialects))]
    public void The_times_that_folders_are_made_of_stand_in_the_files(string dialect)
    {
        var columns = Columns(DdlBench.Write(dialect, Divided("created_at", "updated_at:month"))).Select(column => column.Name).ToList();

        Assert.Contains(Shown(dialect, "created_at"), columns);
        Assert.Contains(Shown(dialect, "updated_at"), columns);
    }

    [Fact]
    public void Redshift_does_without_the_names_of_folders() =>
        Assert.Equal(DdlBench.Write("redshift", DdlBench.Table("segments")), DdlBench.Write("redshift", Divided("created_at")));

    [Fact]
    public void A_folders_name_encodes_what_its_column_is_called()
    {
        var script = DdlBench.Write(
            "snowflake",
            LakeFolders.Read(["last seen"]).ApplyTo(DdlBench.Table("segments").With([new LakeColumn("last seen", ColumnType.Timestamp)])));

        Assert.Contains("'/last%20seen_date=([^/]*)/'", script, StringComparison.Ordinal);
        Assert.Contains("\"LAST SEEN_DATE\" VARCHAR", script, StringComparison.Ordinal);
    }

    [Fact]
    public void What_holds_no_times_divides_nothing() => Assert.Empty(Divided("progress", "name", "tags", "no_such").Partitions);

    [Fact]
    public void Redshift_is_given_the_columns_in_the_order_of_the_files()
    {
        var table = DdlBench.Table("segments").With([new LakeColumn("plan", ColumnType.Json)]);

        var staging = Columns(
                DdlBench.Write("redshift", table)[DdlBench.Write("redshift", table).IndexOf("CREATE TEMP TABLE", StringComparison.Ordinal)..])
            .ToList();

        Assert.Equal(table.Columns.Select(column => column.Name), staging.Select(column => column.Name));
        Assert.Equal(["plan", "_sluice_loaded_at", "_sluice_run_id", "_sluice_deleted_at"], staging.TakeLast(4).Select(column => column.Name));
        Assert.Equal("VARCHAR(MAX)", staging[^4].Type);
    }

    [Fact]
    public void Redshift_replaces_rows_in_the_transaction_that_an_error_of_COPY_ends()
    {
        var script = DdlBench.Write("redshift", DdlBench.Table("segments"));

        string[] steps =
        [
            "\nBEGIN;",
            "\nCREATE TEMP TABLE",
            "\nCOPY ",
            "\nDELETE FROM",
            "\nINSERT INTO",
            "\nDROP TABLE",
            "\nCOMMIT;",
            "\nCREATE OR REPLACE VIEW",
        ];
        var places = steps.Select(step => script.IndexOf(step, StringComparison.Ordinal)).ToList();
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    private static LakeTable Divided(params string[] by) => LakeFolders.Read(by).ApplyTo(DdlBench.Table("segments"));

    private static string Shown(string dialect, string name) => dialect == "snowflake" ? name.ToUpperInvariant() : name;

    // The first list of columns of a script.
    private static IEnumerable<(string Name, string Type)> Columns(string script)
    {
        var list = Regex
            .Match(script, @"CREATE [A-Z ]*TABLE [^\n]*\(\n(.*?)\n\)", RegexOptions.Singleline | RegexOptions.NonBacktracking)
            .Groups[1]
            .Value;
        return Regex
            .Matches(list, "^  [`\"]([^`\"]+)[`\"] (.*?),?$", RegexOptions.Multiline | RegexOptions.NonBacktracking)
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value));
    }
}

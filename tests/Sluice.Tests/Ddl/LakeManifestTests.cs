using System.Text;
using Sluice.Destinations.Warehouses;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Xunit;

namespace Sluice.Tests.Ddl;

public sealed class LakeManifestTests
{
    private const string Head = "{\"version\":1,\"schema\":\"customerio\",\"table\":\"segments\"";

    private const string Layout = ",\"layout\":{\"format\":\"parquet\",\"compression\":\"zstd\",\"formula_guard\":false}";

    private const string Columns = ",\"columns\":[{\"name\":\"id\",\"type\":\"BIGINT\",\"has_long_integers\":false}]";

    /// <summary>A manifest such as a lake has, of a table with a column that the catalog does not know.</summary>
    internal static string Segments(string partitionBy = "null") => $$"""
        {
          "version": 1, "schema": "customerio", "table": "segments", "written_at": "2026-01-31T10:00:00+00:00",
          "layout": {"format": "parquet", "compression": "zstd", "formula_guard": false, "partition_by": {{partitionBy}}},
          "columns": [
            {"name": "id", "type": "BIGINT", "has_long_integers": false},
            {"name": "created_at", "type": "TIMESTAMP WITH TIME ZONE", "has_long_integers": false},
            {"name": "_sluice_loaded_at", "type": "TIMESTAMP WITH TIME ZONE", "has_long_integers": false},
            {"name": "plan", "type": "JSON", "has_long_integers": false}
          ],
          "files": [{"path": "created_at_month=2026-01/load-1.parquet", "rows": 1, "marked": 0, "bytes": 900, "widest_row": 0}]
        }
        """;

    [Fact]
    public void The_files_of_the_current_version_are_those_that_it_lists() =>
        Assert.Equal(["created_at_month=2026-01/load-1.parquet"], Read(Segments()).Files);

    [Fact]
    public void The_columns_are_those_of_the_files_in_their_order()
    {
        var table = Read(Segments("\"created_at:month\"")).ApplyTo(DdlBench.Table("segments"));

        Assert.Equal(
            [
                new("id", ColumnType.Bigint),
                new("created_at", ColumnType.Timestamp),
                new("_sluice_loaded_at", ColumnType.Timestamp),
                new("plan", ColumnType.Json),
            ],
            table.Columns);
        Assert.Equal([new LakeColumn("created_at_month", ColumnType.Text)], table.Partitions);
        Assert.False(table.MarksDeleted);
    }

    [Theory]
    [InlineData("not json", "the file is not what Sluice wrote")]
    [InlineData("[]", "the file is not what Sluice wrote")]
    [InlineData("{}", "the file is not what Sluice wrote")]
    [InlineData("null", "the file is not what Sluice wrote")]
    [InlineData("{\"version\":99,\"schema\":\"customerio\",\"table\":\"segments\"}", "newer Sluice")]
    [InlineData(Head + "}", "names no file")]
    [InlineData(Head + Layout + Columns + ",\"files\":{}}", "the file is not what Sluice wrote")]
    [InlineData(Head + Layout + Columns + ",\"files\":[]}", "names no file")]
    [InlineData(Head + Layout + Columns + ",\"files\":[null]}", "entries without a name")]
    [InlineData(Head + Layout + ",\"columns\":[null],\"files\":[{\"path\":\"a.parquet\"}]}", "entries without a name")]
    [InlineData(Head + Layout + ",\"files\":[{\"path\":\"a.parquet\"}]}", "names no file")]
    [InlineData(Head + Layout + Columns + ",\"files\":[{\"rows\":1}]}", "entries without a name")]
    [InlineData(Head + Layout + Columns + ",\"files\":[{\"path\":\"../messages/a.parquet\"}]}", "none of segments's")]
    [InlineData(Head + Layout + Columns + ",\"files\":[{\"path\":\"/a.parquet\"}]}", "none of segments's")]
    [InlineData(Head + Layout + Columns + ",\"files\":[{\"path\":\"a'); DROP TABLE x; --.parquet\"}]}", "none of segments's")]
    [InlineData(Head + Layout + Columns + ",\"files\":[{\"path\":\"*.parquet\"}]}", "none of segments's")]
    [InlineData(Head + Layout + Columns + ",\"files\":[{\"path\":\"a.parquet\\n\"}]}", "none of segments's")]
    [InlineData(Head + Layout + Columns + ",\"files\":[{\"path\":\"a.csv\"}]}", "none of segments's")]
    [InlineData(Head + ",\"layout\":{\"format\":\"csv\"}" + Columns + ",\"files\":[{\"path\":\"a.csv\"}]}", "its files are csv")]
    [InlineData(
        "{\"version\":1,\"schema\":\"customerio\",\"table\":\"messages\"}",
        "it is that of customerio.messages, and customerio.segments is asked for"
    )]
    [InlineData("{\"version\":1,\"schema\":\"crm\",\"table\":\"segments\"}", "it is that of crm.segments, and customerio.segments is asked for")]
    public void What_is_not_the_tables_manifest_is_refused(string text, string words)
    {
        var error = Assert.Throws<SluiceException>(() => Read(text));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains("--manifest can't be used", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("snowflake", "FILES = (\n  'a.parquet',\n  'deep/b.parquet'\n)")]
    [InlineData("bigquery", "uris = ['s3://BUCKET/PREFIX/customerio/segments/a.parquet', 's3://BUCKET/PREFIX/customerio/segments/deep/b.parquet']")]
    [InlineData(
        "redshift",
        "FROM 's3://BUCKET/PREFIX/customerio/segments/a.parquet'\nIAM_ROLE 'arn:aws:iam::ACCOUNT_ID:role/ROLE'\nFORMAT AS PARQUET;"
    )]
    [InlineData("clickhouse", "FROM s3('https://BUCKET.s3.REGION.amazonaws.com/PREFIX/customerio/segments/deep/b.parquet', ")]
    public void Exactly_the_listed_files_are_loaded(string dialect, string words)
    {
        var script = DdlBench.Write(dialect, DdlBench.Table("segments"), files: ["a.parquet", "deep/b.parquet"]);

        Assert.Contains(words, script, StringComparison.Ordinal);
        Assert.DoesNotContain("*.parquet", script, StringComparison.Ordinal);
        Assert.DoesNotContain("[.]parquet", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Snowflake_is_given_no_more_files_at_once_than_it_takes()
    {
        var files = Enumerable.Range(0, 1001).Select(number => $"{number}.parquet").ToList();

        var copies = DdlBench.Write("snowflake", DdlBench.Table("segments"), files: files).Split("COPY INTO ").Skip(1).ToList();

        Assert.Equal([1000, 1], copies.Select(copy => copy.Split(".parquet'").Length - 1));
    }

    [Theory]
    [InlineData("athena")]
    [InlineData("spark")]
    [InlineData("databricks")]
    [InlineData("trino")]
    public void An_engine_that_mounts_a_folder_takes_no_list(string dialect)
    {
        var error = Assert.Throws<SluiceException>(() => DdlBench.Write(dialect, DdlBench.Table("segments"), files: ["a.parquet"]));

        Assert.Contains("takes no list of files", error.Message, StringComparison.Ordinal);
    }

    private static LakeManifest Read(string text) => LakeManifest.Read(Encoding.UTF8.GetBytes(text), "customerio", "segments");
}

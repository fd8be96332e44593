using System.Text;
using Sluice.Destinations.Ddl;
using Sluice.Engine;
using Xunit;

namespace Sluice.Tests.Ddl;

public sealed class LakeManifestTests
{
    private const string Two = """
        {"version":7,"files":[{"path":"segments/a.parquet","rows":3,"bytes":900},{"path":"segments/type=x%20y/b.parquet","rows":1,"bytes":800}]}
        """;

    [Fact]
    public void The_files_of_the_current_version_are_those_that_it_lists() =>
        Assert.Equal(["segments/a.parquet", "segments/type=x%20y/b.parquet"], LakeManifest.Files(Encoding.UTF8.GetBytes(Two), "segments"));

    [Theory]
    [InlineData("not json", "segments")]
    [InlineData("[]", "segments")]
    [InlineData("{}", "segments")]
    [InlineData("{\"files\":{}}", "segments")]
    [InlineData("{\"files\":[{\"rows\":1}]}", "segments")]
    [InlineData("{\"files\":[{\"path\":7}]}", "segments")]
    [InlineData("{\"files\":[]}", "segments")]
    [InlineData(Two, "messages")]
    [InlineData("{\"files\":[{\"path\":\"segments/../messages/a.parquet\"}]}", "segments")]
    [InlineData("{\"files\":[{\"path\":\"segments/a'); DROP TABLE x; --.parquet\"}]}", "segments")]
    [InlineData("{\"files\":[{\"path\":\"segments/*.parquet\"}]}", "segments")]
    [InlineData("{\"files\":[{\"path\":\"segments/a.parquet\\n\"}]}", "segments")]
    [InlineData("{\"files\":[{\"path\":\"segments/a.csv\"}]}", "segments")]
    public void What_is_not_the_tables_manifest_is_refused(string text, string table)
    {
        var error = Assert.Throws<SluiceException>(() => LakeManifest.Files(Encoding.UTF8.GetBytes(text), table));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains("--manifest can't be used", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("snowflake", "FILES = (\n  'a.parquet',\n  'deep/b.parquet'\n)")]
    [InlineData("bigquery", "uris = ['s3://BUCKET/PREFIX/segments/a.parquet', 's3://BUCKET/PREFIX/segments/deep/b.parquet']")]
    [InlineData("redshift", "FROM 's3://BUCKET/PREFIX/segments/a.parquet'\nIAM_ROLE 'arn:aws:iam::ACCOUNT_ID:role/ROLE'\nFORMAT AS PARQUET;")]
    [InlineData("clickhouse", "FROM s3('https://BUCKET.s3.REGION.amazonaws.com/PREFIX/segments/deep/b.parquet', ")]
    public void Exactly_the_listed_files_are_loaded(string dialect, string words)
    {
        var script = DdlBench.Write(dialect, DdlBench.Table("segments"), files: ["segments/a.parquet", "segments/deep/b.parquet"]);

        Assert.Contains(words, script, StringComparison.Ordinal);
        Assert.DoesNotContain("*.parquet", script, StringComparison.Ordinal);
        Assert.DoesNotContain("[.]parquet", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Snowflake_is_given_no_more_files_at_once_than_it_takes()
    {
        var files = Enumerable.Range(0, 1001).Select(number => $"segments/{number}.parquet").ToList();

        var copies = DdlBench.Write("snowflake", DdlBench.Table("segments"), files: files).Split("COPY INTO ").Skip(1).ToList();

        Assert.Equal([1000, 1], copies.Select(copy => copy.Split(".parquet'").Length - 1));
    }

    [Theory]
    [InlineData("athena")]
    [InlineData("spark")]
    [InlineData("trino")]
    public void An_engine_that_mounts_a_folder_takes_no_list(string dialect)
    {
        var error = Assert.Throws<SluiceException>(() => DdlBench.Write(dialect, DdlBench.Table("segments"), files: ["segments/a.parquet"]));

        Assert.Contains("takes no list of files", error.Message, StringComparison.Ordinal);
    }
}

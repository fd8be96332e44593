using Sluice.Destinations.Ddl;
using Sluice.Engine;
using Sluice.Engine.Config;
using Xunit;

namespace Sluice.Tests.Ddl;

public sealed class LakeAddressTests
{
    [Theory]
    [InlineData("snowflake", "s3://lake/crm", "URL = 's3://lake/crm/'")]
    [InlineData("snowflake", "s3://lake", "URL = 's3://lake/'")]
    [InlineData("snowflake", "gs://lake/crm/", "URL = 'gcs://lake/crm/'")]
    [InlineData("snowflake", "azblob://lake/crm", "URL = 'azure://ACCOUNT.blob.core.windows.net/lake/crm/'")]
    [InlineData("bigquery", "gs://lake/crm", "uris = ['gs://lake/crm/segments/*.parquet']")]
    [InlineData("bigquery", "azblob://lake/crm", "uris = ['azure://ACCOUNT.blob.core.windows.net/lake/crm/segments/*.parquet']")]
    [InlineData("bigquery", "s3://lake/crm", "WITH CONNECTION `aws-REGION.CONNECTION`")]
    [InlineData("redshift", "s3://lake/crm", "FROM 's3://lake/crm/_redshift/segments.json'")]
    [InlineData("athena", "S3://lake/crm/deep", "LOCATION 's3://lake/crm/deep/segments/'")]
    [InlineData("spark", "s3://lake", "LOCATION 's3a://lake/segments'")]
    [InlineData("spark", "azblob://lake/crm", "LOCATION 'abfss://lake@ACCOUNT.dfs.core.windows.net/crm/segments'")]
    [InlineData("trino", "gs://lake/crm", "external_location = 'gs://lake/crm/segments/'")]
    [InlineData("trino", "azblob://lake", "external_location = 'abfss://lake@ACCOUNT.dfs.core.windows.net/segments/'")]
    [InlineData("clickhouse", "s3://lake/crm", "FROM s3('https://lake.s3.REGION.amazonaws.com/crm/segments/*.parquet', ")]
    [InlineData("clickhouse", "gs://lake/crm", "FROM gcs('https://storage.googleapis.com/lake/crm/segments/*.parquet', ")]
    [InlineData("clickhouse", "azblob://lake/crm", "FROM azureBlobStorage('https://ACCOUNT.blob.core.windows.net', 'lake', 'crm/segments/*.parquet', ")]
    public void An_address_is_written_as_the_engine_wants_it(string dialect, string location, string words) =>
        Assert.Contains(words, DdlBench.Write(dialect, DdlBench.Table("segments"), location), StringComparison.Ordinal);

    [Fact]
    public void An_engine_that_needs_no_connection_is_given_none() =>
        Assert.DoesNotContain("CONNECTION", DdlBench.Write("bigquery", DdlBench.Table("segments"), "gs://lake/crm"), StringComparison.Ordinal);

    [Theory]
    [InlineData("s3://lake/crm?access_key=canary")]
    [InlineData("s3://canary:canary@lake/crm")]
    [InlineData("s3://canary'; DROP TABLE x; --")]
    [InlineData("s3://")]
    [InlineData("https://canary/lake")]
    [InlineData("canary")]
    [InlineData("s3://canary//crm")]
    [InlineData("s3://canary/cr\nm")]
    public void What_is_no_plain_address_is_refused_and_not_repeated(string text)
    {
        var mistakes = new Mistakes();

        LakeAddress.Read(text, mistakes);

        var error = Assert.Throws<SluiceException>(mistakes.ThrowIfAny);
        Assert.Contains("--location", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.Message + error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redshift")]
    [InlineData("athena")]
    public void An_engine_that_reads_S3_alone_says_so(string dialect)
    {
        var error = Assert.Throws<SluiceException>(() => DdlBench.Write(dialect, DdlBench.Table("segments"), "azblob://lake/crm"));

        Assert.Contains("reads s3:// only", error.Message, StringComparison.Ordinal);
    }
}

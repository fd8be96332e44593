using Sluice.Destinations.Warehouses;
using Sluice.Engine;
using Xunit;

namespace Sluice.Tests.Ddl;

public sealed class LakeAddressTests
{
    [Theory]
    [InlineData("snowflake", "s3://lake/crm", "URL = 's3://lake/crm/customerio/'")]
    [InlineData("snowflake", "s3://lake", "URL = 's3://lake/customerio/'")]
    [InlineData("snowflake", "gs://lake/crm/", "URL = 'gcs://lake/crm/customerio/'")]
    [InlineData("snowflake", "azblob://lake/crm", "URL = 'azure://ACCOUNT.blob.core.windows.net/lake/crm/customerio/'")]
    [InlineData("bigquery", "gs://lake/crm", "uris = ['gs://lake/crm/customerio/segments/*.parquet']")]
    [InlineData("bigquery", "azblob://lake/crm", "uris = ['azure://ACCOUNT.blob.core.windows.net/lake/crm/customerio/segments/*.parquet']")]
    [InlineData("bigquery", "s3://lake/crm", "WITH CONNECTION `aws-REGION.CONNECTION`")]
    [InlineData("redshift", "s3://lake/crm", "FROM 's3://lake/crm/_redshift/customerio/segments.json'")]
    [InlineData("athena", "S3://lake/crm/deep", "LOCATION 's3://lake/crm/deep/customerio/segments/'")]
    [InlineData("spark", "s3://lake", "LOCATION 's3a://lake/customerio/segments'")]
    [InlineData("databricks", "s3://lake", "LOCATION 's3://lake/customerio/segments'")]
    [InlineData("spark", "azblob://lake/crm", "LOCATION 'abfss://lake@ACCOUNT.dfs.core.windows.net/crm/customerio/segments'")]
    [InlineData("trino", "gs://lake/crm", "external_location = 'gs://lake/crm/customerio/segments/'")]
    [InlineData("trino", "azblob://lake", "external_location = 'abfss://lake@ACCOUNT.dfs.core.windows.net/customerio/segments/'")]
    [InlineData("clickhouse", "s3://lake/crm", "FROM s3('https://lake.s3.REGION.amazonaws.com/crm/customerio/segments/*.parquet', ")]
    [InlineData("clickhouse", "gs://lake/crm", "FROM gcs('https://storage.googleapis.com/lake/crm/customerio/segments/*.parquet', ")]
    [InlineData(
        "clickhouse",
        "azblob://lake/crm",
        "FROM azureBlobStorage('https://ACCOUNT.blob.core.windows.net', 'lake', 'crm/customerio/segments/*.parquet', "
    )]
    public void An_address_is_written_as_the_engine_wants_it(string dialect, string location, string words) =>
        Assert.Contains(words, DdlBench.Write(dialect, DdlBench.Table("segments"), location), StringComparison.Ordinal);

    [Theory]
    [InlineData("snowflake", "URL = 's3://lake/my crm/a%20b/'")]
    [InlineData("redshift", "FROM 's3://lake/my crm/_redshift/a%20b/segments.json'")]
    [InlineData("athena", "LOCATION 's3://lake/my crm/a%20b/segments/'")]
    [InlineData("clickhouse", "FROM s3('https://lake.s3.REGION.amazonaws.com/my%20crm/a%2520b/segments/*.parquet', ")]
    public void A_schema_is_the_folder_that_ingest_calls_after_it(string dialect, string words) =>
        Assert.Contains(words, DdlBench.Write(dialect, DdlBench.Table("segments"), "s3://lake/my%20crm", schema: "a b"), StringComparison.Ordinal);

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
        var mistakes = new ValidationErrors();

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

using Sluice.Destinations;
using Sluice.Destinations.Files;
using Sluice.Destinations.Files.Formats;
using Sluice.Destinations.Files.Manifest;
using Sluice.Destinations.Files.ObjectStores;
using Sluice.Engine;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Files;

public sealed class FilesAddressTests
{
    [Theory]
    [InlineData("parquet:///out", "out")]
    [InlineData("parquet:///out/", "out")]
    [InlineData("CSV:///a%20b/c%3Fd", "a b/c?d")]
    [InlineData("jsonl:////tmp/x?compression=gzip", "/tmp/x")]
    public void Three_slashes_are_a_path_from_here_and_four_one_from_the_root(string uri, string path) =>
        Assert.Equal(Path.GetFullPath(path), FilesAddress.Parse(uri).Place);

    [Fact]
    public void Formulas_are_guarded_against_unless_the_address_says_otherwise()
    {
        Assert.True(FilesAddress.Parse("csv:///x").Settings.Layout.FormulaGuard);
        Assert.True(FilesAddress.Parse("s3://bucket/x?format=csv&compression=gzip").Settings.Layout.FormulaGuard);
        Assert.False(FilesAddress.Parse("csv:///x?formula_guard=false").Settings.Layout.FormulaGuard);
        Assert.False(FilesAddress.Parse("parquet:///x").Settings.Layout.FormulaGuard);
        Assert.False(FilesAddress.Parse("s3://bucket/x").Settings.Layout.FormulaGuard);
    }

    [Fact]
    public void Options_say_how_files_are_made()
    {
        var settings = FilesAddress
            .Parse("s3://bucket/a/b/?compression=zstd&bom=true&formula_guard=false&format=csv&partition_by=created_at:month,updated_at&file_rows=10")
            .Settings;
        Assert.Equal((new FileLayout(FileFormat.Csv, Compression.Zstd, FormulaGuard: false, Bom: true), 10L), (settings.Layout, settings.RowsInFile));
        Assert.Equal(["created_at_month", "updated_at_date"], settings.Partitions.Select(partition => partition.Key));
        Assert.Equal("bucket/a/b", FilesAddress.Parse("s3://bucket/a/b/?format=csv").Place);
    }

    [Theory]
    [InlineData("csv:///", "names no folder")]
    [InlineData("s3:///prefix", "names no bucket")]
    [InlineData("azblob://", "names no container")]
    [InlineData("csv:///x?compresion=gzip", "no option 'compresion'")]
    [InlineData("csv:///x?compression=brotli", "none, gzip, zstd")]
    [InlineData("csv:///x?compression=1", "none, gzip, zstd")]
    [InlineData("csv:///x?format=parquet", "no option 'format'")]
    [InlineData("parquet:///x?formula_guard=true", "an option of csv files")]
    [InlineData("csv:///x?row_group_rows=5000", "an option of parquet files")]
    [InlineData("csv:///x?formula_guard=perhaps", "true or false")]
    [InlineData("csv:///x?bom=maybe", "true or false")]
    [InlineData("s3://bucket/x?bom=true", "an option of csv files")]
    [InlineData("csv:///x?file_rows=0", "at least 1")]
    [InlineData("csv:///x?partition_by=created_at:hour", "created_at:day, created_at:month or created_at:year")]
    [InlineData("csv:///x?partition_by=created_at,created_at:day", "twice")]
    public void What_is_wrong_with_an_address_is_said_with_what_would_be_right(string uri, string words)
    {
        var error = Assert.Throws<SluiceException>(() => DestinationRegistry.Identity(uri));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(words, $"{error.Message} {error.Hint}", StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_stands_in_the_documentation_with_its_name() =>
        Assert.All(
            FileOption.All, option => Assert.Contains($"| `{option.Name}` |", Checkout.Read("docs/destinations/files.md"), StringComparison.Ordinal));

    [Fact]
    public void Partitions_are_added_to_an_address_of_files_and_to_no_other()
    {
        Assert.Equal(
            ["created_at"],
            DestinationRegistry.PartitionColumns(DestinationRegistry.WithPartitions("parquet:///x?file_rows=7", "created_at:month")));
        Assert.Equal(["a", "b"], DestinationRegistry.PartitionColumns(DestinationRegistry.WithPartitions("s3://b/p?region=x", "a,b:year")));
        Assert.Throws<SluiceException>(() => DestinationRegistry.WithPartitions("duckdb:///x.duckdb", "created_at"));
        Assert.Throws<SluiceException>(() => DestinationRegistry.WithPartitions("csv:///x?partition_by=a", "b"));
    }

    [Fact]
    public void The_same_folder_is_the_same_destination_whatever_is_written_there() =>
        Assert.Equal(DestinationRegistry.Identity("csv:///x?compression=gzip"), DestinationRegistry.Identity("parquet:///./x"));

    [Theory]
    [InlineData("AZURE_STORAGE_KEY", "a2V5", "https://acc.blob.core.windows.net/")]
    [InlineData("AZURE_STORAGE_SAS_TOKEN", "?sv=1&sig=x", "https://acc.blob.core.windows.net/")]
    [InlineData(
        "AZURE_STORAGE_CONNECTION_STRING",
        "AccountName=acc;AccountKey=a2V5eA==;BlobEndpoint=http://127.0.0.1:1/acc",
        "http://127.0.0.1:1/acc"
    )]
    [InlineData(
        "AZURE_STORAGE_CONNECTION_STRING",
        "DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=a2V5;EndpointSuffix=core.chinacloudapi.cn",
        "https://acc.blob.core.chinacloudapi.cn/"
    )]
    public void A_storage_account_is_read_from_the_variables_of_azures_tools(string variable, string value, string endpoint) =>
        Assert.Equal(endpoint, AzureAccount.Read("acc", null, name => name == variable ? value : null).Endpoint.AbsoluteUri);

    [Fact]
    public void A_storage_account_without_a_way_in_is_a_mistake_that_names_the_variables()
    {
        Assert.Contains(
            "AZURE_STORAGE_ACCOUNT", Assert.Throws<SluiceException>(() => AzureAccount.Read(null, null, _ => null)).Hint, StringComparison.Ordinal);
        Assert.Contains(
            "AZURE_STORAGE_KEY",
            Assert.Throws<SluiceException>(() => AzureAccount.Read("a", "http://127.0.0.1:1/a", _ => "")).Hint,
            StringComparison.Ordinal);
        Assert.DoesNotContain(
            "c2VjcmV0!",
            Assert.Throws<SluiceException>(() => AzureAccount.Read("a", null, name => name == "AZURE_STORAGE_KEY" ? "c2VjcmV0!" : null)).ToString(),
            StringComparison.Ordinal);
    }
}

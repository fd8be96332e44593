using Sluice.Destinations;
using Sluice.Engine;
using Xunit;

namespace Sluice.Tests.Destinations;

public sealed class DestinationAddressTests
{
    [Theory]
    [InlineData("duckdb:///x.duckdb?x=1", "duckdb:// has no option 'x': such an address has none at all.")]
    [InlineData("sqlite:////tmp/x.db?mode=ro&cache=1", "sqlite:// has no option 'mode': such an address has none at all.")]
    [InlineData("postgresql://h/d?sslmod=require", "Did you mean sslmode")]
    [InlineData("clickhouse://h/d?secur=true", "Did you mean secure? Known are secure,")]
    [InlineData("parquet:///x?compresion=gzip", "Did you mean compression? It has: compression,")]
    [InlineData("s3://b/p?enpoint=x", "Did you mean endpoint? It has: format,")]
    [InlineData("azblob://c/p?acount=x", "Did you mean account? It has: format,")]
    public void An_option_that_an_address_does_not_have_is_told_with_the_nearest_one_and_those_that_there_are(string uri, string words)
    {
        var error = Assert.Throws<SluiceException>(() => DestinationRegistry.Identity(uri));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(words, $"{error.Message} {error.Hint}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_question_mark_of_a_files_name_is_written_as_the_hint_says() =>
        Assert.EndsWith("/what?.duckdb", DestinationRegistry.Identity("duckdb:///what%3F.duckdb"), StringComparison.Ordinal);
}

using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config;

public sealed class DestinationPasswordTests
{
    [Theory]
    [InlineData("postgresql://me:s3cret@host/db", "s3cret")]
    [InlineData("postgresql://me:s3:cr@et@host/db", "s3:cr@et")]
    [InlineData("mysql://:s3cret@host", "s3cret")]
    [InlineData("clickhouse://host/db?user=me&password=s3cret&x=1", "s3cret")]
    [InlineData("postgresql://host/db?sslpassword=s3cret", "s3cret")]
    [InlineData("postgresql://me@host:5432/db", null)]
    [InlineData("duckdb:///a:b@c.duckdb", null)]
    [InlineData("postgresql://me:@host/db", null)]
    public void A_password_in_an_address_is_found(string address, string? password) =>
        Assert.Equal(password, DestinationAddress.FindPassword(address));

    // By the square of the colons it would be minutes: whoever runs the tests would see it named.
    [Fact]
    public void An_address_of_colons_is_looked_through_once() =>
        Assert.Null(DestinationAddress.FindPassword("x://" + new string(':', 2_000_000)));
}

using Sluice.Destinations.ClickHouse;
using Sluice.Engine;
using Xunit;

namespace Sluice.Tests.Destinations.ClickHouse;

public sealed class ClickHouseAddressTests
{
    [Theory]
    [InlineData("clickhouse://u@host/db", "http://host:8123/")]
    [InlineData("clickhouse://u@host/db?secure=true", "https://host:8443/")]
    [InlineData("clickhouse://u@host:8443/db", "https://host:8443/")]
    [InlineData("clickhouse://u@host:8443/db?secure=false", "http://host:8443/")]
    [InlineData("clickhouse://u@host:9440/db?secure=true&http_port=8444", "https://host:8444/")]
    [InlineData("clickhouse://u@[::1]:8124/db", "http://[::1]:8124/")]
    public void The_interface_is_found(string text, string endpoint) => Assert.Equal(endpoint, ClickHouseAddress.Parse(text).Endpoint.ToString());

    [Fact]
    public void Everything_can_be_escaped()
    {
        var address = ClickHouseAddress.Parse("clickhouse://al%40ice:p%40ss%2Fw%3Ard%23@Host/my%20db?cluster=a%26b&compress=true&timeout=60");
        Assert.Equal(("al@ice", "p@ss/w:rd#", "my db", "a&b"), (address.User, address.Password, address.Database, address.Cluster));
        Assert.True(address.Compresses);
        Assert.Equal(TimeSpan.FromMinutes(1), address.Timeout);
        Assert.Equal("clickhouse://al%40ice@host:8123/my%20db?cluster=a%26b", address.ToString());
        Assert.Equal("clickhouse://host:8123/my%20db", address.Identity);
    }

    [Theory]
    [InlineData("clickhouse://")]
    [InlineData("clickhouse://u:secret@host:9000/db")]
    [InlineData("clickhouse://u:secret@host/db?sslmode=require")]
    [InlineData("clickhouse://u:secret@host/db?secure=maybe")]
    [InlineData("clickhouse://u:secret@host/db?timeout=0")]
    [InlineData("clickhouse://u:secret@host/a/b")]
    public void A_wrong_address_is_told_with_an_example_and_without_the_password(string text)
    {
        var error = Assert.Throws<SluiceException>(() => ClickHouseAddress.Parse(text));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains("clickhouse://user@host:8123/database", error.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message + error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_schemas_never_mean_the_same_table()
    {
        var address = ClickHouseAddress.Parse("clickhouse://u@host/db");
        Assert.Equal("`db`.`messages`", new ClickHouseSchema(address, "customerio").Name("messages"));
        Assert.Equal("`db`.`crm___messages`", new ClickHouseSchema(address, "crm").Name("messages"));
        Assert.Equal("`crm`.`messages`", new ClickHouseSchema(address with { Database = null }, "crm").Name("messages"));
        Assert.Throws<SluiceException>(() => new ClickHouseSchema(address, "customerio").Name("crm___messages"));
        Assert.Throws<SluiceException>(() => new ClickHouseSchema(address, "a___b"));
        Assert.Throws<SluiceException>(() => new ClickHouseSchema(address, "a_"));
    }
}

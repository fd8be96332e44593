using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class OptionsTests
{
    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        var options = new CustomerIoOptions
        {
            AppApiKey = "",
            SiteId = "site",
            BaseUrl = new Uri("ftp://example.com"),
            TrackBaseUrl = new Uri("https://user:password@example.com"),
            RequestsPerSecond = 0,
            MaxAttempts = 0,
            AttemptTimeout = TimeSpan.Zero,
            MaxRetryTime = TimeSpan.FromDays(2),
            Region = (CustomerIoRegion)9,
            HttpVersion = new Version(3, 0),
        };
        string message = Assert.Throws<ArgumentException>(() => new CustomerIoClient(options)).Message;
        foreach (
            string name in new[]
            {
                "AppApiKey",
                "SiteId",
                "BaseUrl",
                "TrackBaseUrl",
                "RequestsPerSecond",
                "MaxAttempts",
                "AttemptTimeout",
                "MaxRetryTime",
                "Region",
                "HttpVersion",
            })
        {
            Assert.Contains(name, message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("password", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key with blank")]
    [InlineData("key\n")]
    [InlineData("schlüssel")]
    public void A_key_that_cannot_be_sent_is_refused(string key) =>
        Assert.Throws<ArgumentException>(() => new CustomerIoClient(new CustomerIoOptions { AppApiKey = key }));

    [Fact]
    public void The_defaults_are_valid()
    {
        using var client = new CustomerIoClient(new CustomerIoOptions { AppApiKey = "key" });
        Assert.Equal(10, client.Budget.RequestsPerSecond);
        Assert.Equal(100, client.TrackBudget.RequestsPerSecond);
    }
}

using Sluice.Data;
using Xunit;

namespace Sluice.Tests.Data;

public sealed class SluiceConnectionStringBuilderTests
{
    [Fact]
    public void Every_key_has_a_property_and_a_default()
    {
        var empty = new SluiceConnectionStringBuilder();

        Assert.Equal(TimeSpan.FromMinutes(5), empty.CacheTtl);
        Assert.Equal((1000, 0, false, false, false), (empty.MaxRequests, empty.Timeout, empty.Fresh, empty.AllowHttp, empty.PersistSecurityInfo));
        Assert.Equal("", empty.ConnectionString);
        foreach (var key in ConnectionKey.All)
        {
            var property = typeof(SluiceConnectionStringBuilder).GetProperty(key.Name.Replace(" ", "", StringComparison.Ordinal))!;
            Assert.Equal(empty[key.Name], property.GetValue(empty));
        }
    }

    [Fact]
    public void What_is_set_can_be_read_again()
    {
        var made = new SluiceConnectionStringBuilder
        {
            ApiKey = "k;e'y",
            Region = "eu",
            CacheTtl = TimeSpan.FromHours(1),
            Fresh = true,
            MaxRequests = 50,
            Timeout = 30,
        };

        var read = new SluiceConnectionStringBuilder(made.ConnectionString);

        Assert.Equal(("k;e'y", "eu", TimeSpan.FromHours(1)), (read.ApiKey, read.Region, read.CacheTtl));
        Assert.Equal((true, 50, 30), (read.Fresh, read.MaxRequests, read.Timeout));
        Assert.True(read.EquivalentTo(made));
        read.ApiKey = null;
        Assert.False(read.ContainsKey("ApiKey"));
        Assert.DoesNotContain("ApiKey", read.ConnectionString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("max requests=7")]
    [InlineData("MAX_REQUESTS=7")]
    [InlineData("MaxRequests=7")]
    public void Blanks_underscores_and_case_make_no_difference(string text)
    {
        var read = new SluiceConnectionStringBuilder(text);

        Assert.Equal(7, read.MaxRequests);
        Assert.Equal("MaxRequests=7", read.ConnectionString);
        Assert.Equal(7, read["maxrequests"]);
        Assert.True(read.TryGetValue("Max Requests", out var value));
        Assert.Equal(7, value);
        Assert.True(read.Remove("max_requests"));
        Assert.Equal(1000, read.MaxRequests);
    }

    [Theory]
    [InlineData("CacheTtl=90", 90)]
    [InlineData("CacheTtl=90m", 5400)]
    [InlineData("CacheTtl=0", 0)]
    public void Lengths_of_time_are_seconds_or_have_a_unit(string text, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new SluiceConnectionStringBuilder(text).CacheTtl);

    [Theory]
    [InlineData("ApiKei=x", "Did you mean ApiKey")]
    [InlineData("xyzzy=Invalid", "There are Address, ApiKey")]
    [InlineData("MaxRequests=0", "MaxRequests can't be '0'. It takes a whole number from 1.")]
    [InlineData("MaxRequests=many", "MaxRequests can't be 'many'")]
    [InlineData("Fresh=perhaps", "It takes true or false")]
    [InlineData("CacheTtl=soon", "CacheTtl can't be 'soon'")]
    [InlineData("Timeout=-1", "Timeout can't be '-1'")]
    [InlineData("Verify=1", "Verify can't be '1'. It takes sample, all or none.")]
    [InlineData("VerifyWait=soon", "VerifyWait can't be 'soon'")]
    public void What_is_wrong_is_refused_when_it_is_set(string text, string expected)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => new SluiceConnectionStringBuilder(text));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => new SluiceConnection(text));
        using var connection = new SluiceConnection();
        Assert.ThrowsAny<ArgumentException>(() => connection.ConnectionString = text);
    }
}

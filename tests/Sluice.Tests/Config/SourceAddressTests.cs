using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config;

public sealed class SourceAddressTests
{
    [Fact]
    public void Every_parameter_reaches_the_client()
    {
        var address = Read(
            "customerio://?api_key=k1&region=eu&base_url=http://127.0.0.1:1&site_id=s&track_api_key=t&track_base_url=http://127.0.0.1:2&rate=2.5");

        var client = address.Client;
        Assert.Equal("k1", client.AppApiKey);
        Assert.Equal(CustomerIoRegion.Eu, client.Region);
        Assert.Equal(new Uri("http://127.0.0.1:1"), client.BaseUrl);
        Assert.Equal(("s", "t"), (client.SiteId, client.TrackApiKey));
        Assert.Equal(new Uri("http://127.0.0.1:2"), client.TrackBaseUrl);
        Assert.Equal(2.5, client.RequestsPerSecond);
        Assert.True(address.HasTrack);
    }

    [Theory]
    [InlineData("a+b", "a+b")]
    [InlineData("a%2Bb", "a+b")]
    [InlineData("a%3D%26b", "a=&b")]
    [InlineData("a=b", "a=b")]
    public void A_key_is_taken_literally_but_for_percent_signs(string written, string meant) =>
        Assert.Equal(meant, Read($"customerio://?api_key={written}").Client.AppApiKey);

    [Fact]
    public void The_region_is_us_and_the_rate_10_unless_said_otherwise()
    {
        var client = Read("customerio://?api_key=k").Client;

        Assert.Equal((CustomerIoRegion.Us, 10d), (client.Region, client.RequestsPerSecond));
    }

    [Fact]
    public void Defaults_stand_in_for_what_the_address_leaves_out_and_only_for_that()
    {
        var defaults = Variables(
            ("CUSTOMERIO_APP_API_KEY", "env"), ("CUSTOMERIO_REGION", "eu"), ("CUSTOMERIO_BASE_URL", "http://127.0.0.1:3"));

        Assert.Equal(("env", CustomerIoRegion.Eu), (Read("customerio://", defaults).Client.AppApiKey, Read("customerio://", defaults).Client.Region));
        Assert.Equal(
            ("own", CustomerIoRegion.Us),
            (
                Read("customerio://?api_key=own&region=us", defaults).Client.AppApiKey,
                Read("customerio://?api_key=own&region=us", defaults).Client.Region));
    }

    [Theory]
    [InlineData("customerio://?api_key=k&regoin=us", "'regoin'", "region")]
    [InlineData("customerio://?api_key=k&region=de", "'de'", "us or eu")]
    [InlineData("customerio://?api_key=k&rate=fast", "'fast'", "10")]
    [InlineData("customerio://?api_key=k&rate=0", "'0'", "10")]
    [InlineData("customerio://?api_key=k&base_url=ftp://x", "base_url", "http")]
    [InlineData("customerio://?api_key=k&site_id=s", "one is missing", "both")]
    [InlineData("customerio://?api_key=k&api_key=l", "twice", null)]
    [InlineData("customerio://host?api_key=k", "between", "question mark")]
    [InlineData("customerio://?api_key=k®ion=us", "®", "&region=")]
    [InlineData("customerio://?api_key=k%20k", "blanks", "quote")]
    [InlineData("customerio://", "no App API key", "CUSTOMERIO_APP_API_KEY")]
    [InlineData("postgres://x", "postgres://", "customerio://")]
    [InlineData("api_key=k", "no scheme", "customerio://")]
    public void A_mistake_is_named_with_what_to_do(string uri, string named, string? hint)
    {
        var error = Assert.Throws<SluiceException>(() => Read(uri));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint ?? "", error.Hint ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void No_mistake_shows_a_key()
    {
        var error = Assert.Throws<SluiceException>(() => Read("customerio://?api_key=se cret&track_api_key=hid den&region=de&site=x"));

        Assert.DoesNotContain("cret", error.Message + error.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("hid", error.Message + error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://canary:canary@h/x")]
    [InlineData("https://h/x?token=canary")]
    [InlineData("canary:canary@h")]
    public void A_wrong_address_is_named_without_what_opens_it(string address)
    {
        var error = Assert.Throws<SluiceException>(() => Read("customerio://?api_key=k", Variables(("CUSTOMERIO_BASE_URL", address))));

        Assert.Contains("base_url is no http address: '", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.Message + error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void The_pair_of_workspace_and_destination_has_a_name_of_its_own()
    {
        var one = Read("customerio://?api_key=k1").PairWith("/a.duckdb");

        Assert.Matches("^[0-9a-f]{12}$", one);
        Assert.Equal(one, Read("customerio://?api_key=k1&rate=3").PairWith("/a.duckdb"));
        string[] others =
        [
            Read("customerio://?api_key=k2").PairWith("/a.duckdb"),
            Read("customerio://?api_key=k1").PairWith("/b.duckdb"),
            Read("customerio://?api_key=k1&region=eu").PairWith("/a.duckdb"),
            Read("customerio://?api_key=k1&base_url=http://127.0.0.1:1").PairWith("/a.duckdb"),
        ];
        Assert.DoesNotContain(one, others);
    }

    private static Func<string, string?> Variables(params (string Name, string Value)[] values) =>
        name => values.FirstOrDefault(one => one.Name == name).Value;

    private static SourceAddress Read(string uri, Func<string, string?>? defaults = null)
    {
        var mistakes = new ValidationErrors();
        var address = SourceAddress.Read(uri, defaults ?? (_ => null), mistakes);
        mistakes.ThrowIfAny();
        return address!;
    }
}

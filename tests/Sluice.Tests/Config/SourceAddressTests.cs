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

    [Theory]
    [InlineData("customerio://", "CUSTOMERIO_BASE_URL", "CUSTOMERIO_APP_API_KEY")]
    [InlineData("customerio://", "CUSTOMERIO_APP_API_KEY", "CUSTOMERIO_APP_API_KEY")]
    [InlineData("customerio://", "CUSTOMERIO_TRACK_BASE_URL", "CUSTOMERIO_TRACK_API_KEY")]
    [InlineData("customerio://?api_key=canary", "CUSTOMERIO_BASE_URL", "the source address")]
    public void A_key_does_not_go_where_only_the_file_of_the_folder_says(string uri, string ofFile, string key)
    {
        var error = Assert.Throws<SluiceException>(() => Read(uri, Everything, new KeyOrigins(name => name == ofFile)));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains($"The key in {key} would go to 127.0.0.1:", error.Message, StringComparison.Ordinal);
        Assert.Contains("Say both in the same place", error.Hint, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.Message + error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_in_a_variable_of_the_file_is_the_files()
    {
        var mistakes = new ValidationErrors();
        var origins = new KeyOrigins(name => name == "SLUICE_SOURCE_URI");
        SourceAddress.Read("customerio://?base_url=https://evil.example", Everything, mistakes, origins, "SLUICE_SOURCE_URI");

        Assert.Contains("would go to evil.example", mistakes.Found[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("customerio://", "")]
    [InlineData("customerio://", "CUSTOMERIO_")]
    [InlineData("customerio://?base_url=https://typed.example&track_base_url=https://typed.example", "CUSTOMERIO_APP_API_KEY")]
    [InlineData("customerio://?base_url=https://typed.example&track_base_url=https://typed.example", "")]
    public void A_key_goes_where_its_own_source_or_the_one_who_types_says(string uri, string ofFile) =>
        Assert.NotNull(Read(uri, Everything, new KeyOrigins(name => ofFile.Length > 0 && name.StartsWith(ofFile, StringComparison.Ordinal))));

    [Theory]
    [InlineData("http://crm.example", "", false)]
    [InlineData("http://10.0.0.1:8080", "", false)]
    [InlineData("http://crm.example", "&allow_http=false", false)]
    [InlineData("http://crm.example", "&allow_http=true", true)]
    [InlineData("http://localhost:8080", "", true)]
    [InlineData("http://[::1]:8080", "", true)]
    [InlineData("https://crm.example", "", true)]
    public void Http_to_another_machine_must_be_allowed(string address, string more, bool isAllowed)
    {
        foreach (var name in new[] { "base_url", "track_base_url" })
        {
            var uri = $"customerio://?api_key=k&{name}={address}{more}";
            if (isAllowed)
            {
                Assert.NotNull(Read(uri));
                continue;
            }

            var error = Assert.Throws<SluiceException>(() => Read(uri));
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
            Assert.Contains("allow_http=true", error.Hint, StringComparison.Ordinal);
        }
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

    private static string? Everything(string name) => name switch
    {
        "CUSTOMERIO_REGION" => null,
        _ when name.EndsWith("URL", StringComparison.Ordinal) => "http://127.0.0.1:3",
        _ => "canary",
    };

    private static SourceAddress Read(string uri, Func<string, string?>? defaults = null, KeyOrigins? origins = null)
    {
        var mistakes = new ValidationErrors();
        var address = SourceAddress.Read(uri, defaults ?? (_ => null), mistakes, origins);
        mistakes.ThrowIfAny();
        return address!;
    }
}

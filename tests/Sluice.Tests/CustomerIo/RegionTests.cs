using System.Net;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Server.Checks;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class RegionTests
{
    private static readonly ApiRequest Campaigns = ApiRequest.Get("/v1/campaigns");

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_to_the_other_datacenter_says_which_region_to_try(int status)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Replies.Status(status, ("Location", "https://api-eu.customer.io/v1/campaigns")));
        using CustomerIoClient client = Clients.For(server);
        CustomerIoException error = await client.FailsAsync(Campaigns);
        Assert.Equal(CustomerIoErrorKind.WrongRegion, error.Kind);
        Assert.Contains("The account is in region eu: set CUSTOMERIO_REGION=eu", error.Hint, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(301, "wrong datacenter")]
    [InlineData(401, """{"meta":{"error":"Wrong datacenter for this account"}}""")]
    [InlineData(400, """{"errors":[{"detail":"wrong data center"}]}""")]
    public async Task Words_about_the_wrong_datacenter_say_which_region_to_try(int status, string body)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Text(body, status, "text/plain"));
        using CustomerIoClient client = Clients.For(Clients.Options(server) with { Region = CustomerIoRegion.Eu });
        CustomerIoException error = await client.FailsAsync(Campaigns);
        Assert.Equal(CustomerIoErrorKind.WrongRegion, error.Kind);
        Assert.Contains("The account is in region us: set CUSTOMERIO_REGION=us", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_redirect_is_not_followed_with_the_key()
    {
        await using ScriptedServer other = await ScriptedServer.StartAsync(Replies.Json("{}"));
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(302, ("Location", $"{other.Url}v1/campaigns")));
        using CustomerIoClient client = Clients.For(server);
        CustomerIoException error = await client.FailsAsync(Campaigns);
        Assert.Equal(CustomerIoErrorKind.Envelope, error.Kind);
        Assert.Contains("not followed", error.Hint, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("us", null)]
    [InlineData("eu", "The Track API key is of an account in region eu, and the App API key of one in region us.")]
    public async Task A_check_says_in_which_region_each_key_works(string region, string? mistake)
    {
        using var handler = new StubHandler(request => new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(
                request.RequestUri!.Host.StartsWith("track", StringComparison.Ordinal)
                    ? $$"""{"region":"{{region}}","environment_id":1}"""
                    : """{"workspaces":[]}"""),
        });
        var source = SourceAddress.Read("customerio://?api_key=k&site_id=s&track_api_key=t", _ => null, new ValidationErrors())!;

        var findings = await ConnectionCheck.OfWorkspaceAsync(
            source, options => new CustomerIoClient(options, new InstantTime(), handler), TestContext.Current.CancellationToken);

        Assert.Contains(findings, finding => finding.Text == "the App API key works in region us");
        Assert.Equal(mistake, findings.Single(finding => finding.About == "track").Error?.Message);
    }

    [Theory]
    [InlineData(CustomerIoRegion.Us, ApiTarget.App, "https://api.customer.io/v1/x")]
    [InlineData(CustomerIoRegion.Eu, ApiTarget.App, "https://api-eu.customer.io/v1/x")]
    [InlineData(CustomerIoRegion.Us, ApiTarget.Track, "https://track.customer.io/v1/x")]
    [InlineData(CustomerIoRegion.Eu, ApiTarget.Track, "https://track-eu.customer.io/v1/x")]
    public async Task Each_region_and_api_has_its_host(CustomerIoRegion region, ApiTarget target, string expected)
    {
        using var handler = new StubHandler(_ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("{}") });
        var options = new CustomerIoOptions { AppApiKey = "key-1", SiteId = "site", TrackApiKey = "key-2", Region = region };
        using var client = new CustomerIoClient(options, new InstantTime(), handler);
        await client.SendAsync(ApiRequest.Get("/v1/x") with { Target = target });
        Assert.Equal(expected, handler.Requests.Single().RequestUri!.AbsoluteUri);
    }
}

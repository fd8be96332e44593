using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class ErrorMessageTests
{
    private static readonly ApiRequest Actions = ApiRequest.Get(
        "/v1/campaigns/{campaign_id}/actions", new KeyValuePair<string, string>("campaign_id", "7"));

    [Theory]
    [InlineData("""{"errors":[{"detail":"no such campaign","status":"404"}]}""", "no such campaign")]
    [InlineData("""{"errors":[{"detail":"bad value","source":{"pointer":"/data/limit"},"status":"400"}]}""", "bad value (/data/limit)")]
    [InlineData("""{"meta":{"error":"no such campaign"}}""", "no such campaign")]
    [InlineData("""{"meta":{"errors":["one","two"]}}""", "one; two")]
    [InlineData("""{"errors":[{"reason":"required","field":"id","message":"is required"}]}""", "is required (id)")]
    [InlineData("upstream failed", "upstream failed")]
    public async Task The_apis_own_words_are_told(string body, string detail)
    {
        CustomerIoException error = await FailAsync(body, 404);
        Assert.Equal(detail, error.Detail);
        Assert.Contains(detail, error.Message, StringComparison.Ordinal);
        Assert.Equal("GET /v1/campaigns/7/actions", error.Endpoint);
        Assert.Contains("404", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_words_are_cut()
    {
        CustomerIoException error = await FailAsync("{\"meta\":{\"error\":\"" + new string('x', 5000) + "\"}}", 400);
        Assert.Equal(500, error.Detail!.Length);
    }

    [Fact]
    public async Task A_refused_key_hints_at_key_scopes_and_region()
    {
        CustomerIoException error = await FailAsync("{}", 401);
        Assert.Equal(CustomerIoErrorKind.Unauthorized, error.Kind);
        Assert.Contains("App API key", error.Hint, StringComparison.Ordinal);
        Assert.Contains("scopes", error.Hint, StringComparison.Ordinal);
        Assert.Contains("region=eu", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_within_a_success_is_an_error()
    {
        CustomerIoException error = await FailAsync("""{"errors":[{"detail":"no such campaign","status":"404"}]}""", 200);
        Assert.Equal(CustomerIoErrorKind.NotFound, error.Kind);
        error = await FailAsync("""{"errors":[{"detail":"something else"}]}""", 200);
        Assert.Equal(CustomerIoErrorKind.Envelope, error.Kind);
        Assert.Contains("something else", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lists_empty_errors_are_no_error()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json("""{"errors":[],"meta":{"total":3}}"""));
        using CustomerIoClient client = Clients.For(server);
        Assert.Equal(200, (await client.SendAsync(Actions)).Status);
    }

    private static async Task<CustomerIoException> FailAsync(string body, int status)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json(body, status));
        using CustomerIoClient client = Clients.For(server);
        return await client.FailsAsync(Actions);
    }
}

using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class RequestTests
{
    [Theory]
    [InlineData("a+b@x/ y&z", "a%2Bb%40x%2F%20y%26z")]
    [InlineData("ü?#%", "%C3%BC%3F%23%25")]
    [InlineData("..", "%2E%2E")]
    [InlineData(".", "%2E")]
    [InlineData("a/../b", "a%2F..%2Fb")]
    public async Task Every_value_is_percent_encoded(string value, string encoded)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json("{}"));
        using CustomerIoClient client = Clients.For(server);
        await client.SendAsync(
            ApiRequest.Get("/v1/customers/{id}/attributes").With("id", value).WithQuery("email", value).WithQuery("id_type", "id"));
        string[] parts = server.Requests[0].Target.Split('?');
        Assert.Equal($"/v1/customers/{encoded}/attributes", parts[0]);
        Assert.Equal($"email={Uri.EscapeDataString(value)}&id_type=id", parts[1]);
    }

    [Fact]
    public async Task A_prefix_in_the_base_address_is_kept()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json("{}"));
        using CustomerIoClient client = Clients.For(Clients.Options(server) with { BaseUrl = new Uri(server.Url, "/proxy/cio/") });
        await client.SendAsync(ApiRequest.Get("/v1/campaigns"));
        Assert.Equal("/proxy/cio/v1/campaigns", server.Requests[0].Target);
    }

    [Fact]
    public async Task A_route_that_does_not_fit_its_values_is_a_programming_error()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json("{}"));
        using CustomerIoClient client = Clients.For(server);
        ApiRequest[] wrong =
        [
            ApiRequest.Get("/v1/campaigns/{id}"),
            ApiRequest.Get("/v1/campaigns/{id}").With("id", ""),
            ApiRequest.Get("/v1/campaigns").With("id", "7"),
            ApiRequest.Get("/v1/campaigns/{id").With("id", "7"),
            ApiRequest.Get("v1/campaigns"),
        ];
        foreach (ApiRequest request in wrong)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => client.SendAsync(request));
        }

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Each_api_has_its_credentials()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json("{}"));
        using CustomerIoClient client = Clients.For(server);
        await client.SendAsync(ApiRequest.Get("/v1/campaigns"));
        await client.SendAsync(ApiRequest.Get("/api/v1/accounts/region") with { Target = ApiTarget.Track });
        await client.SendAsync(ApiRequest.Get("/v1/info/ip_addresses") with { IsAnonymous = true });
        string basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{Clients.SiteId}:{Clients.TrackKey}"));
        Assert.Equal([$"Bearer {Clients.AppKey}", $"Basic {basic}", ""], server.Requests.Select(seen => seen.Headers.Authorization.ToString()));
    }

    [Fact]
    public async Task A_track_request_without_a_track_key_says_what_to_set()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json("{}"));
        using CustomerIoClient client = Clients.For(Clients.Options(server) with { SiteId = null, TrackApiKey = null });
        CustomerIoException error = await client.FailsAsync(ApiRequest.Get("/api/v1/accounts/region") with { Target = ApiTarget.Track });
        Assert.Equal(CustomerIoErrorKind.Unauthorized, error.Kind);
        Assert.Contains("site id", error.Hint, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Gzip_a_byte_order_mark_and_the_servers_clock_are_understood()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Gzip("\uFEFF{\"campaigns\":[]}"));
        using CustomerIoClient client = Clients.For(server);
        ApiResponse response = await client.SendAsync(ApiRequest.Get("/v1/campaigns"));
        Assert.Equal("""{"campaigns":[]}""", System.Text.Encoding.UTF8.GetString(response.Body.Span));
        Assert.Contains("gzip", server.Requests[0].Headers.AcceptEncoding.ToString(), StringComparison.Ordinal);
        Assert.NotNull(response.ServerTime);
        Assert.Equal(1, response.Attempts);
    }

    [Fact]
    public async Task A_large_chunked_body_comes_whole()
    {
        string text = new('x', 3_000_000);
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Gzip($$"""{"text":"{{text}}"}"""));
        using CustomerIoClient client = Clients.For(server);
        ApiResponse response = await client.SendAsync(ApiRequest.Get("/v1/x"));
        Assert.Equal(text.Length + 11, response.Body.Length);
    }
}

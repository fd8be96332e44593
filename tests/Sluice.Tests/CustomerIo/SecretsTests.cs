using System.Text;
using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

/// <summary>Canary keys that must not come out anywhere.</summary>
public sealed class SecretsTests
{
    private static readonly string Basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Clients.SiteId}:{Clients.TrackKey}"));

    [Theory]
    [InlineData(400, "application/json")]
    [InlineData(401, "application/json")]
    [InlineData(301, "text/plain")]
    [InlineData(502, "text/html")]
    [InlineData(200, "text/html")]
    [InlineData(200, "application/json")]
    public async Task Keys_that_the_server_echoes_are_redacted_everywhere(int status, string contentType)
    {
        string echo =
            $"{new string('.', 480)} Authorization: Bearer {Clients.AppKey} Basic {Basic} {Clients.TrackKey} {Clients.SiteId} Bearer " +
                $"someone-elses-token https://user:hunter2@example.com/";
        string body = contentType == "application/json" ? $$"""{"errors":[{"detail":"{{echo}}"}]}""" : echo[480..];
        var attempts = new List<AttemptRecord>();
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Text(body, status, contentType));
        using CustomerIoClient client = Clients.For(Clients.Options(server) with { MaxAttempts = 2 }, attempts);
        CustomerIoException error = await client.FailsAsync(ApiRequest.Get("/v1/{id}").With("id", Clients.AppKey).WithQuery("key", Clients.TrackKey));
        AssertClean(
            error.ToString() + error.Detail + error.Hint + error.Endpoint + string.Concat(attempts) + client.Statistics + client.Budget.Usage);
    }

    [Fact]
    public async Task Network_errors_hold_no_keys()
    {
        var attempts = new List<AttemptRecord>();
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Reset());
        using CustomerIoClient client = Clients.For(Clients.Options(server) with { MaxAttempts = 2 }, attempts);
        CustomerIoException error = await client.FailsAsync(ApiRequest.Get("/v1/campaigns"));
        AssertClean(error.ToString() + string.Concat(attempts));
    }

    [Fact]
    public async Task Options_and_requests_print_no_keys()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json("{}"));
        CustomerIoOptions options = Clients.Options(server);
        ApiRequest request = ApiRequest.Search("/v1/x", Encoding.UTF8.GetBytes(Clients.AppKey)).WithQuery("key", Clients.AppKey);
        AssertClean($"{options}{request}");
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            new CustomerIoClient(options with { AppApiKey = Clients.AppKey + " \n", MaxAttempts = 0 }));
        AssertClean(error.ToString());
    }

    private static void AssertClean(string text)
    {
        foreach (string secret in new[] { Clients.AppKey, Clients.TrackKey, Clients.SiteId, Basic, "canary", "someone-elses-token", "hunter2" })
        {
            Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Sluice.Destinations.Files.ObjectStores;
using Sluice.Engine;
using Sluice.Tests.CustomerIo;
using Xunit;

namespace Sluice.Tests.Destinations.Files;

/// <summary>What is asked of Azure beyond what its pretend server can show: signing in, and a busy account.</summary>
public sealed class AzureClientTests : IDisposable
{
    private static readonly string[] SignInVariables = ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "AZURE_TOKEN_CREDENTIALS"];

    // Where nobody names a time, none is waited: what is waited for then is what the account has named.
    private static readonly DelayStrategy NoPause = DelayStrategy.CreateFixedDelayStrategy(TimeSpan.Zero);

    private readonly List<(string? Authorization, string Address)> _asked = [];
    private readonly Queue<HttpResponseMessage> _answers = new();

    [Fact]
    public async Task Without_a_key_the_requests_carry_the_token_of_who_is_signed_in()
    {
        await using var identity = await ScriptedServer.StartAsync(Replies.Json(
            """{"access_token":"token-of-the-machine","expires_on":"4102444800","resource":"https://storage.azure.com","token_type":"Bearer"}"""));
        SignIn(identity.Url.AbsoluteUri);
        _answers.Enqueue(Created());

        Assert.True(await WriteAsync(variable: _ => null));

        Assert.Equal([("Bearer token-of-the-machine", "https://acc.blob.core.windows.net/lake/a%20b/_manifest.json")], _asked);
    }

    [Fact]
    public async Task When_nobody_is_signed_in_the_ways_to_are_told()
    {
        SignIn("http://127.0.0.1:1/");

        var error = await Assert.ThrowsAsync<SluiceException>(() => WriteAsync(variable: _ => null));

        Assert.Equal(SluiceErrorKind.Destination, error.Kind);
        Assert.Contains("az login", error.Hint, StringComparison.Ordinal);
        Assert.Empty(_asked);
    }

    [Fact]
    public async Task A_busy_account_is_asked_again_after_the_time_that_it_names()
    {
        var busy = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        busy.Headers.Add("Retry-After", "1");
        _answers.Enqueue(busy);
        _answers.Enqueue(Created());
        var began = Stopwatch.GetTimestamp();

        Assert.True(await WriteAsync());

        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.9, 60);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public async Task An_address_where_nobody_answers_is_told_after_a_few_attempts()
    {
        var error = await Assert.ThrowsAsync<SluiceException>(() => WriteAsync());

        Assert.True(error.IsTransient);
        Assert.Contains("there is no answer (nobody is there)", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, _asked.Count);
    }

    public void Dispose()
    {
        foreach (var name in SignInVariables)
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }

    private static HttpResponseMessage Created()
    {
        var answer = new HttpResponseMessage(HttpStatusCode.Created) { Content = new ByteArrayContent([]) };
        answer.Headers.TryAddWithoutValidation("ETag", "\"0x1\"");
        answer.Content.Headers.LastModified = DateTimeOffset.UnixEpoch;
        return answer;
    }

    private static void SignIn(string identity)
    {
        foreach (var (name, value) in SignInVariables.Zip([identity, "secret", "ManagedIdentityCredential"]))
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    private async Task<bool> WriteAsync(Func<string, string?>? variable = null)
    {
        using var http = new HttpClient(new StubHandler(request =>
        {
            _asked.Add((request.Headers.Authorization?.ToString(), request.RequestUri!.AbsoluteUri));
            return _answers.TryDequeue(out var answer) ? answer : throw new HttpRequestException("nobody is there");
        }));
        var signIn = new DefaultAzureCredentialOptions { RetryPolicy = new RetryPolicy(3, NoPause) };
        using var client = new AzureClient(
            "lake",
            AzureAccount.Read("acc", null, variable ?? (name => name == "AZURE_STORAGE_KEY" ? "a2V5" : null), signIn),
            new HttpClientTransport(http),
            NoPause);
        return await client.WriteAsync(
            "a b/_manifest.json", Encoding.UTF8.GetBytes("{}"), ExpectedVersion.Anything, TestContext.Current.CancellationToken);
    }
}

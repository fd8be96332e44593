using System.Net;
using System.Net.Sockets;
using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class WriteTests
{
    private static readonly ApiRequest Send = ApiRequest.Write(HttpMethod.Post, "/v1/send/email", "{}"u8.ToArray());

    [Theory]
    [InlineData("reset")]
    [InlineData("500")]
    [InlineData("503")]
    [InlineData("408")]
    public async Task A_write_is_not_repeated_when_it_may_have_been_processed(string trouble)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(trouble switch
        {
            "reset" => Replies.Reset(),
            _ => Replies.Status(int.Parse(trouble, System.Globalization.CultureInfo.InvariantCulture)),
        });
        using CustomerIoClient client = Clients.For(server);
        CustomerIoException error = await client.FailsAsync(Send);
        Assert.Single(server.Requests);
        Assert.True(error.MayHaveBeenProcessed);
        Assert.Contains("look before repeating", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_timed_out_is_not_repeated()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Hang());
        using CustomerIoClient client = new(Clients.Options(server) with { AttemptTimeout = TimeSpan.FromMilliseconds(250) });
        CustomerIoException error = await client.FailsAsync(Send);
        Assert.Equal(CustomerIoErrorKind.Timeout, error.Kind);
        Assert.True(error.MayHaveBeenProcessed);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_write_over_the_limit_is_repeated()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(429), Replies.Json("""{"delivery_id":"a"}"""));
        using CustomerIoClient client = Clients.For(server);
        Assert.Equal(2, (await client.SendAsync(Send)).Attempts);
    }

    [Fact]
    public async Task A_write_that_found_nobody_listening_is_repeated()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var unused = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        listener.Stop();
        var options = new CustomerIoOptions { AppApiKey = Clients.AppKey, BaseUrl = unused, MaxAttempts = 3 };
        using CustomerIoClient client = Clients.For(options);
        CustomerIoException error = await client.FailsAsync(Send);
        Assert.Equal(CustomerIoErrorKind.Network, error.Kind);
        Assert.False(error.MayHaveBeenProcessed);
        Assert.Equal(3, client.Statistics.Requests);
    }

    [Fact]
    public async Task A_refused_write_was_not_processed()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(400));
        using CustomerIoClient client = Clients.For(server);
        Assert.False((await client.FailsAsync(Send)).MayHaveBeenProcessed);
    }

    [Theory]
    [InlineData(200, "", null)]
    [InlineData(202, "accepted", "text/plain")]
    public async Task A_successful_write_need_not_answer_in_JSON(int status, string body, string? contentType)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Replies.Bytes(System.Text.Encoding.UTF8.GetBytes(body), status, contentType));
        using CustomerIoClient client = Clients.For(server);
        ApiResponse response = await client.SendAsync(Send);
        Assert.Equal(status, response.Status);
        Assert.Equal(body, System.Text.Encoding.UTF8.GetString(response.Body.Span));
    }

    [Fact]
    public async Task No_content_is_an_answer()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Status(204));
        using CustomerIoClient client = Clients.For(server);
        ApiResponse response = await client.SendAsync(ApiRequest.Write(HttpMethod.Delete, "/v1/segments/{id}").With("id", "4"));
        Assert.Equal(204, response.Status);
        Assert.True(response.Body.IsEmpty);
        Assert.Equal("DELETE", server.Requests[0].Method);
    }

    [Fact]
    public async Task A_batch_that_failed_in_part_is_an_answer()
    {
        const string Body = """{"errors":[{"batch_index":3,"reason":"invalid","field":"id","message":"too long"}]}""";
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json(Body, 207));
        using CustomerIoClient client = Clients.For(server);
        ApiResponse response = await client.SendAsync(ApiRequest.Write(HttpMethod.Post, "/api/v2/batch", "{}"u8.ToArray(), ApiTarget.Track));
        Assert.Equal(207, response.Status);
        Assert.Equal(Body, System.Text.Encoding.UTF8.GetString(response.Body.Span));
    }
}

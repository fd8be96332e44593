using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class CutBodyTests
{
    private const string Good = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
    private static readonly ApiRequest Campaigns = ApiRequest.Get("/v1/campaigns");

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"campaigns\":[")]
    public async Task A_body_that_is_cut_is_asked_for_again(string reply)
    {
        await using var server = new RawServer(reply, reply, Good);
        using CustomerIoClient client = Clients.For(Clients.Options(server.Url));
        ApiResponse response = await client.SendAsync(Campaigns);
        Assert.Equal(3, response.Attempts);
        Assert.Equal(2, client.Statistics.Retries[CustomerIoErrorKind.Body]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 20")]
    [InlineData("garbage\r\n\r\n")]
    public async Task An_answer_that_is_no_HTTP_is_a_lost_connection(string reply)
    {
        await using var server = new RawServer(reply, Good);
        using CustomerIoClient client = Clients.For(Clients.Options(server.Url));
        await client.SendAsync(Campaigns);
        Assert.Equal(1, client.Statistics.Retries[CustomerIoErrorKind.Network]);
        Assert.Equal(2, server.Requests);
    }

    [Fact]
    public async Task A_write_with_a_cut_answer_is_not_repeated()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{");
        using CustomerIoClient client = Clients.For(Clients.Options(server.Url));
        CustomerIoException error = await client.FailsAsync(ApiRequest.Write(HttpMethod.Post, "/v1/send/email", "{}"u8.ToArray()));
        Assert.True(error.MayHaveBeenProcessed);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_write_without_a_body_is_not_repeated_by_the_handler_either()
    {
        await using var server = new RawServer("");
        using CustomerIoClient client = Clients.For(Clients.Options(server.Url));
        CustomerIoException error = await client.FailsAsync(ApiRequest.Write(HttpMethod.Delete, "/v1/segments/4"));
        Assert.Equal(CustomerIoErrorKind.Network, error.Kind);
        Assert.True(error.MayHaveBeenProcessed);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_refusal_with_a_cut_answer_is_a_refusal()
    {
        await using var server = new RawServer("HTTP/1.1 404 Not Found\r\nContent-Length: 90\r\n\r\n{\"meta\"");
        using CustomerIoClient client = Clients.For(Clients.Options(server.Url));
        Assert.Equal(CustomerIoErrorKind.NotFound, (await client.FailsAsync(Campaigns)).Kind);
    }

    [Fact]
    public async Task An_answer_of_too_many_bytes_is_refused()
    {
        await using var server = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 300000000\r\n\r\n{");
        using CustomerIoClient client = Clients.For(Clients.Options(server.Url));
        CustomerIoException error = await client.FailsAsync(Campaigns);
        Assert.Equal(CustomerIoErrorKind.Body, error.Kind);
        Assert.False(error.IsTransient);
        Assert.Contains("128 MB", error.Message, StringComparison.Ordinal);
        Assert.Contains("limit", error.Hint, StringComparison.Ordinal);
        Assert.Equal(1, server.Requests);
    }
}

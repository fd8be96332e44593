using System.Text;
using Sluice.CustomerIo;
using Sluice.CustomerIo.Http;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class HostileAnswerTests
{
    private static readonly ApiRequest Newsletters = ApiRequest.Get("/v1/newsletters");
    private static readonly PageShape Shape = new() { RootKeys = ["newsletters"], Paged = true };

    [Theory]
    [InlineData("")]
    [InlineData("{\"id\":1},{\"id\":2}")]
    public async Task A_list_that_goes_on_without_a_new_record_ends_as_an_error(string records)
    {
        var asked = 0;
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            context => Replies.Json($$"""{"newsletters":[{{records}}],"next":"c{{Interlocked.Increment(ref asked)}}"}""")(context));
        using CustomerIoClient client = Clients.For(server);
        CustomerIoException error = await Assert.ThrowsAsync<CustomerIoException>(() => client.ReadAllAsync(Newsletters, Shape));
        Assert.Equal(CustomerIoErrorKind.Cursor, error.Kind);
        Assert.Contains("the list has no end", error.Message, StringComparison.Ordinal);
        Assert.InRange(asked, 500, 1_100);
    }

    [Theory]
    [InlineData(999, true)]
    [InlineData(1001, false)]
    [InlineData(100_000, false)]
    public async Task Json_of_more_levels_than_any_table_holds_fails_at_once(int levels, bool isTaken)
    {
        string body = $$"""{"x":{{new string('[', levels)}}{{new string(']', levels)}}}""";
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json(body));
        using CustomerIoClient client = Clients.For(server);
        if (isTaken)
        {
            Assert.Equal(body.Length, (await client.SendAsync(Newsletters)).Body.Length);
            return;
        }

        CustomerIoException error = await client.FailsAsync(Newsletters);
        Assert.Contains("more than 1000 levels", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Headers_without_end_fail_at_once()
    {
        await using var server = new RawServer($"HTTP/1.1 200 OK\r\nX-Big: {new string('a', 200_000)}\r\n\r\n");
        using CustomerIoClient client = Clients.For(Clients.Options(server.Url));
        CustomerIoException error = await client.FailsAsync(Newsletters);
        Assert.Contains("gave too long headers", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task A_key_that_comes_back_as_a_name_is_redacted()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json($$"""{"{{Clients.AppKey}}":[]}"""));
        using CustomerIoClient client = Clients.For(server);
        CustomerIoException error = await Assert.ThrowsAsync<CustomerIoException>(() => client.ReadAllAsync(Newsletters, Shape));
        Assert.Contains("`[redacted]`", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://files.example.com/x.csv")]
    [InlineData("ftp://127.0.0.1/x.csv")]
    public async Task A_link_over_http_is_refused_where_the_api_is_asked_by_https(string link)
    {
        using var handler = new StubHandler(_ => new HttpResponseMessage());
        using var client = new CustomerIoClient(Clients.Options(new Uri("https://api.example.com")), handler: handler);
        CustomerIoException error = await Assert.ThrowsAsync<CustomerIoException>(() => client.OpenLinkAsync(new Uri(link)));
        Assert.Contains("although the API is asked by https", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsTransient);
        Assert.Empty(handler.Requests);
    }

    [Fact]
    public async Task Large_bodies_wait_for_their_share_and_the_first_one_gets_it_first()
    {
        var budget = new BodyBudget();
        BodyShare first = await budget.TakeAsync(BodyBytes.Limit, CancellationToken.None);
        using var cancelled = new CancellationTokenSource();
        Task<BodyShare> gone = budget.TakeAsync(BodyBytes.Limit, cancelled.Token);
        Task<BodyShare> second = budget.TakeAsync(BodyBytes.Limit, CancellationToken.None);
        Task<BodyShare> third = budget.TakeAsync(BodyBytes.Limit, CancellationToken.None);
        using BodyShare medium = await budget.TakeAsync(BodyBudget.Medium, CancellationToken.None);

        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.False(second.IsCompleted || third.IsCompleted);
        first.Trim(2 * BodyBudget.Medium);
        using BodyShare next = await second;
        Assert.False(third.IsCompleted);
        first.Dispose();
        first.Dispose();
        Assert.False(third.IsCompleted);
        next.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task Bodies_that_grow_past_their_share_come_whole()
    {
        string body = $$"""{"newsletters":[{"id":1,"name":"{{new string('z', 40_000_000)}}"}]}""";
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Gzip(body));
        using CustomerIoClient client = Clients.For(server);
        Page[][] pages = [.. await Task.WhenAll(Enumerable.Range(0, 3).Select(async _ => (await client.ReadAllAsync(Newsletters, Shape)).ToArray()))];
        Assert.All(pages, page => Assert.Equal(Encoding.UTF8.GetByteCount(body), Assert.Single(page).Body.Length));
    }
}

using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class PageReaderTests
{
    private static readonly ApiRequest Newsletters = ApiRequest.Get("/v1/newsletters").WithQuery("limit", "2");
    private static readonly PageShape ByOffset = new() { RootKeys = ["newsletters"], CountsOffset = true, CursorParameter = "offset" };
    private static readonly PageShape Shape = new() { RootKeys = ["newsletters"], Paged = true };

    [Theory]
    [InlineData("")]
    [InlineData(""","next":null""")]
    [InlineData(""","next":"" """)]
    public async Task The_end_is_an_absent_or_null_or_empty_cursor(string end)
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Page("[{\"id\":1}]", ",\"next\":\"A\""), Page("[{\"id\":2}]", end));
        using CustomerIoClient client = Clients.For(server);
        List<Page> pages = await client.ReadAllAsync(Newsletters, Shape);
        Assert.Equal([null, "A"], pages.Select(page => page.Cursor));
        Assert.Equal(["A", null], pages.Select(page => page.Next));
        Assert.Equal([1, 2], pages.Select(page => page.Number));
        Assert.Equal(["/v1/newsletters?limit=2", "/v1/newsletters?limit=2&start=A"], server.Requests.Select(seen => seen.Target));
    }

    [Fact]
    public async Task An_empty_page_in_the_middle_is_not_the_end()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Page("[{\"id\":1}]", ",\"next\":\"A\""), Page("[]", ",\"next\":\"B\""), Page("null", ",\"next\":\"C\""), Page("[{\"id\":2}]", ""));
        using CustomerIoClient client = Clients.For(server);
        List<Page> pages = await client.ReadAllAsync(Newsletters, Shape);
        Assert.Equal([1, 0, 0, 1], pages.Select(page => page.Records.Count));
    }

    [Fact]
    public async Task A_list_by_offset_ends_with_an_empty_page_and_not_with_a_short_one()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Page("[{\"id\":1},{\"id\":2}]", ""), Page("[{\"id\":3}]", ""), Page("[]", ""));
        using CustomerIoClient client = Clients.For(server);
        List<Page> pages = await client.ReadAllAsync(Newsletters, ByOffset);
        Assert.Equal([2, 1, 0], pages.Select(page => page.Records.Count));
        Assert.Equal(["2", "3", null], pages.Select(page => page.Next));
        Assert.Equal(
            ["/v1/newsletters?limit=2", "/v1/newsletters?limit=2&offset=2", "/v1/newsletters?limit=2&offset=3"],
            server.Requests.Select(seen => seen.Target));
    }

    [Fact]
    public async Task A_server_that_knows_no_offset_fails_instead_of_looping()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Page("[{\"id\":1},{\"id\":2}]", ""));
        using CustomerIoClient client = Clients.For(server);
        CustomerIoException error = await Assert.ThrowsAsync<CustomerIoException>(() => client.ReadAllAsync(Newsletters, ByOffset));
        Assert.Equal(CustomerIoErrorKind.Cursor, error.Kind);
        Assert.Contains("the same records a second time for offset=2", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_repeated_cursor_fails_instead_of_looping()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Page("[]", ",\"next\":\"A\""));
        using CustomerIoClient client = Clients.For(server);
        await AssertCursorErrorAsync(client, null);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Alternating_cursors_fail_instead_of_looping()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Page("[]", ",\"next\":\"A\""), Page("[]", ",\"next\":\"B\""), Page("[]", ",\"next\":\"A\""));
        using CustomerIoClient client = Clients.For(server);
        await AssertCursorErrorAsync(client, null);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task The_cursor_a_walk_begins_with_counts_as_seen()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Page("[]", ",\"next\":\"A\""));
        using CustomerIoClient client = Clients.For(server);
        await AssertCursorErrorAsync(client, "A");
        Assert.EndsWith("start=A", server.Requests.Single().Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_is_a_cursor_and_cursors_are_encoded()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Page("[]", ",\"next\":42"), Page("[]", ",\"next\":\"a+b=&\\u00e9\""), Page("[]", ""));
        using CustomerIoClient client = Clients.For(server);
        await client.ReadAllAsync(Newsletters, Shape);
        Assert.EndsWith("start=42", server.Requests[1].Target, StringComparison.Ordinal);
        Assert.EndsWith("start=a%2Bb%3D%26%C3%A9", server.Requests[2].Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_that_is_an_object_is_an_error()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Page("[]", ",\"next\":{}"));
        using CustomerIoClient client = Clients.For(server);
        await AssertCursorErrorAsync(client, null);
    }

    [Fact]
    public async Task A_damaged_page_is_asked_for_again()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Page("[{\"id\":1}]", ",\"next\":\"A\""), Replies.Json("""{"newsletters":[{"id":2}"""), Page("[{\"id\":2}]", ""));
        using CustomerIoClient client = Clients.For(server);
        List<Page> pages = await client.ReadAllAsync(Newsletters, Shape);
        Assert.Equal([1, 2], pages.Select(page => page.Attempts));
        Assert.NotNull(pages[0].ServerTime);
    }

    [Fact]
    public async Task A_missing_root_key_names_the_endpoint_and_the_keys_found()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(Replies.Json("""{"letters":[],"count":0}"""));
        using CustomerIoClient client = Clients.For(server);
        CustomerIoException error = await Assert.ThrowsAsync<CustomerIoException>(() => client.ReadAllAsync(Newsletters, Shape));
        Assert.Equal(CustomerIoErrorKind.Envelope, error.Kind);
        Assert.Equal("GET /v1/newsletters", error.Endpoint);
        Assert.Contains("`newsletters`; the keys found are `letters`, `count`", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Equal(1, client.Statistics.Requests);
    }

    [Fact]
    public async Task An_error_within_a_success_is_no_empty_list()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Replies.Json("""{"newsletters":[],"errors":[{"detail":"not now","status":"503"}]}"""),
            Page("[]", ""));
        using CustomerIoClient client = Clients.For(server);
        List<Page> pages = await client.ReadAllAsync(Newsletters, Shape);
        Assert.Equal(2, pages.Single().Attempts);
    }

    [Fact]
    public async Task A_search_pages_in_its_query()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(
            Replies.Json("""{"identifiers":[{"cio_id":"a"}],"ids":["1"],"next":"MDox"}"""),
            Replies.Json("""{"ids":[],"identifiers":[],"next":""}"""));
        using CustomerIoClient client = Clients.For(server);
        ApiRequest search = ApiRequest.Search("/v1/customers", "{}"u8.ToArray()).WithQuery("limit", "1000");
        List<Page> pages = await client.ReadAllAsync(search, new PageShape { RootKeys = ["identifiers"], Paged = true });
        Assert.Equal(2, pages.Count);
        Assert.Equal("/v1/customers?limit=1000&start=MDox", server.Requests[1].Target);
        Assert.Equal("{}", server.Requests[1].Body);
    }

    private static async Task AssertCursorErrorAsync(CustomerIoClient client, string? startCursor)
    {
        CustomerIoException error = await Assert.ThrowsAsync<CustomerIoException>(() => client.ReadAllAsync(Newsletters, Shape, startCursor));
        Assert.Equal(CustomerIoErrorKind.Cursor, error.Kind);
        Assert.Contains("GET /v1/newsletters", error.Message, StringComparison.Ordinal);
    }

    private static Microsoft.AspNetCore.Http.RequestDelegate Page(string list, string rest) => Replies.Json($$"""{"newsletters":{{list}}{{rest}}}""");
}

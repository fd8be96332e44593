using Sluice.Writes.Journal;
using Sluice.Writes.Sync;
using Xunit;

namespace Sluice.Tests.Writes.Sync;

/// <summary>A table of names and values that is kept the same as the snippets of a workspace.</summary>
public sealed class SnippetTwoWayTests : IAsyncLifetime
{
    // The clock of the simulated workspace stands still at 2026-03-15 12:00.
    private const string Later = "2026-03-15 13:00:00";
    private const string Earlier = "2026-03-15 11:00:00";

    private TwoWayBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _bench = await TwoWayBench.StartAsync(FileDatabase.Of("SQLite"));
        foreach (var name in (await SnippetsAsync()).Keys)
        {
            await _bench.Simulator.SendAsync(HttpMethod.Delete, $"/v1/snippets/{Uri.EscapeDataString(name)}");
        }

        await PutAsync("footer", "Bye");
        await _bench.Database.RunAsync(
            $"CREATE TABLE stock (name TEXT, value TEXT, edited DATETIME); INSERT INTO stock VALUES ('header', ' Hello ', '{Earlier}')");
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task They_are_made_changed_and_deleted_on_both_sides()
    {
        var settings = Settings with { Deletes = true, MostDeletes = new DeletionLimit(1, false) };
        Assert.Equal(0, (await _bench.RunAsync(settings)).ExitCode);
        Assert.Equal("footer|Bye\nheader| Hello ", await TableAsync());
        Assert.Equal("footer=Bye header=Hello", await TextAsync());
        await _bench.AssertQuietAsync(settings);

        await PutAsync("header", "Hi");
        await PutAsync("new", "n");
        await _bench.Database.RunAsync("DELETE FROM stock WHERE name = 'footer'; INSERT INTO stock VALUES ('a/b c', 'x', NULL)");
        Assert.Equal(0, (await _bench.RunAsync(settings)).ExitCode);
        Assert.Equal("a/b c|x\nheader|Hi\nnew|n", await TableAsync());
        Assert.Equal("a/b c=x header=Hi new=n", await TextAsync());
        await _bench.AssertQuietAsync(settings);
    }

    [Fact]
    public async Task Ten_journals_are_kept_of_runs_that_change_Customer_io()
    {
        for (var n = 0; n < 12; n++)
        {
            await _bench.Database.RunAsync($"UPDATE stock SET value = 'v{n}' WHERE name = 'header'");
            await _bench.RunAsync(Settings);
        }

        Assert.Equal(10, new JournalFolder(_bench.Work).List().Count);
    }

    [Theory]
    [InlineData(Later, "mine", 0)]
    [InlineData(Earlier, "theirs", 0)]
    [InlineData("2026-03-15 12:00:00.5", null, 7)]
    [InlineData("", null, 7)]
    public async Task The_newer_one_is_taken_and_where_nothing_tells_it_is_listed(string edited, string? taken, int exitCode)
    {
        var settings = Settings with { Prefer = Preference.Newest, ChangedAt = "edited" };
        await _bench.RunAsync(settings);
        await PutAsync("header", "theirs");
        await _bench.Database.RunAsync($"UPDATE stock SET value = 'mine', edited = '{edited}' WHERE name = 'header'");

        Assert.Equal(exitCode, (await _bench.RunAsync(settings)).ExitCode);

        Assert.Equal($"footer=Bye header={taken ?? "theirs"}", await TextAsync());
        Assert.Equal($"footer|Bye\nheader|{taken ?? "mine"}", await TableAsync());
    }

    [Fact]
    public async Task One_that_is_refused_is_named_the_others_go_and_the_next_run_tries_again()
    {
        await _bench.RunAsync(Settings);
        await _bench.Database.RunAsync(
            "UPDATE stock SET value = '{{ broken' WHERE name = 'header'; UPDATE stock SET value = 'Ciao' WHERE name = 'footer'");
        using var refusing = new RefusingHandler("broken");

        var report = await _bench.RunAsync(Settings, refusing);

        Assert.Equal((7, "name=header"), (report.ExitCode, Assert.Single(report.Moved, row => row.Failure is not null).Name));
        Assert.Equal("footer=Ciao header=Hello", await TextAsync());
        Assert.Equal(0, (await _bench.RunAsync(Settings)).ExitCode);
        Assert.Equal("footer=Ciao header={{ broken", await TextAsync());
    }

    private TwoWaySettings Settings => _bench.Settings with { Collection = null, Key = ["name"], Columns = ["value"] };

    private Task<string> TableAsync() => _bench.Database.RunAsync("SELECT name, value FROM stock ORDER BY name");

    private async Task PutAsync(string name, string value) => Assert.Equal(
        200, (await _bench.Simulator.SendAsync(HttpMethod.Put, "/v1/snippets", $$"""{"name":"{{name}}","value":"{{value}}"}""")).Status);

    private async Task<string> TextAsync() => string.Join(' ', (await SnippetsAsync()).Select(one => $"{one.Key}={one.Value}"));

    private async Task<SortedDictionary<string, string>> SnippetsAsync() => new(
        (await _bench.Simulator.GetAsync("/v1/snippets")).GetProperty("snippets").EnumerateArray()
            .ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("value").GetString()!),
        StringComparer.Ordinal);

    /// <summary>Refuses what holds a word, as Customer.io refuses Liquid that is wrong.</summary>
    private sealed class RefusingHandler(string word) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            request.Content is { } content && (await content.ReadAsStringAsync(cancellationToken)).Contains(word, StringComparison.Ordinal)
                ? new HttpResponseMessage(System.Net.HttpStatusCode.UnprocessableEntity)
                {
                    Content = new StringContent("""{"errors":[{"detail":"Liquid is wrong","status":"422"}]}"""),
                    RequestMessage = request,
                }
                : await base.SendAsync(request, cancellationToken);
    }
}

using System.Net;
using Sluice.Server.Auth;
using Xunit;

namespace Sluice.Tests.Server.Dashboard;

/// <summary>What pages show, without a browser.</summary>
public sealed class PageTests
{
    public static TheoryData<string> Paths { get; } =
    [
        "/",
        "/?show=paused",
        "/syncs/daily",
        $"/syncs/{DashboardWorld.HostilePath}",
        $"/syncs/{DashboardWorld.HostilePath}/tables",
        "/pushes/leads",
        "/writes",
        "/webhooks",
        "/workspaces",
        "/destinations",
        "/runs",
        $"/runs?kind=sync&name={DashboardWorld.HostilePath}",
        $"/runs/{DashboardWorld.RunId}",
        $"/runs/{DashboardWorld.RunId}-h",
        $"/runs/{DashboardWorld.FailedId}",
    ];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_hostile_name_is_text_and_nothing_else(string path)
    {
        await using var world = await DashboardWorld.StartAsync();
        using var admin = await world.LogInAsync(Role.Admin);

        using var answer = await admin.GetAsync(path);
        var page = await answer.Content.ReadAsStringAsync(ServerWorld.Cancel);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("text/html", answer.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.DoesNotContain("'&{{", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/query")]
    [InlineData("/pipeline")]
    [InlineData("/settings")]
    public async Task Pages_that_readers_do_not_see_are_text_too(string path)
    {
        await using var world = await DashboardWorld.StartAsync();
        using var admin = await world.LogInAsync(Role.Admin);

        var page = await admin.ReadAsync(path);

        Assert.Contains("</html>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_tells_of_each_sync_how_it_stands_its_last_run_and_its_next_due_time_with_the_zone()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var reader = await world.LogInAsync(Role.Reader);

        var page = await reader.ReadAsync("/");

        Assert.Contains(">daily</a>", page, StringComparison.Ordinal);
        Assert.Contains("<time datetime=\"2026-11-30T14:00:00Z\"", page, StringComparison.Ordinal);
        Assert.Contains(">Mon 30 Nov 06:00</time><small>America/Los_Angeles</small>", page, StringComparison.Ordinal);
        Assert.Contains("5 h ago", page, StringComparison.Ordinal);
        Assert.Contains("<title>Sun 29 Nov: 1,234 rows, 2 runs, 1 not complete</title>", page, StringComparison.Ordinal);
        Assert.Contains("fresh", page, StringComparison.Ordinal);
        Assert.Contains("paused", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_timeline_has_runs_missed_times_changes_of_columns_and_what_people_did()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var operating = await world.LogInAsync(Role.Operator);

        using var paused = await operating.PostFormAsync("/syncs/daily/pause", ("note", "the warehouse moves"));
        var page = await operating.ReadAsync("/syncs/daily");

        Assert.Equal("/syncs/daily?done=paused", paused.Headers.Location!.OriginalString);
        Assert.Contains("Due, and not run:", page, StringComparison.Ordinal);
        Assert.Contains("Columns changed:", page, StringComparison.Ordinal);
        Assert.Contains("paused it, the warehouse moves", page, StringComparison.Ordinal);
        Assert.Contains("What happened:", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_has_no_button_but_that_to_log_out()
    {
        await using var world = await DashboardWorld.StartAsync();
        using var reader = await world.LogInAsync(Role.Reader);

        foreach (var row in Paths)
        {
            var forms = (await reader.ReadAsync(row.Data)).Split("<form").Skip(1)
                .Where(form => !form.Contains("method=\"dialog\"", StringComparison.Ordinal));
            Assert.All(forms, form => Assert.Contains("action=\"/logout\"", form.Split('>')[0], StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/syncs/nothing")]
    [InlineData("/syncs/nothing/tables")]
    [InlineData("/pushes/daily")]
    [InlineData("/runs/nothing")]
    public async Task What_is_not_there_is_told_on_a_page(string path)
    {
        await using var world = await DashboardWorld.StartAsync();
        using var reader = await world.LogInAsync(Role.Reader);

        using var answer = await reader.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no ", await answer.Content.ReadAsStringAsync(ServerWorld.Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tables_of_a_destination_that_is_not_there_yet_are_told_in_a_sentence_and_no_file_is_made()
    {
        await using var world = await DashboardWorld.StartAsync(options => options with
        {
            Variables = name => name == "CUSTOMERIO_APP_API_KEY" ? "a-key" : null,
        });
        using var reader = await world.LogInAsync(Role.Reader);

        var page = await reader.ReadAsync("/syncs/daily/tables");

        Assert.Contains("It is not there yet: the first run makes it.", page, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(world.Folder, "crm.duckdb")));
    }

    [Theory]
    [InlineData("/assets/app.css", "text/css")]
    [InlineData("/assets/live.js", "text/javascript")]
    [InlineData("/assets/icon.svg", "image/svg+xml")]
    public async Task An_asset_that_a_browser_has_is_not_sent_again(string path, string type)
    {
        await using var world = await ServerWorld.StartAsync();
        using var stranger = world.NewVisitor();

        using var first = await stranger.GetAsync(path);
        using var again = await stranger.GetAsync(path, ("If-None-Match", first.Headers.ETag!.ToString()));
        using var forEver = await stranger.GetAsync($"{path}?v={first.Headers.ETag.Tag.Trim('"')}");

        Assert.Equal(type, first.Content.Headers.ContentType!.MediaType);
        Assert.Equal("no-cache", first.Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Contains("immutable", forEver.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
    }
}

using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Sluice.ServerTests.Dashboard;

/// <summary>The pages in Chromium: whoever looks, however they look, and whatever is named how.</summary>
[Trait("length", "long")]
public sealed class BrowserTests(BrowserWorld world) : IClassFixture<BrowserWorld>
{
    private static readonly string[] Paths =
    [
        "/", "/syncs/daily", "/syncs/other", "/syncs/daily/tables", "/runs", "/query", "/writes", "/webhooks",
        "/workspaces", "/destinations", "/pipeline", "/settings",
    ];

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(380, ColorScheme.Light)]
    [InlineData(380, ColorScheme.Dark)]
    public async Task Every_page_is_accessible_fits_and_runs_nothing_that_it_was_given_as_a_name(int width, ColorScheme scheme)
    {
        await using var window = await world.OpenAsync(width, scheme);
        await RunAsync(window, "daily");

        foreach (var path in Paths.Append(await LastRunAsync(window)))
        {
            await window.Page.GotoAsync(path);
            var axe = await window.Page.RunAxe();
            Assert.True(axe.Violations.Length == 0, $"{path}: {string.Join("; ", axe.Violations.Select(one => $"{one.Id} {one.Nodes[0].Html}"))}");
            Assert.True(await OverflowAsync(window) <= 0, $"{path} is wider than {width}.");
        }

        Assert.Empty(window.Complaints);
    }

    [Fact]
    public async Task Without_javascript_everything_is_read_and_buttons_work()
    {
        await using var window = await world.OpenAsync(hasScript: false);

        await window.Page.GotoAsync("/");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "daily", Exact = true }).ClickAsync();
        await window.Page.GetByText("As a table").ClickAsync();
        await Assertions.Expect(window.Page.Locator("details table tbody tr")).ToHaveCountAsync(30);
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();

        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Asked for.");
    }

    [Fact]
    public async Task With_the_keyboard_alone_a_sync_is_run_and_paused()
    {
        await using var window = await world.OpenAsync();

        await window.Page.GotoAsync("/");
        await TabToAsync(window, "daily");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.WaitForURLAsync("**/syncs/daily");
        await TabToAsync(window, "Run now");
        await window.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Asked for.");

        await TabToAsync(window, "Pause");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.Keyboard.PressAsync("Tab");
        await window.Page.Keyboard.TypeAsync("the warehouse moves");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.WaitForURLAsync("**done=paused");
        await Assertions.Expect(window.Page.Locator("main")).ToContainTextAsync("the warehouse moves");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
    }

    [Fact]
    public async Task A_page_that_is_open_shows_the_end_of_a_run_by_itself()
    {
        await using var window = await world.OpenAsync();

        await window.Page.GotoAsync("/syncs/daily");
        var ended = window.Page.Locator("td.words", new() { HasText = "all complete" });
        var before = await ended.CountAsync();

        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();

        await Assertions.Expect(ended).ToHaveCountAsync(before + 1);
    }

    [Fact]
    public async Task What_can_not_be_undone_is_asked_about_and_escape_leaves_it()
    {
        await using var window = await world.OpenAsync();
        await window.Page.GotoAsync("/settings");
        await window.Page.GetByText("Set a secret").ClickAsync();
        await window.Page.GetByLabel("Name of the variable").FillAsync("CANARY");
        await window.Page.GetByLabel("Value").FillAsync("a value");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Set", Exact = true }).ClickAsync();
        var remove = window.Page.GetByRole(AriaRole.Button, new() { Name = "Remove CANARY" });

        await remove.ClickAsync();
        await window.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(remove).ToBeVisibleAsync();
        await remove.ClickAsync();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Yes, do it" }).ClickAsync();

        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Removed.");
    }

    // Presses the button and waits until the page itself says that the run has ended.
    private static async Task RunAsync(BrowserWindow window, string sync)
    {
        await window.Page.GotoAsync($"/syncs/{sync}");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("Asked for.");
        await Assertions.Expect(window.Page.Locator(".head .status")).ToContainTextAsync("fresh");
    }

    private static async Task<string> LastRunAsync(BrowserWindow window)
    {
        await window.Page.GotoAsync("/runs");
        return (await window.Page.Locator("tbody tr td a").First.GetAttributeAsync("href"))!;
    }

    private static Task<int> OverflowAsync(BrowserWindow window) =>
        window.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    private static async Task TabToAsync(BrowserWindow window, string name)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            await window.Page.Keyboard.PressAsync("Tab");
            if (await window.Page.EvaluateAsync<string>("(document.activeElement.textContent || '').trim()") == name)
            {
                return;
            }
        }

        Assert.Fail($"The keyboard does not reach '{name}'.");
    }
}

/// <summary>A server on which nobody has set anything.</summary>
[Trait("length", "long")]
public sealed class SetupBrowserTests
{
    [Fact]
    public async Task From_nothing_to_rows_in_duckdb_without_a_file()
    {
        await using var world = new BrowserWorld { HasFile = false };
        await world.InitializeAsync();
        await using var window = await world.OpenAsync();

        await window.Page.GotoAsync("/");
        await window.Page.GetByLabel("App API key").FillAsync("sim-app-key");
        await window.Page.GetByLabel("Destination").FillAsync($"duckdb:////{world.Folder}/crm.duckdb");
        var axe = await window.Page.RunAxe();
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Check it and read everything" }).ClickAsync();
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("the first run is asked for");
        await Assertions.Expect(window.Page.Locator(".head .status")).ToContainTextAsync("fresh");

        Assert.Empty(axe.Violations);
        await window.Page.GotoAsync("/syncs/daily/tables");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Row, new() { Name = "campaigns campaigns" })).ToContainTextAsync("12");
        Assert.True(File.Exists(Path.Combine(world.Folder, "crm.duckdb")));
        Assert.Empty(window.Complaints);
    }
}

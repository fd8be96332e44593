using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>The truth over HTTP, and changes made from outside.</summary>
public sealed class ControlTests : IAsyncLifetime
{
    private SimulatorHarness _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await SimulatorHarness.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task Every_table_of_the_truth_comes_as_json_lines_and_holds_something()
    {
        var tables = (await _simulator.GetAsync("/_sim/truth")).GetProperty("tables").EnumerateArray().Select(table => table.GetString()!).ToList();
        Assert.NotEmpty(tables);
        foreach (var table in tables)
        {
            var lines = (await _simulator.Anyone.GetStringAsync($"/_sim/truth/{table}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.NotEmpty(lines);
            Assert.All(lines, line => Assert.Equal(JsonValueKind.Object, SimulatorHarness.Parse(line).ValueKind));
            Assert.Equal(lines.Length, (await _simulator.GetAsync($"/_sim/truth/{table}?count=true")).GetProperty("rows").GetInt32());
        }
    }

    [Fact]
    public async Task A_person_added_changed_and_deleted_is_seen_by_the_api()
    {
        var added = await Change(new { op = "add-person", id = "new one", email = "new@example.com", attributes = new { plan = "pro", count = 7 } });
        var cioId = added.GetProperty("cio_id").GetString();
        var profile = await _simulator.GetAsync("/v1/customers/new%20one/attributes");
        Assert.Equal(cioId, profile.GetProperty("customer").GetProperty("attributes").GetProperty("cio_id").GetString());
        Assert.Equal("7", profile.GetProperty("customer").GetProperty("attributes").GetProperty("count").GetString());
        await Change(new { op = "update-person", cio_id = cioId, attributes = new { plan = (string?)null, id = "renamed" } });
        Assert.Equal(404, await _simulator.StatusAsync("/v1/customers/new%20one/attributes"));
        profile = await _simulator.GetAsync("/v1/customers/renamed/attributes");
        Assert.False(profile.GetProperty("customer").GetProperty("attributes").TryGetProperty("plan", out _));
        await Change(new { op = "delete-person", cio_id = cioId });
        Assert.Equal(404, await _simulator.StatusAsync("/v1/customers/renamed/attributes"));
        Assert.Equal(20, _simulator.World.Rows("customers").Count());
    }

    [Fact]
    public async Task An_updated_campaign_has_a_new_time_and_a_deleted_one_is_gone_while_its_deliveries_stay()
    {
        await Change(new { op = "update-campaign", id = 1, name = "Renamed" });
        var campaign = (await _simulator.GetAsync("/v1/campaigns/1")).GetProperty("campaign");
        Assert.Equal("Renamed", campaign.GetProperty("name").GetString());
        Assert.Equal(SimulatorHarness.Small.Now!.Value.ToUnixTimeSeconds(), campaign.GetProperty("updated").GetInt64());
        var before = _simulator.World.Rows("messages").Count();
        await Change(new { op = "delete-campaign", id = 1 });
        Assert.Equal(404, await _simulator.StatusAsync("/v1/campaigns/1/actions"));
        Assert.Equal(before, _simulator.World.Rows("messages").Count());
    }

    [Fact]
    public async Task Added_deliveries_may_lie_in_the_past_and_are_listed_in_their_place()
    {
        var created = SimulatorHarness.Small.Now!.Value.AddDays(-3).ToUnixTimeSeconds();
        var ids = (
            await Change(
                new
                {
                    op = "add-messages",
                    id = 1,
                    count = 5,
                    created,
                })
        ).GetProperty("ids").EnumerateArray().Select(id => id.GetString()).ToHashSet();
        var rows = await _simulator.WalkAsync("/v1/messages?limit=3", "messages");
        Assert.Equal(5, rows.Count(row => ids.Contains(row.GetProperty("id").GetString())));
        Assert.Equal(
            rows.Select(row => row.GetProperty("created").GetInt64()).OrderDescending(), rows.Select(row => row.GetProperty("created").GetInt64()));
        Assert.Equal(rows.Count, rows.DistinctBy(row => row.GetProperty("id").GetString()).Count());
    }

    [Fact]
    public async Task An_unknown_operation_names_those_there_are()
    {
        var (status, body) = await _simulator.SendAsync(HttpMethod.Post, "/_sim/change", """{"op":"explode"}""");
        Assert.Equal(400, status);
        Assert.Contains("add-person", body);
    }

    [Fact]
    public async Task Shutdown_ends_the_wait()
    {
        var waiting = _simulator.Server.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await _simulator.PostAsync("/_sim/shutdown", new { });
        await waiting;
    }

    private Task<JsonElement> Change(object change) => _simulator.PostAsync("/_sim/change", change);
}

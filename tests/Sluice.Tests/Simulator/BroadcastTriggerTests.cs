using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>Triggers of broadcasts: how one learns that they are done, and what went wrong.</summary>
public sealed class BroadcastTriggerTests
{
    private const string Broadcast = "/v1/campaigns/13/triggers";

    [Fact]
    public async Task A_trigger_has_no_status_but_the_time_at_which_it_was_processed()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var id = (await simulator.PostAsync(Broadcast, new { ids = new[] { "1", "twin-1" } })).GetProperty("id").GetInt64();
        var waiting = await simulator.GetAsync($"{Broadcast}/{id}");
        Assert.Equal(["id", "broadcast_id", "created_at"], waiting.EnumerateObject().Select(member => member.Name));
        await simulator.PostAsync("/_sim/clock", new { advance = "1m" });
        var done = await simulator.GetAsync($"{Broadcast}/{id}");
        Assert.Equal(["id", "broadcast_id", "created_at", "processed_at"], done.EnumerateObject().Select(member => member.Name));
        var listed = (await simulator.GetAsync("/v1/broadcasts/13/triggers")).GetProperty("triggers").EnumerateArray().Last();
        Assert.Equal(done.ToString(), listed.ToString());
    }

    [Fact]
    public async Task A_trigger_counted_its_recipients_before()
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ApiForm = "2026-08" });
        var id = (await simulator.PostAsync(Broadcast, new { ids = new[] { "1", "twin-1" } })).GetProperty("id").GetInt64();
        Assert.Equal(2, (await simulator.GetAsync($"{Broadcast}/{id}")).GetProperty("recipients_count").GetInt32());
    }

    [Fact]
    public async Task A_refused_trigger_is_named_in_the_refusal_and_gives_its_errors_by_pages_with_a_number_for_the_next()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var ids = Enumerable.Range(0, 25).Select(number => number == 4 ? "1" : $"nobody {number}");
        var (status, body) = await simulator.SendAsync(HttpMethod.Post, Broadcast, JsonSerializer.Serialize(new { ids }));
        Assert.Equal(422, status);
        var error = SimulatorHarness.Parse(body).GetProperty("errors")[0];
        Assert.Equal("/data/attributes/ids", error.GetProperty("source").GetProperty("pointer").GetString());
        var trigger = error.GetProperty("detail").GetString()!.Split("trigger ")[1].TrimEnd('"');
        Assert.Equal(200, await simulator.StatusAsync($"{Broadcast}/{trigger}"));
        var path = $"{Broadcast}/{trigger}/errors?limit=20";
        var first = await simulator.GetAsync(path);
        Assert.Equal(20, first.GetProperty("errors").GetArrayLength());
        Assert.StartsWith("line 6: ", first.GetProperty("errors")[4].GetString());
        Assert.Equal(20, first.GetProperty("next").GetInt32());
        var second = await simulator.GetAsync($"{path}&start=20");
        Assert.Equal(4, second.GetProperty("errors").GetArrayLength());
        Assert.False(second.TryGetProperty("next", out _));
        Assert.Equal(400, await simulator.StatusAsync($"{path}&start=abc"));
        Assert.Equal(404, await simulator.StatusAsync($"{Broadcast}/999/errors"));
    }

    [Fact]
    public async Task People_who_are_missing_can_be_passed_over()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var body = new { ids = new[] { "1", "nobody" }, id_ignore_missing = true };
        var id = (await simulator.PostAsync(Broadcast, body)).GetProperty("id").GetInt64();
        Assert.Equal(0, (await simulator.GetAsync($"{Broadcast}/{id}/errors")).GetProperty("errors").GetArrayLength());
    }
}

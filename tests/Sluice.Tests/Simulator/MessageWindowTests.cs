using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>Which deliveries the lists give, whatever was asked for.</summary>
public sealed class MessageWindowTests : IAsyncLifetime
{
    private SimulatorHarness _simulator = null!;

    private static long Now => SimulatorHarness.Small.Now!.Value.ToUnixTimeSeconds();

    public async ValueTask InitializeAsync()
        => _simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { Messages = 3000 });

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task Windows_of_six_months_with_both_ends_give_every_delivery_once()
    {
        var rows = new List<JsonElement>();
        for (var end = Now; end > Now - 560 * 86400L; end -= 90 * 86400L)
        {
            rows.AddRange(await _simulator.WalkAsync($"/v1/messages?limit=1000&start_ts={end - 90 * 86400L + 1}&end_ts={end}", "messages"));
        }

        Assert.Equal(Ids(_simulator.World.Rows("messages")), Ids(rows));
    }

    [Fact]
    public async Task Without_ends_only_the_newest_six_months_come()
        => await Assert_window("/v1/messages?limit=1000", Months(-6), Now);

    [Fact]
    public async Task A_start_alone_reaches_back_six_months_from_now_and_no_further()
        => await Assert_window($"/v1/messages?limit=1000&start_ts={Months(-17)}", Months(-6), Now);

    [Fact]
    public async Task An_end_alone_gives_the_six_months_before_it()
        => await Assert_window($"/v1/messages?limit=1000&end_ts={Months(-6)}", Months(-12), Months(-6));

    [Fact]
    public async Task A_window_of_more_than_six_months_is_cut_in_silence()
        => await Assert_window($"/v1/messages?limit=1000&start_ts={Months(-17)}&end_ts={Months(-3)}", Months(-9), Months(-3));

    [Fact]
    public async Task A_campaigns_deliveries_are_cut_to_twelve_months()
    {
        var rows = await _simulator.WalkAsync($"/v1/campaigns/1/messages?limit=1000&start_ts=0&end_ts={Now}", "messages");
        Assert.Equal(Ids(Truth("campaign_id", 1).Where(row => Created(row) >= Months(-12))), Ids(rows));
        Assert.Contains(Truth("campaign_id", 1), row => Created(row) < Months(-12));
    }

    [Fact]
    public async Task A_newsletters_deliveries_start_by_default_with_its_first_one()
    {
        var rows = await _simulator.WalkAsync("/v1/newsletters/1/messages?limit=1000", "messages");
        Assert.NotEmpty(rows);
        Assert.True(rows.Max(Created) < Months(-11));
        Assert.Equal(Ids(Truth("newsletter_id", 1)), Ids(rows));
    }

    [Fact]
    public async Task A_broadcasts_deliveries_end_by_default_a_month_after_its_first_trigger()
    {
        var started = _simulator.World.Rows("broadcasts").First().GetProperty("first_started").GetInt64();
        var rows = await _simulator.WalkAsync("/v1/broadcasts/13/messages?limit=1000", "messages");
        var month = DateTimeOffset.FromUnixTimeSeconds(started).AddMonths(1).ToUnixTimeSeconds();
        Assert.NotEmpty(rows);
        Assert.Equal(Ids(Truth("broadcast_id", 13).Where(row => Created(row) <= month)), Ids(rows));
    }

    [Fact]
    public async Task Drafts_come_only_when_asked_for_and_then_alone()
    {
        var drafts = await _simulator.WalkAsync("/v1/messages?limit=1000&drafts=true", "messages");
        Assert.NotEmpty(drafts);
        Assert.All(drafts, draft => Assert.True(draft.GetProperty("metrics").TryGetProperty("drafted", out _)));
        Assert.Equal(Ids(_simulator.World.Rows("message_drafts").Where(row => Created(row) >= Months(-6))), Ids(drafts));
    }

    [Fact]
    public async Task No_delivery_is_older_than_what_sent_it()
    {
        var campaigns = (await _simulator.GetAsync("/v1/campaigns")).GetProperty("campaigns").EnumerateArray()
            .ToDictionary(row => row.GetProperty("id").GetInt32(), row => row.GetProperty("created").GetInt64());
        var ofCampaigns = _simulator.World.Rows("campaign_messages").ToList();
        Assert.NotEmpty(ofCampaigns);
        Assert.All(ofCampaigns, row => Assert.True(Created(row) >= campaigns[row.GetProperty("campaign_id").GetInt32()]));
    }

    [Fact]
    public async Task Opens_and_new_deliveries_appear_as_the_clock_moves()
    {
        var before = (await _simulator.WalkAsync("/v1/messages?limit=1000", "messages")).ToDictionary(
            Id, row => row.GetProperty("metrics").ToString());
        await _simulator.PostAsync("/_sim/clock", new { advance = "20d" });
        var after = await _simulator.WalkAsync("/v1/messages?limit=1000", "messages");
        Assert.Contains(after, row => !before.ContainsKey(Id(row)));
        Assert.Contains(after, row => before.TryGetValue(Id(row), out var metrics) && metrics != row.GetProperty("metrics").ToString());
    }

    [Fact]
    public async Task A_delivery_is_found_again_by_its_id_alone()
    {
        var row = _simulator.World.Rows("messages").First();
        var body = await _simulator.GetAsync($"/v1/messages/{Uri.EscapeDataString(Id(row))}");
        Assert.Equal(Id(row), Id(body.GetProperty("message")));
        Assert.Equal(404, await _simulator.StatusAsync("/v1/messages/dgOq6QWq6QUBAAF4_CGoeVX7mFkDbRFu7ek%3D"));
    }

    [Fact]
    public async Task Each_persons_deliveries_together_are_those_of_the_workspace()
    {
        var rows = new List<JsonElement>();
        foreach (var person in _simulator.World.Rows("customers").Select(row => row.GetProperty("cio_id").GetString()).ToList())
        {
            rows.AddRange(await _simulator.WalkAsync($"/v1/customers/{person}/messages?id_type=cio_id&limit=1000", "messages"));
        }

        Assert.Equal(Ids(_simulator.World.Rows("messages").Where(row => Created(row) >= Months(-6))), Ids(rows));
    }

    private async Task Assert_window(string path, long from, long until)
    {
        var rows = await _simulator.WalkAsync(path, "messages");
        Assert.NotEmpty(rows);
        Assert.Equal(Ids(_simulator.World.Rows("messages").Where(row => Created(row) >= from && Created(row) <= until)), Ids(rows));
    }

    private IEnumerable<JsonElement> Truth(string parent, int id)
        => _simulator.World.Rows("messages").Where(row => row.GetProperty(parent).ToString() == id.ToString(CultureInfo.InvariantCulture));

    private static long Months(int months) => SimulatorHarness.Small.Now!.Value.AddMonths(months).ToUnixTimeSeconds();

    private static long Created(JsonElement row) => row.GetProperty("created").GetInt64();

    private static string Id(JsonElement row) => row.GetProperty("id").GetString()!;

    private static List<string> Ids(IEnumerable<JsonElement> rows) => [.. rows.Select(Id).Order(StringComparer.Ordinal)];
}

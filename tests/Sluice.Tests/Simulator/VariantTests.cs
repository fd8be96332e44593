using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>Where the vendor's documents disagree with themselves, the simulator can show both forms.</summary>
public sealed class VariantTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deliveries_come_with_and_without_their_persons_identifiers(bool given)
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { CustomerIdentifiers = given });
        var message = (await simulator.GetAsync("/v1/messages?limit=1")).GetProperty("messages")[0];
        Assert.Equal(given, message.TryGetProperty("customer_identifiers", out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hydrated_people_come_bare_or_wrapped(bool bare)
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { BareCustomers = bare });
        var body = await simulator.PostAsync("/v1/customers/attributes", new { ids = new[] { "1" } });
        Assert.Equal(!bare, body.GetProperty("customers")[0].TryGetProperty("customer", out _));
    }

    [Theory]
    [InlineData(true, JsonValueKind.String)]
    [InlineData(false, JsonValueKind.Number)]
    public async Task Action_ids_of_campaigns_are_text_or_numbers(bool text, JsonValueKind kind)
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ActionIdsAsStrings = text });
        var action = (await simulator.GetAsync("/v1/campaigns/1/actions")).GetProperty("actions")[0];
        Assert.Equal(kind, action.GetProperty("id").ValueKind);
    }

    [Theory]
    [InlineData(true, 10)]
    [InlineData(false, 23)]
    public async Task Actions_of_a_broadcast_come_by_pages_or_all_at_once(bool paged, int first)
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { PagesBroadcastActions = paged });
        var page = await simulator.GetAsync("/v1/broadcasts/14/actions");
        Assert.Equal(first, page.GetProperty("actions").GetArrayLength());
        Assert.Equal(paged, page.TryGetProperty("next", out _));
        Assert.Equal(23, (await simulator.WalkAsync("/v1/broadcasts/14/actions", "actions")).Count);
    }

    [Theory]
    [InlineData("2026-09", JsonValueKind.String)]
    [InlineData("2026-08", JsonValueKind.Array)]
    public async Task A_broadcast_looks_like_the_example_of_the_description_or_like_its_schema(string form, JsonValueKind tags)
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ApiForm = form });
        var broadcast = (await simulator.GetAsync("/v1/broadcasts/15")).GetProperty("broadcast");
        Assert.Equal(tags, broadcast.GetProperty("tags").ValueKind);
        Assert.Equal(form == "2026-08" ? 2 : 1, broadcast.GetProperty("actions")[0].EnumerateObject().Count());
        Assert.Equal("triggered_broadcast", broadcast.GetProperty("type").GetString());
    }

    [Fact]
    public async Task Drafts_are_asked_for_by_a_flag_or_by_a_state()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        foreach (var (path, asks, passedOver) in new[]
        {
            ("/v1/campaigns/1/messages", "drafts=true", "state=drafted"), ("/v1/broadcasts/13/messages", "state=drafted", "drafts=true"),
        })
        {
            var kind = path.Split('/')[2].TrimEnd('s');
            await simulator.PostAsync("/_sim/change", new { op = "add-messages", parent = kind, id = kind == "campaign" ? 1 : 13, draft = true });
            Assert.NotEqual(await IdsAsync(asks), await IdsAsync(passedOver));
            Assert.Equal(await IdsAsync("limit=1000"), await IdsAsync(passedOver));

            async Task<string> IdsAsync(string query)
            {
                var now = SimulatorHarness.Small.Now!.Value.ToUnixTimeSeconds();
                var page = await simulator.GetAsync($"{path}?{query}&start_ts={now - 360 * 86400}&end_ts={now}");
                return string.Join(',', page.GetProperty("messages").EnumerateArray().Select(row => row.GetProperty("id").GetString()));
            }
        }
    }

    [Fact]
    public async Task The_end_of_a_list_has_no_token_or_null_or_an_empty_one()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        Assert.False((await simulator.GetAsync("/v1/campaigns/2/messages?limit=1000")).TryGetProperty("next", out _));
        Assert.Equal(JsonValueKind.Null, (await simulator.GetAsync("/v1/newsletters?limit=100")).GetProperty("next").ValueKind);
        Assert.Equal("", (await simulator.GetAsync("/v1/messages?limit=1000")).GetProperty("next").GetString());
    }

    [Fact]
    public async Task Phone_numbers_name_people_where_the_workspace_allows_it()
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { PhoneIdentifiers = true });
        var somebody = simulator.World.Rows("customer_attributes").First(row => row.GetProperty("attributes").TryGetProperty("phone", out _));
        var phone = somebody.GetProperty("attributes").GetProperty("phone").GetString()!;
        var found = await simulator.GetAsync($"/v1/customers/{Uri.EscapeDataString(phone)}/attributes?id_type=phone");
        Assert.Equal(
            somebody.GetProperty("identifiers").GetProperty("cio_id").GetString(),
            found.GetProperty("customer").GetProperty("identifiers").GetProperty("cio_id").GetString());
    }
}

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

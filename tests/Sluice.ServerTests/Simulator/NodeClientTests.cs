using System.Text.Json;
using Sluice.Simulator;
using Xunit;

namespace Sluice.ServerTests.Simulator;

/// <summary>The vendor's own Node client, written without a thought of the simulator, gets on with it.</summary>
public sealed class NodeClientTests : IAsyncLifetime
{
    private SimulatorServer _simulator = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new SimulatorOptions
        {
            Customers = 50,
            RequestsPerSecond = 0,
            TrackRequestsPerSecond = 0,
            Now = new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero),
        };
        _simulator = await SimulatorServer.StartAsync(options, TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public async Task Every_call_of_the_App_API_client_succeeds()
    {
        var before = _simulator.World.Rows("messages").Count();
        var report = await NodeScript.RunAsync("app.mjs", _simulator.BaseAddress.ToString());
        NodeScript.AssertComplete(report);
        Assert.Equal(
            "acme / + & inc",
            First(report, "getObjectAttributes").GetProperty("object").GetProperty("identifiers").GetProperty("object_id").GetString());
        Assert.Equal("done", report.GetProperty("results").GetProperty("getExport")[1].GetProperty("export").GetProperty("status").GetString());
        Assert.Equal(1, First(report, "getCustomersByEmail").GetProperty("results").GetArrayLength());
        Assert.Equal(10, report.GetProperty("results").GetProperty("getCampaignActions")[1].GetProperty("actions").GetArrayLength());
        // Seven transactional sends and three runs of a broadcast, the last of them to everybody with an e-mail address.
        Assert.True(_simulator.World.Rows("messages").Count() > before + 7 + 2 + 1);
    }

    [Fact]
    public async Task Every_call_of_the_Track_API_client_changes_the_world()
    {
        NodeScript.AssertComplete(await NodeScript.RunAsync("track.mjs", _simulator.BaseAddress.ToString(), DeliveryId()));
        AssertTracked();
    }

    [Fact]
    public async Task Every_call_of_the_Track_API_client_passes_the_vendors_own_description_in_both_directions()
    {
        await using var prism = await PrismProxy.StartAsync(_simulator.BaseAddress);
        NodeScript.AssertComplete(await NodeScript.RunAsync("track.mjs", prism.Address.ToString(), DeliveryId()));
        AssertTracked();
    }

    private string DeliveryId() => _simulator.World.Rows("messages").First().GetProperty("id").GetString()!;

    private void AssertTracked()
    {
        var profiles = _simulator.World.Rows("customer_attributes").Select(row => (Row: row, Attributes: row.GetProperty("attributes"))).ToList();
        var anne = Assert.Single(profiles, profile => Text(profile.Attributes, "id") == "node anne");
        Assert.Equal("pro", Text(anne.Attributes, "plan"));
        Assert.Equal("Ghent", Text(anne.Attributes, "town"));
        Assert.Equal("yes", Text(anne.Attributes, "batch"));
        Assert.Equal("token-1", Assert.Single(anne.Row.GetProperty("devices").EnumerateArray()).GetProperty("id").GetString());
        Assert.Contains(profiles, profile => Text(profile.Attributes, "email") == "formed@example.com");
        Assert.DoesNotContain(profiles, profile => Text(profile.Attributes, "id") is "node bert" or "node gone" or "node hushed");
        Assert.Equal("basic", Text(profiles[0].Attributes, "plan"));
        var cioId = Text(anne.Attributes, "cio_id");
        Assert.Contains(
            _simulator.World.Rows("segment_memberships"), row => row.GetProperty("segment_id").GetInt32() == 7 && Text(row, "cio_id") == cioId);
        Assert.Contains(_simulator.World.Rows("customer_relationships"), row => Text(row, "customer_id") == cioId);
        Assert.Contains(
            _simulator.World.Rows("activities"), row => Text(row, "name") == "bought" && row.GetProperty("timestamp").GetInt64() == 1790000000);
    }

    private static JsonElement First(JsonElement report, string call) => report.GetProperty("results").GetProperty(call)[0];

    private static string? Text(JsonElement row, string name) => row.TryGetProperty(name, out var value) ? value.ToString() : null;
}

using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>Even the smallest world holds every trap.</summary>
public sealed class WorldTests : IAsyncLifetime
{
    private SimulatorHarness _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await SimulatorHarness.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Fact]
    public void There_are_people_without_id_without_email_and_without_both()
    {
        var people = _simulator
            .World.Rows("customers")
            .Select(row => (Id: row.GetProperty("id").GetString(), Email: row.GetProperty("email").GetString()))
            .ToList();
        Assert.Contains(people, person => person is { Id: null, Email: not null });
        Assert.Contains(people, person => person is { Id: not null, Email: null });
        Assert.Contains(people, person => person is { Id: null, Email: null });
        Assert.Contains(people, person => person.Id == "a+b@x/ y&z");
        Assert.Contains(people.GroupBy(person => person.Email), group => group.Key is not null && group.Count() > 1);
    }

    [Fact]
    public void There_are_attributes_of_every_nasty_kind_and_all_values_are_text()
    {
        var attributes = _simulator.World.Rows("customer_attributes").SelectMany(row => row.GetProperty("attributes").EnumerateObject()).ToList();
        Assert.All(attributes, attribute => Assert.Equal(JsonValueKind.String, attribute.Value.ValueKind));
        foreach (var name in new[] { "Name", "name", "drop table \"x\"; --", "cio_subscription_preferences" })
        {
            Assert.Contains(attributes, attribute => attribute.Name == name);
        }

        Assert.Contains(attributes, attribute => attribute.Value.GetString() == "007");
        Assert.Contains(attributes, attribute => attribute.Value.GetString()!.Length == 5000);
        Assert.Contains(attributes, attribute => attribute.Value.GetString() == "123456789012345678901234567890");
    }

    [Fact]
    public void Somebody_is_in_no_segment_and_one_segment_is_still_building()
    {
        var inSegments = _simulator.World.Rows("segment_memberships").Select(row => row.GetProperty("cio_id").GetString()).ToHashSet();
        Assert.Contains(_simulator.World.Rows("customers"), row => !inSegments.Contains(row.GetProperty("cio_id").GetString()));
        Assert.Contains(_simulator.World.Rows("segments"), row => row.GetProperty("progress").ValueKind == JsonValueKind.Number);
    }

    [Fact]
    public void Action_ids_are_unique_in_the_workspace()
    {
        var ids = _simulator
            .World.Rows("campaign_actions")
            .Concat(_simulator.World.Rows("broadcast_actions"))
            .Select(row => row.GetProperty("id").ToString())
            .ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Campaigns_have_every_trigger_and_some_have_never_started()
    {
        var campaigns = _simulator.World.Rows("campaigns").ToList();
        Assert.Equal(
            ["date", "event", "form", "object", "segment", "webhook"],
            campaigns.Where(row => row.TryGetProperty("type", out _)).Select(row => row.GetProperty("type").GetString()).Distinct().Order());
        Assert.Contains(campaigns, row => row.GetProperty("first_started").GetInt64() == 0);
    }

    [Fact]
    public void Event_data_has_every_shape_that_json_has()
    {
        var kinds = _simulator.World.Rows("activities").Where(row => row.GetProperty("type").GetString() == "event")
            .Select(row => row.GetProperty("data").ValueKind).Distinct().ToList();
        Assert.Contains(JsonValueKind.Object, kinds);
        Assert.Contains(JsonValueKind.Array, kinds);
        Assert.Contains(JsonValueKind.String, kinds);
        Assert.Contains(JsonValueKind.Null, kinds);
    }

    [Fact]
    public void Some_activities_belong_to_nobody_known()
        => Assert.Contains(_simulator.World.Rows("activities"), row => !row.TryGetProperty("customer_identifiers", out _));

    [Fact]
    public void Opens_can_come_months_after_the_delivery_was_created()
    {
        var late = _simulator.World.Rows("messages").Where(row => row.GetProperty("metrics").TryGetProperty("opened", out var opened)
            && opened.GetInt64() - row.GetProperty("created").GetInt64() > 30 * 86400);
        Assert.NotEmpty(late);
    }
}

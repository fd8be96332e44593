using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>A patient reader of every list ends up with exactly the truth.</summary>
public sealed class ReadEndpointTests : IAsyncLifetime
{
    private SimulatorHarness _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await SimulatorHarness.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Theory]
    [InlineData("/v1/activities?limit=7", "activities", "activities")]
    [InlineData("/v1/activities?limit=7&deleted=true", "activities", "activities_of_deleted")]
    [InlineData("/v1/broadcasts", "broadcasts", "broadcasts")]
    [InlineData("/v1/campaigns", "campaigns", "campaigns")]
    [InlineData("/v1/collections", "collections", "collections")]
    [InlineData("/v1/exports", "exports", "exports")]
    [InlineData("/v1/newsletters?limit=7", "newsletters", "newsletters")]
    [InlineData("/v1/object_types", "types", "object_types")]
    [InlineData("/v1/optouts?limit=1", "optouts", "optouts")]
    [InlineData("/v1/reporting_webhooks", "reporting_webhooks", "reporting_webhooks")]
    [InlineData("/v1/segments", "segments", "segments")]
    [InlineData("/v1/subscription_topics", "topics", "subscription_topics")]
    [InlineData("/v1/subscription_channels", "channels", "subscription_channels")]
    [InlineData("/v1/transactional", "messages", "transactional_messages")]
    public async Task A_list_read_to_its_end_is_the_truth(string path, string root, string table)
    {
        var rows = await _simulator.WalkAsync(path, root);
        Assert.Equal(Texts(_simulator.World.Rows(table)), Texts(rows));
        Assert.NotEmpty(rows);
    }

    [Theory]
    [InlineData("campaigns", "actions", "campaign_actions")]
    [InlineData("broadcasts", "actions", "broadcast_actions")]
    [InlineData("newsletters", "contents", "newsletter_contents")]
    public async Task The_children_of_all_parents_are_the_truth(string parents, string root, string table)
    {
        var rows = new List<JsonElement>();
        foreach (var parent in _simulator.World.Rows(parents).ToList())
        {
            rows.AddRange(await _simulator.WalkAsync($"/v1/{parents}/{parent.GetProperty("id")}/{root}", root));
        }

        Assert.Equal(Texts(_simulator.World.Rows(table)), Texts(rows));
        Assert.NotEmpty(rows);
    }

    [Fact]
    public async Task A_campaign_with_23_actions_takes_three_pages_and_their_ids_are_strings()
    {
        var first = await _simulator.GetAsync("/v1/campaigns/1/actions");
        Assert.Equal(10, first.GetProperty("actions").GetArrayLength());
        Assert.Equal(JsonValueKind.String, first.GetProperty("actions")[0].GetProperty("id").ValueKind);
        Assert.Equal(23, (await _simulator.WalkAsync("/v1/campaigns/1/actions", "actions")).Count);
        var broadcast = await _simulator.GetAsync("/v1/broadcasts/14/actions");
        Assert.Equal(JsonValueKind.Number, broadcast.GetProperty("actions")[0].GetProperty("id").ValueKind);
    }

    [Fact]
    public async Task All_people_are_found_by_their_cio_id_and_hydrated_a_hundred_at_a_time()
    {
        var filter = new { filter = new { attribute = new { field = "cio_id", @operator = "exists" } } };
        var people = await _simulator.WalkAsync("/v1/customers?limit=7", "identifiers", filter);
        Assert.Equal(Texts(_simulator.World.Rows("customers")), Texts(people));
        var ids = people.Select(person => person.GetProperty("cio_id").GetString()).Append("unknown").ToArray();
        var body = await _simulator.PostAsync("/v1/customers/attributes?id_type=cio_id", new { ids });
        var profiles = body.GetProperty("customers").EnumerateArray().Select(item => item.GetProperty("customer"));
        Assert.Equal(Texts(_simulator.World.Rows("customer_attributes")), Texts(profiles));
    }

    [Fact]
    public async Task The_members_of_every_segment_are_as_many_as_its_count_says()
    {
        foreach (var id in _simulator.World.Rows("segments").Select(segment => segment.GetProperty("id").GetInt64()).ToList())
        {
            var members = await _simulator.WalkAsync($"/v1/segments/{id}/membership?limit=3", "identifiers");
            var count = await _simulator.GetAsync($"/v1/segments/{id}/customer_count");
            Assert.Equal(count.GetProperty("count").GetInt32(), members.Count);
            Assert.Equal(_simulator.World.Rows("segment_memberships").Count(row => row.GetProperty("segment_id").GetInt64() == id), members.Count);
        }
    }

    [Fact]
    public async Task Objects_of_all_types_with_and_without_a_name_are_the_truth_once_repeats_are_dropped()
    {
        var found = new HashSet<string>();
        foreach (var type in new[] { "1", "2", "3" })
        {
            var named = new { object_attribute = new { field = "name", @operator = "exists", type_id = type } };
            var filter = new { object_type_id = type, filter = new { or = new object[] { named, new { not = named } } } };
            var rows = await _simulator.WalkAsync("/v1/objects?limit=2", "identifiers", filter);
            Assert.True(type == "3" || rows.Count > rows.DistinctBy(row => row.ToString()).Count(), "no entry came twice");
            found.UnionWith(rows.Select(row => row.GetProperty("cio_object_id").GetString()!));
        }

        var truth = _simulator.World.Rows("objects").Select(row => row.GetProperty("identifiers").GetProperty("cio_object_id").GetString()!);
        Assert.Equal(truth.Order(), found.Order());
    }

    [Fact]
    public async Task Relationships_are_the_same_from_both_sides()
    {
        var fromPeople = new List<string>();
        foreach (var person in _simulator.World.Rows("customers").ToList())
        {
            var cioId = person.GetProperty("cio_id").GetString();
            var ties = await _simulator.WalkAsync($"/v1/customers/{cioId}/relationships?id_type=cio_id&limit=1", "cio_relationships");
            fromPeople.AddRange(ties.Select(tie => $"{cioId} {tie.GetProperty("identifiers").GetProperty("cio_object_id")}"));
        }

        var fromObjects = _simulator.World.Rows("object_relationships")
            .Select(tie => $"{tie.GetProperty("identifiers").GetProperty("cio_id")} {tie.GetProperty("cio_object_id")}");
        Assert.NotEmpty(fromPeople);
        Assert.Equal(fromObjects.Order(), fromPeople.Order());
    }

    [Fact]
    public async Task Hidden_senders_come_only_when_asked_for_and_the_last_token_leads_to_an_empty_page()
    {
        var visible = await _simulator.WalkAsync("/v1/sender_identities?limit=5", "sender_identities");
        var hidden = await _simulator.WalkAsync("/v1/sender_identities?limit=5&hidden=true", "sender_identities");
        Assert.All(visible, sender => Assert.False(sender.GetProperty("hidden").GetBoolean()));
        Assert.All(hidden, sender => Assert.True(sender.GetProperty("hidden").GetBoolean()));
        Assert.NotEmpty(hidden);
        Assert.Equal(Texts(_simulator.World.Rows("sender_identities")), Texts(visible.Concat(hidden)));
        var last = await _simulator.GetAsync("/v1/sender_identities?limit=100");
        var next = last.GetProperty("next").GetString();
        var empty = await _simulator.GetAsync($"/v1/sender_identities?limit=100&start={next}");
        Assert.Equal(0, empty.GetProperty("sender_identities").GetArrayLength());
    }

    [Fact]
    public async Task Test_group_ids_start_at_zero_in_every_newsletter()
    {
        var groups = _simulator.World.Rows("newsletter_test_groups").ToList();
        var read = new List<int>();
        foreach (var newsletter in groups.Select(group => group.GetProperty("newsletter_id").GetInt32()).Distinct())
        {
            var body = await _simulator.GetAsync($"/v1/newsletters/{newsletter}/test_groups");
            read.AddRange(body.GetProperty("test_groups").EnumerateArray().Select(group => group.GetProperty("id").GetInt32()));
            Assert.Equal(0, body.GetProperty("test_groups")[0].GetProperty("id").GetInt32());
        }

        Assert.Equal(groups.Count, read.Count);
        Assert.True(read.Count(id => id == 0) > 1);
    }

    private static IEnumerable<string> Texts(IEnumerable<JsonElement> rows) => rows.Select(row => row.ToString()).Order(StringComparer.Ordinal);
}

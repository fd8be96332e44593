using System.Net.Http.Headers;
using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>Writes are checked before they are done, and what they do is seen by the App API.</summary>
public sealed class TrackApiTests : IAsyncLifetime
{
    private SimulatorHarness _simulator = null!;
    private HttpClient _track = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHarness.StartAsync();
        _track = new HttpClient { BaseAddress = _simulator.Server.BaseAddress };
        var secret = Convert.ToBase64String("sim-site:sim-track-key"u8);
        _track.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", secret);
    }

    public ValueTask DisposeAsync()
    {
        _track.Dispose();
        return _simulator.DisposeAsync();
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_the_app_key_is_one()
    {
        Assert.Equal(401, (await _simulator.SendAsync(HttpMethod.Get, "/api/v1/accounts/region", null, _simulator.Anyone)).Status);
        Assert.Equal(401, (await _simulator.SendAsync(HttpMethod.Get, "/api/v1/accounts/region")).Status);
        var (status, body) = await Send(HttpMethod.Get, "/api/v1/accounts/region");
        Assert.Equal(200, status);
        Assert.Equal("us", SimulatorHarness.Parse(body).GetProperty("region").GetString());
    }

    [Theory]
    [InlineData("""{"type":"person","action":"identify"}""")]
    [InlineData("""{"type":"person","action":"identify","identifiers":{}}""")]
    [InlineData("""{"type":"person","action":"identify","identifiers":{"id":"a","email":"b@example.com"}}""")]
    [InlineData("""{"type":"person","action":"identify","identifiers":{"id":7}}""")]
    [InlineData("""{"type":"person","action":"dance","identifiers":{"id":"a"}}""")]
    [InlineData("""{"type":"person","action":"event","identifiers":{"id":"a"}}""")]
    [InlineData("""{"type":"person","action":"event","identifiers":{"id":"a"},"name":"x","timestamp":"soon"}""")]
    [InlineData("""{"type":"person","action":"add_device","identifiers":{"id":"a"},"device":{"token":"t","platform":"windows"}}""")]
    [InlineData("""{"type":"person","action":"merge","primary":{"id":"a"}}""")]
    [InlineData("""{"type":"object","action":"identify","identifiers":{"object_type_id":"99","object_id":"x"}}""")]
    [InlineData("""{"type":"object","action":"add_relationships","identifiers":{"object_type_id":"1","object_id":"x"}}""")]
    [InlineData("""{"type":"martian","action":"identify"}""")]
    [InlineData("[]")]
    [InlineData("not json")]
    public async Task An_operation_outside_the_description_is_refused(string body)
    {
        var (status, answer) = await Send(HttpMethod.Post, "/api/v2/entity", body);
        Assert.Equal(400, status);
        Assert.True(SimulatorHarness.Parse(answer).GetProperty("errors")[0].TryGetProperty("message", out _));
    }

    [Fact]
    public async Task A_change_can_be_queued_and_dropped_and_the_others_of_its_batch_are_made_in_their_places()
    {
        await _simulator.PostAsync("/_sim/faults", new { faults = new[] { "drop-change:gone" } });
        var (status, answer) = await Send(
            HttpMethod.Post,
            "/api/v2/batch",
            """
            {"batch":[{"type":"person","action":"identify","identifiers":{"id":"gone"}},
                      {"type":"person","action":"identify","identifiers":{"id":7}},
                      {"type":"person","action":"identify","identifiers":{"id":"here"}}]}
            """);

        Assert.Equal(207, status);
        Assert.Equal(1, SimulatorHarness.Parse(answer).GetProperty("errors")[0].GetProperty("batch_index").GetInt32());
        Assert.Equal((200, "{}"), await Send(HttpMethod.Put, "/api/v1/customers/alone", """{"plan":"gone"}"""));
        Assert.Equal((200, "{}"), await Send(HttpMethod.Put, "/api/v1/customers/other", """{"plan":"pro"}"""));
        Assert.Null(_simulator.World.People.FindById("gone"));
        Assert.Null(_simulator.World.People.FindById("alone"));
        Assert.NotNull(_simulator.World.People.FindById("here"));
        Assert.NotNull(_simulator.World.People.FindById("other"));
    }

    [Fact]
    public async Task An_operation_of_more_than_32_kB_is_refused_and_one_just_below_is_not()
    {
        Assert.Equal(200, (await Send(HttpMethod.Post, "/api/v2/entity", Identify("big one", 31 * 1024))).Status);
        Assert.Equal(400, (await Send(HttpMethod.Post, "/api/v2/entity", Identify("big one", 33 * 1024))).Status);
    }

    [Fact]
    public async Task A_batch_names_the_failed_operations_by_their_index_and_does_the_others()
    {
        const string NoName = """{"type":"person","action":"event","identifiers":{"id":"batch 0"}}""";
        var batch = Batch(Identify("batch 0", 10), NoName, Identify("batch 2", 33 * 1024), Identify("batch 3", 10));
        var (status, body) = await Send(HttpMethod.Post, "/api/v2/batch", batch);
        Assert.Equal(207, status);
        Assert.Equal(
            [1, 2], SimulatorHarness.Parse(body).GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("batch_index").GetInt32()));
        Assert.Equal(200, await _simulator.StatusAsync("/v1/customers/batch%200/attributes"));
        Assert.Equal(404, await _simulator.StatusAsync("/v1/customers/batch%202/attributes"));
        Assert.Equal(200, await _simulator.StatusAsync("/v1/customers/batch%203/attributes"));
    }

    [Fact]
    public async Task A_batch_of_more_than_500_kB_is_refused_as_a_whole()
    {
        var batch = Batch([.. Enumerable.Range(0, 20).Select(number => Identify($"many {number}", 30 * 1024))]);
        Assert.Equal(400, (await Send(HttpMethod.Post, "/api/v2/batch", batch)).Status);
        Assert.Equal(404, await _simulator.StatusAsync("/v1/customers/many%200/attributes"));
        Assert.Equal(400, (await Send(HttpMethod.Post, "/api/v2/batch", """{"batch":[]}""")).Status);
    }

    [Fact]
    public async Task A_repeated_event_id_drops_everything_after_the_first()
    {
        foreach (var name in new[] { "first", "second" })
        {
            var body = $$"""{"name":"{{name}}","id":"01E4C4CT6YDC7Y5M7FE1GWWPQJ"}""";
            Assert.Equal(200, (await Send(HttpMethod.Post, "/api/v1/customers/1/events", body)).Status);
        }

        var names = _simulator
            .World.Rows("activities")
            .Where(row => row.TryGetProperty("name", out _))
            .Select(row => row.GetProperty("name").GetString())
            .ToList();
        Assert.Contains("first", names);
        Assert.DoesNotContain("second", names);
    }

    [Fact]
    public async Task A_suppressed_person_is_gone_and_cannot_come_back_until_unsuppressed()
    {
        const string Path = "/api/v1/customers/twin-1";
        Assert.Equal(200, (await Send(HttpMethod.Post, Path + "/suppress")).Status);
        Assert.Equal(404, await _simulator.StatusAsync("/v1/customers/twin-1/attributes"));
        Assert.Equal(200, (await Send(HttpMethod.Put, Path, "{}")).Status);
        Assert.Equal(404, await _simulator.StatusAsync("/v1/customers/twin-1/attributes"));
        await Send(HttpMethod.Post, Path + "/unsuppress");
        await Send(HttpMethod.Put, Path, "{}");
        Assert.Equal(200, await _simulator.StatusAsync("/v1/customers/twin-1/attributes"));
    }

    [Fact]
    public async Task An_update_of_nobody_and_an_unknown_cio_id_make_nobody()
    {
        await Send(HttpMethod.Put, "/api/v1/customers/ghost", """{"_update":true,"plan":"pro"}""");
        await Send(HttpMethod.Put, "/api/v1/customers/cio_ffffffff", """{"plan":"pro"}""");
        Assert.Equal(20, _simulator.World.Rows("customers").Count());
        await Send(HttpMethod.Put, "/api/v1/customers/ghost", """{"plan":"pro"}""");
        Assert.Equal(21, _simulator.World.Rows("customers").Count());
    }

    [Fact]
    public async Task A_new_id_with_a_known_email_updates_the_person_who_has_it()
    {
        await Send(HttpMethod.Put, "/api/v1/customers/fresh", """{"email":"no.id@example.com"}""");
        var profile = await _simulator.GetAsync("/v1/customers/fresh/attributes");
        Assert.Equal("d9c100000002", profile.GetProperty("customer").GetProperty("identifiers").GetProperty("cio_id").GetString());
        Assert.Equal(20, _simulator.World.Rows("customers").Count());
    }

    [Theory]
    [InlineData("/api/v1/segments/1/add_customers", """{"ids":["1"]}""")]
    [InlineData("/api/v1/segments/999/add_customers", """{"ids":["1"]}""")]
    [InlineData("/api/v1/segments/7/add_customers", """{"ids":[]}""")]
    [InlineData("/api/v1/segments/7/add_customers", """{"ids":[1]}""")]
    [InlineData("/api/v1/segments/7/add_customers?id_type=phone", """{"ids":["1"]}""")]
    [InlineData("/api/v1/merge_customers", """{"primary":{"id":"1"}}""")]
    [InlineData("/api/v1/customers/1/events", """{"data":{}}""")]
    [InlineData("/api/v1/metrics", """{"delivery_id":"x","metric":"adored"}""")]
    [InlineData("/api/v1/forms/f/submit", """{"data":{"id":"1","email":"a@example.com"}}""")]
    public async Task Version_one_refuses_with_a_list_of_texts(string path, string body)
    {
        var (status, answer) = await Send(HttpMethod.Post, path, body);
        Assert.Equal(400, status);
        Assert.Equal(JsonValueKind.String, SimulatorHarness.Parse(answer).GetProperty("meta").GetProperty("errors")[0].ValueKind);
    }

    [Fact]
    public async Task At_most_a_thousand_ids_go_to_a_segment_and_unknown_ones_are_ignored()
    {
        static string Body(int count) => JsonSerializer.Serialize(new { ids = Enumerable.Range(1, count).Select(number => $"{number}") });
        Assert.Equal(400, (await Send(HttpMethod.Post, "/api/v1/segments/7/add_customers", Body(1001))).Status);
        Assert.Equal(200, (await Send(HttpMethod.Post, "/api/v1/segments/7/add_customers", Body(1000))).Status);
        Assert.Equal(1, (await _simulator.GetAsync("/v1/segments/7/customer_count")).GetProperty("count").GetInt32());
        Assert.Equal(200, (await Send(HttpMethod.Post, "/api/v1/segments/7/remove_customers", Body(1))).Status);
        Assert.Equal(0, (await _simulator.GetAsync("/v1/segments/7/customer_count")).GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Suppressing_deletes_the_profile_for_good()
    {
        const string Path = "/api/v1/customers/twin-1";
        await Send(HttpMethod.Put, Path, """{"plan":"pro"}""");
        await Send(HttpMethod.Post, Path + "/suppress");
        await Send(HttpMethod.Post, Path + "/unsuppress");
        Assert.Equal(404, await _simulator.StatusAsync("/v1/customers/twin-1/attributes"));
        await Send(HttpMethod.Put, Path, "{}");
        var again = (await _simulator.GetAsync("/v1/customers/twin-1/attributes")).GetProperty("customer");
        Assert.False(again.GetProperty("attributes").TryGetProperty("plan", out _));
    }

    [Fact]
    public async Task People_leave_a_segment_by_their_id_alone()
    {
        const string Ids = """{"ids":["no.id@example.com"]}""";
        Assert.Equal(200, (await Send(HttpMethod.Post, "/api/v1/segments/7/add_customers?id_type=email", Ids)).Status);
        Assert.Equal(1, await CountAsync());
        Assert.Equal(200, (await Send(HttpMethod.Post, "/api/v1/segments/7/remove_customers?id_type=email", Ids)).Status);
        Assert.Equal(1, await CountAsync());

        async Task<int> CountAsync() => (await _simulator.GetAsync("/v1/segments/7/customer_count")).GetProperty("count").GetInt32();
    }

    private static string Batch(params string[] operations) => $$"""{"batch":[{{string.Join(',', operations)}}]}""";

    private static string Identify(string id, int bytes)
        => $$$"""{"type":"person","action":"identify","identifiers":{"id":"{{{id}}}"},"attributes":{"essay":"{{{new string('x', bytes)}}}"}}""";

    private Task<(int Status, string Body)> Send(HttpMethod method, string path, string? body = null) =>
        _simulator.SendAsync(method, path, body, _track);
}

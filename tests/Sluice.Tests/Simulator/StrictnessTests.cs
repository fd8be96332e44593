using System.Text.Json;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>What the real API would refuse, and the ways in which it says so.</summary>
public sealed class StrictnessTests : IAsyncLifetime
{
    private SimulatorHarness _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await SimulatorHarness.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Theory]
    [InlineData("/v1/messages?limit=1001")]
    [InlineData("/v1/activities?limit=101")]
    [InlineData("/v1/newsletters?limit=101")]
    [InlineData("/v1/segments/1/membership?limit=30001")]
    [InlineData("/v1/optouts?limit=1001")]
    [InlineData("/v1/customers/1/messages?limit=1001")]
    [InlineData("/v1/customers/1/activities?limit=101")]
    [InlineData("/v1/messages?limit=0")]
    [InlineData("/v1/messages?limit=many")]
    public async Task A_limit_over_the_maximum_is_refused(string path) => Assert.Equal(400, await _simulator.StatusAsync(path));

    [Theory]
    [InlineData("/v1/messages?limit=1000")]
    [InlineData("/v1/activities?limit=100")]
    [InlineData("/v1/newsletters?limit=100")]
    [InlineData("/v1/segments/1/membership?limit=30000")]
    public async Task The_maximum_itself_is_accepted(string path) => Assert.Equal(200, await _simulator.StatusAsync(path));

    [Theory]
    [InlineData("/v1/messages?start=rubbish")]
    [InlineData("/v1/messages?start=AAAAAAAAAAIAAAAAAAAAAIQkrDsWQk2h")]
    [InlineData("/v1/messages?metric=loved")]
    [InlineData("/v1/messages?type=pigeon")]
    [InlineData("/v1/messages?drafts=maybe")]
    [InlineData("/v1/messages?start_ts=10&end_ts=5")]
    [InlineData("/v1/newsletters?sort=sideways")]
    [InlineData("/v1/customers")]
    [InlineData("/v1/customers/1/attributes?id_type=shoe_size")]
    [InlineData("/v1/customers/%2B15050000000/attributes?id_type=phone")]
    public async Task Parameters_that_mean_nothing_are_refused(string path) => Assert.Equal(400, await _simulator.StatusAsync(path));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"filter":{}}""")]
    [InlineData("""{"filters":{"attribute":{"field":"id","operator":"exists"}}}""")]
    [InlineData("""{"filter":{"attribute":{"field":"id","operator":"contains","value":"x"}}}""")]
    [InlineData("""{"filter":{"attribute":{"field":"id","operator":"eq"}}}""")]
    [InlineData("""{"filter":{"not":[{"attribute":{"field":"id","operator":"exists"}}]}}""")]
    [InlineData("""{"filter":{"segment":{"id":999}}}""")]
    [InlineData("""{"filter":{"and":[],"or":[]}}""")]
    [InlineData("no json")]
    public async Task A_filter_outside_the_grammar_is_refused(string body)
        => Assert.Equal(400, (await _simulator.SendAsync(HttpMethod.Post, "/v1/customers", body)).Status);

    [Fact]
    public async Task The_grammar_of_the_vendors_example_is_accepted()
    {
        const string Filter = """
            {"filter":{"and":[{"segment":{"id":1}},{"or":[{"attribute":{"field":"plan","operator":"eq","value":"pro"}},
            {"attribute":{"field":"flag","operator":"eq","value":true}},{"not":{"attribute":{"field":"city","operator":"exists"}}}]}]}}
            """;
        var (status, body) = await _simulator.SendAsync(HttpMethod.Post, "/v1/customers?limit=1000", Filter);
        Assert.Equal(200, status);
        var found = SimulatorHarness
            .Parse(body)
            .GetProperty("identifiers")
            .EnumerateArray()
            .Select(person => person.GetProperty("cio_id").GetString())
            .ToHashSet();
        var profiles = _simulator.World.Rows("customer_attributes").Where(row => found.Contains(row.GetProperty("id").GetString())).ToList();
        Assert.NotEmpty(profiles);
        Assert.All(profiles, row => Assert.True(Is(row, "plan", "pro") || Is(row, "flag", "true")));
    }

    [Fact]
    public async Task A_token_is_good_only_for_the_list_that_gave_it()
    {
        var token = (await _simulator.GetAsync("/v1/messages?limit=1")).GetProperty("next").GetString();
        Assert.Equal(200, await _simulator.StatusAsync($"/v1/messages?limit=1&start={token}"));
        Assert.Equal(400, await _simulator.StatusAsync($"/v1/campaigns/1/messages?limit=1&start={token}"));
    }

    [Fact]
    public async Task More_than_a_hundred_ids_and_none_at_all_are_refused()
    {
        static string Body(int count) => JsonSerializer.Serialize(new { ids = Enumerable.Range(0, count).Select(number => $"{number}") });
        Assert.Equal(200, (await _simulator.SendAsync(HttpMethod.Post, "/v1/customers/attributes", Body(100))).Status);
        Assert.Equal(400, (await _simulator.SendAsync(HttpMethod.Post, "/v1/customers/attributes", Body(101))).Status);
        Assert.Equal(400, (await _simulator.SendAsync(HttpMethod.Post, "/v1/customers/attributes", Body(0))).Status);
    }

    [Fact]
    public async Task A_wrong_key_is_a_401_except_for_the_addresses_that_need_none()
    {
        Assert.Equal(401, (await _simulator.SendAsync(HttpMethod.Get, "/v1/campaigns", null, _simulator.Anyone)).Status);
        Assert.Equal(200, (await _simulator.SendAsync(HttpMethod.Get, "/v1/info/ip_addresses", null, _simulator.Anyone)).Status);
    }

    [Theory]
    [InlineData("/v1/campaigns/999", "errors")]
    [InlineData("/v1/campaigns/abc/actions", "errors")]
    [InlineData("/v1/no/such/route", "errors")]
    [InlineData("/v1/customers/nobody/attributes", "errors")]
    [InlineData("/v1/customers/first%40example.com/attributes", "errors")]
    [InlineData("/v1/transactional/999/contents", "meta")]
    public async Task What_is_not_there_is_a_404_in_the_endpoints_own_envelope(string path, string root)
    {
        var (status, body) = await _simulator.SendAsync(HttpMethod.Get, path);
        Assert.Equal(404, status);
        Assert.True(SimulatorHarness.Parse(body).TryGetProperty(root, out _), body);
    }

    [Fact]
    public async Task A_refused_segment_points_at_the_field()
    {
        var (status, body) = await _simulator.SendAsync(HttpMethod.Post, "/v1/segments", """{"segment":{"name":" "}}""");
        Assert.Equal(400, status);
        var error = SimulatorHarness.Parse(body).GetProperty("errors")[0];
        Assert.Equal("/data/attributes/name", error.GetProperty("source").GetProperty("pointer").GetString());
    }

    [Fact]
    public async Task An_id_that_was_not_encoded_is_not_found_but_says_200()
    {
        var encoded = Uri.EscapeDataString("a+b@x/ y&z");
        var found = await _simulator.GetAsync($"/v1/customers/{encoded}/attributes");
        Assert.Equal("a+b@x/ y&z", found.GetProperty("customer").GetProperty("identifiers").GetProperty("id").GetString());
        var messages = await _simulator.GetAsync("/v1/customers/a+b@x/%20y&z/messages");
        Assert.Equal(0, messages.GetProperty("messages").GetArrayLength());
        Assert.Equal(1, (await _simulator.GetAsync("/v1/customers?email=a%2Bb%40example.com")).GetProperty("results").GetArrayLength());
        Assert.Equal(0, (await _simulator.GetAsync("/v1/customers?email=a+b@example.com")).GetProperty("results").GetArrayLength());
    }

    [Fact]
    public async Task Another_key_opens_another_workspace()
    {
        await using var two = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ExtraKeys = ["other-key"] });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/messages?limit=1");
        request.Headers.Add("Authorization", "Bearer other-key");
        using var answer = await two.Anyone.SendAsync(request);
        var other = await answer.Content.ReadAsStringAsync();
        Assert.NotEqual((await two.GetAsync("/v1/messages?limit=1")).ToString(), SimulatorHarness.Parse(other).ToString());
        Assert.Equal(2, (await two.GetAsync("/v1/workspaces")).GetProperty("workspaces").GetArrayLength());
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_does_not()
    {
        await using var again = await SimulatorHarness.StartAsync();
        await using var other = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { Seed = 2 });
        var here = await _simulator.GetAsync("/v1/messages?limit=100");
        Assert.Equal(here.ToString(), (await again.GetAsync("/v1/messages?limit=100")).ToString());
        Assert.NotEqual(here.ToString(), (await other.GetAsync("/v1/messages?limit=100")).ToString());
    }

    [Fact]
    public void A_bad_fault_names_all_the_kinds()
    {
        var problem = Assert.ThrowsAny<ArgumentException>(() =>
            SimulatorServer.StartAsync(SimulatorHarness.Small with { Faults = ["earthquake@0.1"] }, CancellationToken.None).GetAwaiter().GetResult());
        Assert.Contains("alternating-cursor", problem.Message);
        Assert.Contains("earthquake", problem.Message);
    }

    private static bool Is(JsonElement profile, string attribute, string value)
        => profile.GetProperty("attributes").TryGetProperty(attribute, out var actual) && actual.GetString() == value;
}

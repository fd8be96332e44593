using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>Each fault shows what its name says, when it should, and nowhere else.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private const string List = "/v1/newsletters?limit=7";
    private SimulatorHarness _simulator = null!;

    public async ValueTask InitializeAsync() => _simulator = await SimulatorHarness.StartAsync();

    public ValueTask DisposeAsync() => _simulator.DisposeAsync();

    [Theory]
    [InlineData("408", 408)]
    [InlineData("429", 429)]
    [InlineData("500", 500)]
    [InlineData("502", 502)]
    [InlineData("503", 503)]
    [InlineData("html-error:504", 504)]
    [InlineData("wrong-datacenter", 301)]
    [InlineData("wrong-datacenter:401", 401)]
    public async Task A_status_is_answered_in_place_of_the_data(string fault, int status)
    {
        await Set(fault);
        Assert.Equal(status, await _simulator.StatusAsync(List));
    }

    [Fact]
    public async Task A_numbered_fault_strikes_those_requests_of_its_route_and_no_others()
    {
        await Set("500#2,#4/v1/campaigns*");
        var statuses = new List<int>();
        for (var request = 0; request < 5; request++)
        {
            Assert.Equal(200, await _simulator.StatusAsync(List));
            statuses.Add(await _simulator.StatusAsync("/v1/campaigns"));
        }

        Assert.Equal([200, 500, 200, 500, 200], statuses);
    }

    [Fact]
    public async Task A_rate_strikes_about_that_often_and_the_same_way_each_time()
    {
        var first = await Statuses();
        var second = await Statuses();
        Assert.Equal(first, second);
        Assert.InRange(first.Count(status => status == 503), 20, 80);

        async Task<List<int>> Statuses()
        {
            await Set("503@0.25");
            var statuses = new List<int>();
            for (var request = 0; request < 200; request++)
            {
                statuses.Add(await _simulator.StatusAsync("/v1/info/ip_addresses"));
            }

            return statuses;
        }
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("reset:after")]
    [InlineData("cut-body")]
    public async Task A_connection_ends_without_a_whole_answer(string fault)
    {
        await Set(fault);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _simulator.Client.GetStringAsync(List));
    }

    [Fact]
    public async Task A_write_can_have_happened_although_its_connection_was_reset()
    {
        await Set("reset:after#1/v1/segments");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            _simulator.SendAsync(HttpMethod.Post, "/v1/segments", """{"segment":{"name":"ghost"}}"""));
        Assert.Contains(_simulator.World.Rows("segments"), row => row.GetProperty("name").GetString() == "ghost");
    }

    [Fact]
    public async Task A_hang_answers_in_the_end()
    {
        await Set("hang:30ms", "slow-body:50ms");
        Assert.Equal(200, await _simulator.StatusAsync(List));
        Assert.Equal(1, (await Stats()).GetProperty("faults").GetProperty("hang").GetInt32());
    }

    [Fact]
    public async Task Broken_json_breaks_and_a_byte_order_mark_goes_first()
    {
        await Set("invalid-json");
        await Assert.ThrowsAnyAsync<JsonException>(() => _simulator.GetAsync(List));
        await Set("bom");
        var bytes = await _simulator.Client.GetByteArrayAsync(List);
        Assert.Equal([0xEF, 0xBB, 0xBF, (byte)'{'], bytes[..4]);
    }

    [Fact]
    public async Task A_wrong_content_type_is_only_that()
    {
        await Set("content-type:text/html");
        using var answer = await _simulator.Client.GetAsync(List);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
        SimulatorHarness.Parse(await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_cut_gzip_body_ends_early_inside_a_complete_message()
    {
        await Set("cut-gzip");
        using var answer = await _simulator.Client.GetAsync(List);
        Assert.Equal(["gzip"], answer.Content.Headers.ContentEncoding);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        await using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var text = new StreamReader(gzip, Encoding.UTF8);
        var failed = await Record.ExceptionAsync(async () => SimulatorHarness.Parse(await text.ReadToEndAsync()));
        Assert.NotNull(failed);
    }

    [Fact]
    public async Task A_repeated_cursor_gives_a_token_twice_and_an_alternating_one_comes_back_to_it()
    {
        await Set("repeated-cursor");
        Assert.Single((await Tokens(5)).Distinct());
        await Set("alternating-cursor");
        var tokens = await Tokens(5);
        Assert.Equal([tokens[0], tokens[1], tokens[0], tokens[1], tokens[0]], tokens);
        Assert.NotEqual(tokens[0], tokens[1]);
    }

    [Fact]
    public async Task Empty_pages_in_the_middle_lose_no_row()
    {
        await Set("empty-middle-page");
        var rows = await _simulator.WalkAsync(List, "newsletters");
        Assert.Equal(_simulator.World.Rows("newsletters").Count(), rows.Count);
        var first = await _simulator.GetAsync(List);
        Assert.Equal(0, first.GetProperty("newsletters").GetArrayLength());
    }

    [Fact]
    public async Task Rows_get_an_unknown_field_a_changed_type_or_a_double()
    {
        await Set("unknown-field", "changed-type:created", "duplicate-rows");
        var rows = (await _simulator.GetAsync(List)).GetProperty("newsletters").EnumerateArray().ToList();
        Assert.Equal(8, rows.Count);
        Assert.Equal(rows[0].ToString(), rows[7].ToString());
        Assert.All(rows, row => Assert.Equal(JsonValueKind.Object, row.GetProperty("brand_new_field").ValueKind));
        Assert.All(rows, row => Assert.Equal(JsonValueKind.Object, row.GetProperty("created").ValueKind));
    }

    [Fact]
    public async Task A_deleted_parent_fails_for_all_its_children_but_stays_in_the_list()
    {
        await Set("deleted-parent/v1/campaigns/2/*");
        Assert.Equal(200, await _simulator.StatusAsync("/v1/campaigns"));
        Assert.Equal(200, await _simulator.StatusAsync("/v1/campaigns/1/actions"));
        Assert.Equal(404, await _simulator.StatusAsync("/v1/campaigns/2/actions"));
        Assert.Equal(404, await _simulator.StatusAsync("/v1/campaigns/2/metrics?version=1"));
    }

    [Theory]
    [InlineData("500@2")]
    [InlineData("500#x")]
    [InlineData("hang:soon")]
    [InlineData("299")]
    public async Task A_bad_fault_is_refused_and_the_old_ones_stay(string bad)
    {
        await Set("503");
        var (status, body) = await _simulator.SendAsync(HttpMethod.Post, "/_sim/faults", JsonSerializer.Serialize(new { faults = new[] { bad } }));
        Assert.Equal(400, status);
        Assert.Contains("empty-middle-page", body);
        Assert.Equal(503, await _simulator.StatusAsync(List));
    }

    private async Task Set(params string[] faults) => await _simulator.PostAsync("/_sim/faults", new { faults });

    private async Task<JsonElement> Stats() => await _simulator.GetAsync("/_sim/stats");

    private async Task<List<string>> Tokens(int count)
    {
        var tokens = new List<string>();
        while (tokens.Count < count)
        {
            var start = tokens.Count == 0 ? "" : $"&start={tokens[^1]}";
            tokens.Add((await _simulator.GetAsync(List + start)).GetProperty("next").GetString()!);
        }

        return tokens;
    }
}

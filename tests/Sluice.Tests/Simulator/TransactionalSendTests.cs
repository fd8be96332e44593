using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>Transactional messages: what each channel asks for, and when the message goes out.</summary>
public sealed class TransactionalSendTests
{
    private const string Email = """{"transactional_message_id":1,"to":"a@example.com","identifiers":{"id":"1"}}""";
    private const string Sms = """{"transactional_message_id":"Password Reset","to":"+4915112345678","identifiers":{"id":"1"}}""";
    private const string InApp = """{"transactional_message_id":1,"identifiers":{"id":"1"}}""";
    private static readonly long Now = SimulatorHarness.Small.Now!.Value.ToUnixTimeSeconds();

    [Theory]
    [InlineData("email", Email, "to")]
    [InlineData("email", Email, "identifiers")]
    [InlineData("email", """{"to":"a@example.com","identifiers":{"id":"1"},"body":"b","subject":"s","from":"f@example.com"}""", "subject")]
    [InlineData("push", InApp, "transactional_message_id")]
    [InlineData("sms", Sms, "to")]
    [InlineData("sms", Sms, "identifiers")]
    [InlineData("whatsapp", Sms, "to")]
    [InlineData("whatsapp", Sms, "transactional_message_id")]
    [InlineData("in_app", InApp, "identifiers")]
    [InlineData("inbox_message", InApp, "transactional_message_id")]
    public async Task A_channel_names_what_it_needs(string channel, string body, string needed)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        Assert.Equal(200, (await SendAsync(simulator, channel, body)).Status);
        var (status, answer) = await SendAsync(simulator, channel, With(body, needed, null));
        Assert.Equal(400, status);
        Assert.Contains(needed, SimulatorHarness.Parse(answer).GetProperty("meta").GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("+4915112345678", 200)]
    [InlineData("{{customer.mobile}}", 200)]
    [InlineData("015112345678", 400)]
    [InlineData("+49 151 12345678", 400)]
    [InlineData("a@example.com", 400)]
    public async Task A_phone_number_is_in_e164_or_liquid(string to, int expected)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        Assert.Equal(expected, (await SendAsync(simulator, "sms", With(Sms, "to", to))).Status);
        Assert.Equal(expected, (await SendAsync(simulator, "whatsapp", With(Sms, "to", to))).Status);
    }

    [Fact]
    public async Task A_channel_that_is_off_is_forbidden_and_whatsapp_is_new()
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ChannelsOff = ["sms"] });
        var (status, body) = await SendAsync(simulator, "sms", Sms);
        Assert.Equal(403, status);
        Assert.True(SimulatorHarness.Parse(body).GetProperty("meta").TryGetProperty("error", out _));
        await using var earlier = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ApiForm = "2026-08" });
        Assert.Equal(404, (await SendAsync(earlier, "whatsapp", Sms)).Status);
    }

    [Fact]
    public async Task A_message_for_later_says_so_and_is_there_when_its_time_has_come()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var (_, answer) = await SendAsync(simulator, "email", With(Email, "send_at", Now + 3600));
        var sent = SimulatorHarness.Parse(answer);
        Assert.Equal((Now, Now + 3600), (sent.GetProperty("queued_at").GetInt64(), sent.GetProperty("send_at").GetInt64()));
        var path = $"/v1/messages/{Uri.EscapeDataString(sent.GetProperty("delivery_id").GetString()!)}";
        Assert.Equal(404, await simulator.StatusAsync(path));
        await simulator.PostAsync("/_sim/clock", new { advance = "2h" });
        Assert.Equal(Now + 3600, (await simulator.GetAsync(path)).GetProperty("message").GetProperty("created").GetInt64());
    }

    [Fact]
    public async Task A_time_that_is_past_is_at_once_and_one_in_more_than_90_days_is_refused()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var (status, answer) = await SendAsync(simulator, "email", With(Email, "send_at", Now - 60));
        Assert.Equal(200, status);
        Assert.False(SimulatorHarness.Parse(answer).TryGetProperty("send_at", out _));
        Assert.Equal(200, (await SendAsync(simulator, "email", With(Email, "send_at", Now + 90 * 86400))).Status);
        Assert.Equal(400, (await SendAsync(simulator, "email", With(Email, "send_at", Now + 90 * 86400 + 1))).Status);
        Assert.Equal(400, (await SendAsync(simulator, "email", With(Email, "send_at", "tomorrow"))).Status);
    }

    [Theory]
    [InlineData("report.pdf", "aGVsbG8=", 200)]
    [InlineData("report.pdf", "no base64!", 400)]
    [InlineData("setup.exe", "aGVsbG8=", 403)]
    public async Task Attachments_are_base64_of_a_permitted_type(string name, string content, int expected)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var (status, _) = await SendAsync(simulator, "email", With(Email, "attachments", new JsonObject { [name] = content }));
        Assert.Equal(expected, status);
    }

    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 413)]
    public async Task Attachments_are_two_megabytes_together_at_most(int files, int expected)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var content = Convert.ToBase64String(new byte[1_100_000]);
        var attachments = new JsonObject(Enumerable.Range(0, files).Select(file => KeyValuePair.Create($"{file}.pdf", (JsonNode?)content)));
        Assert.Equal(expected, (await SendAsync(simulator, "email", With(Email, "attachments", attachments))).Status);
        Assert.Equal(413, (await SendAsync(simulator, "email", With(Email, "body", new string('x', 1_100_000)))).Status);
    }

    [Theory]
    [InlineData("disable_message_retention")]
    [InlineData("send_to_unsubscribed")]
    public async Task Messages_in_the_app_and_the_inbox_lack_two_keys_of_the_other_channels(string key)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        Assert.Equal(200, (await SendAsync(simulator, "email", With(Email, key, true))).Status);
        Assert.Equal(400, (await SendAsync(simulator, "in_app", With(InApp, key, true))).Status);
        Assert.Equal(400, (await SendAsync(simulator, "inbox_message", With(InApp, key, true))).Status);
    }

    [Fact]
    public async Task Messages_are_tracked_unless_the_request_says_otherwise()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        Assert.Equal(400, (await SendAsync(simulator, "email", With(Email, "tracked", "false"))).Status);
        var tracked = await IdsAsync(simulator, Email);
        var untracked = await IdsAsync(simulator, With(Email, "tracked", false));
        await simulator.PostAsync("/_sim/clock", new { advance = "170d" });
        var opened = (await simulator.WalkAsync($"/v1/messages?limit=1000&metric=opened&start_ts={Now}&end_ts={Now + 1}", "messages"))
            .Select(row => row.GetProperty("id").GetString()!).ToHashSet();
        Assert.Contains(tracked, opened.Contains);
        Assert.DoesNotContain(untracked, opened.Contains);
    }

    private static async Task<List<string>> IdsAsync(SimulatorHarness simulator, string body)
    {
        var ids = new List<string>();
        for (var count = 0; count < 60; count++)
        {
            var (status, answer) = await SendAsync(simulator, "email", body);
            Assert.Equal(200, status);
            ids.Add(SimulatorHarness.Parse(answer).GetProperty("delivery_id").GetString()!);
        }

        return ids;
    }

    private static Task<(int Status, string Body)> SendAsync(SimulatorHarness simulator, string channel, string body)
        => simulator.SendAsync(HttpMethod.Post, $"/v1/send/{channel}", body);

    private static string With(string body, string name, JsonNode? value)
    {
        var changed = JsonNode.Parse(body)!.AsObject();
        changed.Remove(name);
        if (value is not null)
        {
            changed[name] = value;
        }

        return changed.ToJsonString(JsonSerializerOptions.Default);
    }
}

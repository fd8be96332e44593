using System.Text.Json;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>What a PUT can change of a message's content, in which form, and what it leaves of the rest.</summary>
public sealed class ContentWriteTests
{
    private static readonly string[] ReadOnlyOfAnAction =
    [
        "id", "name", "type", "layout", "language", "created", "updated", "deduplicate_id", "parent_action_id", "campaign_id",
        "from", "reply_to", "cc", "bcc", "fake_bcc", "preprocessor",
    ];

    private static readonly object[] OneHeader = [new { name = "X-Kind", value = "test" }];

    [Theory]
    [InlineData("email", "body_amp", "subject", "preheader_text", "recipient")]
    [InlineData("push", "body", "subject")]
    [InlineData("slack", "body")]
    [InlineData("in_app", "body")]
    [InlineData("twilio", "body", "image_url", "recipient")]
    [InlineData("whatsapp", "body", "body_json", "recipient")]
    [InlineData("webhook", "url", "body", "headers")]
    public async Task Actions_let_the_keys_of_their_channel_be_written(string type, params string[] keys)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var path = ActionPath(simulator, type);
        foreach (var key in keys)
        {
            var value = key == "headers" ? "[]" : "new text";
            var action = await PutAsync(simulator, path, new Dictionary<string, object> { [key] = value }, "action");
            Assert.Equal(value, action.GetProperty(key).GetString());
        }

        Assert.Equal("off", (await PutAsync(simulator, path, new { sending_state = "off" }, "action")).GetProperty("sending_state").GetString());
    }

    [Theory]
    [InlineData("email", "url")]
    [InlineData("twilio", "subject")]
    [InlineData("twilio", "headers")]
    [InlineData("whatsapp", "image_url")]
    [InlineData("webhook", "recipient")]
    [InlineData("delay", "body")]
    public async Task Actions_refuse_the_keys_of_other_channels_and_the_read_only_ones(string type, string foreign)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var path = ActionPath(simulator, type);
        var before = (await simulator.GetAsync(path)).ToString();
        foreach (var key in ReadOnlyOfAnAction.Append(foreign))
        {
            Assert.Equal(400, await StatusAsync(simulator, path, new Dictionary<string, object> { [key] = "x" }));
        }

        Assert.Equal(before, (await simulator.GetAsync(path)).ToString());
    }

    [Fact]
    public async Task A_request_with_one_read_only_key_changes_nothing()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var path = ActionPath(simulator, "push");
        var before = (await simulator.GetAsync(path)).ToString();
        Assert.Equal(400, await StatusAsync(simulator, path, new { subject = "new", name = "new" }));
        Assert.Equal(before, (await simulator.GetAsync(path)).ToString());
    }

    [Fact]
    public async Task Read_only_keys_can_be_passed_over_instead_for_neither_is_documented()
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { IgnoresReadOnlyKeys = true });
        var action = await PutAsync(simulator, ActionPath(simulator, "push"), new { subject = "new", name = "new" }, "action");
        Assert.Equal("new", action.GetProperty("subject").GetString());
        Assert.NotEqual("new", action.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Keys_that_are_left_out_stay_or_are_emptied_for_neither_is_documented(bool overwrites)
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { OverwritesContents = overwrites });
        var path = ActionPath(simulator, "email");
        var before = (await simulator.GetAsync(path)).GetProperty("action");
        var action = await PutAsync(simulator, path, new { preheader_text = "new" }, "action");
        Assert.Equal("new", action.GetProperty("preheader_text").GetString());
        Assert.Equal(overwrites ? "" : before.GetProperty("subject").GetString(), action.GetProperty("subject").GetString());
        Assert.Equal(overwrites ? "" : before.GetProperty("recipient").GetString(), action.GetProperty("recipient").GetString());
        foreach (var kept in new[] { "from_id", "sending_state", "name", "created" })
        {
            Assert.Equal(before.GetProperty(kept).ToString(), action.GetProperty(kept).ToString());
        }
    }

    [Theory]
    [InlineData("/v1/transactional/1/content/90001")]
    [InlineData("/v1/transactional/1/language/nl")]
    public async Task A_transactional_content_is_overwritten_whole_and_answered_as_a_list(string path)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var content = (await PutAsync(simulator, path, new { body = "<p>new</p>" }, "content"))[0];
        Assert.Equal("<p>new</p>", content.GetProperty("body").GetString());
        Assert.Equal("", content.GetProperty("subject").GetString());
        Assert.Equal(1, content.GetProperty("from_id").GetInt32());
        Assert.Equal(400, await StatusAsync(simulator, path, new { name = "x" }));
    }

    [Theory]
    [InlineData("twilio")]
    [InlineData("whatsapp")]
    public async Task A_recipient_of_liquid_is_blank_when_read_and_writing_it_back_loses_it(string type)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var path = ActionPath(simulator, type);
        Assert.Equal("", (await simulator.GetAsync(path)).GetProperty("action").GetProperty("recipient").GetString());
        var listed = simulator.World.Rows("campaign_actions").Where(row => row.GetProperty("type").GetString() == type);
        Assert.All(listed, row => Assert.Equal("", row.GetProperty("recipient").GetString()));
        var liquid = await PutAsync(simulator, path, new { recipient = "{{customer.mobile}}" }, "action");
        Assert.Equal("", liquid.GetProperty("recipient").GetString());
        var number = await PutAsync(simulator, path, new { recipient = "+4915112345678" }, "action");
        Assert.Equal("+4915112345678", number.GetProperty("recipient").GetString());
    }

    [Fact]
    public async Task Headers_of_an_email_are_written_as_an_array_and_read_as_text()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        foreach (var path in new[] { ActionPath(simulator, "email"), "/v1/transactional/1/content/90001" })
        {
            var answer = await PutAsync(simulator, path, new { headers = OneHeader }, path.Contains("transactional") ? "content" : "action");
            var headers = (answer.ValueKind == JsonValueKind.Array ? answer[0] : answer).GetProperty("headers");
            Assert.Equal("X-Kind", SimulatorHarness.Parse(headers.GetString()!)[0].GetProperty("name").GetString());
            Assert.Equal(400, await StatusAsync(simulator, path, new { headers = headers.GetString() }));
            Assert.Equal(400, await StatusAsync(simulator, path, new { headers = new[] { new { name = "X Kind", value = "a space" } } }));
        }
    }

    [Fact]
    public async Task Headers_of_a_webhook_action_are_text_both_ways_and_of_a_webhook_newsletter_an_array_when_written()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var action = ActionPath(simulator, "webhook");
        var read = (await simulator.GetAsync(action)).GetProperty("action").GetProperty("headers").GetString()!;
        Assert.Equal(read, (await PutAsync(simulator, action, new { headers = read }, "action")).GetProperty("headers").GetString());
        Assert.Equal(400, await StatusAsync(simulator, action, new { headers = OneHeader }));
        var newsletter = ContentPath(simulator, "webhook");
        var written = await PutAsync(simulator, newsletter, new { headers = OneHeader }, "content");
        Assert.Equal(JsonValueKind.String, written.GetProperty("headers").ValueKind);
        Assert.Equal(400, await StatusAsync(simulator, newsletter, new { headers = read }));
    }

    [Theory]
    [InlineData("email", "body_plain", "name")]
    [InlineData("email", "subject", "headers")]
    [InlineData("twilio", "body", "subject")]
    [InlineData("push", "subject", "layout")]
    [InlineData("webhook", "body", "url")]
    public async Task Newsletter_contents_let_the_keys_of_their_channel_be_written(string type, string key, string readOnly)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var path = ContentPath(simulator, type);
        var content = await PutAsync(simulator, path, new Dictionary<string, object> { [key] = "new" }, "content");
        Assert.Equal("new", content.GetProperty(key).GetString());
        Assert.Equal(400, await StatusAsync(simulator, path, new Dictionary<string, object> { [readOnly] = "new" }));
    }

    [Theory]
    [InlineData("in_app", "2026-09", 400)]
    [InlineData("inbox", "2026-09", 400)]
    [InlineData("inbox", "2026-08", 200)]
    public async Task Newsletters_in_the_app_and_the_inbox_cannot_be_changed(string type, string form, int status)
    {
        await using var simulator = await SimulatorHarness.StartAsync(SimulatorHarness.Small with { ApiForm = form });
        var path = ContentPath(simulator, type);
        Assert.Equal(status, await StatusAsync(simulator, path, new { body_json = "{}" }));
        Assert.Equal(400, await StatusAsync(simulator, path, new { body = "new" }));
    }

    [Fact]
    public async Task The_body_of_the_drag_and_drop_editor_stays()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var action = simulator.World.Rows("campaign_actions").First(row =>
            row.TryGetProperty("editor", out var editor) && editor.GetString() == "drag-and-drop");
        var path = $"/v1/campaigns/{action.GetProperty("campaign_id")}/actions/{action.GetProperty("id")}";
        Assert.Equal(400, await StatusAsync(simulator, path, new { body = "new" }));
        Assert.Equal(200, await StatusAsync(simulator, path, new { subject = "new" }));
    }

    [Fact]
    public async Task A_language_that_does_not_exist_is_refused_and_none_is_made()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        Assert.Equal(400, await simulator.StatusAsync(ActionPath(simulator, "email") + "/language/tlh"));
        Assert.Equal(400, await StatusAsync(simulator, ActionPath(simulator, "email") + "/language/tlh", new { subject = "new" }));
        Assert.Equal(400, await StatusAsync(simulator, "/v1/newsletters/1/language/tlh", new { subject = "new" }));
    }

    [Theory]
    [InlineData("/v1/segments/7")]
    [InlineData("/v1/newsletters/1")]
    public async Task Segments_and_newsletters_have_no_update(string path)
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        Assert.Equal(200, await simulator.StatusAsync(path));
        Assert.Equal(404, await StatusAsync(simulator, path, new { name = "new" }));
        Assert.Equal(404, (await simulator.SendAsync(HttpMethod.Patch, path, """{"name":"new"}""")).Status);
    }

    [Fact]
    public async Task A_snippet_in_use_is_not_deleted()
    {
        await using var simulator = await SimulatorHarness.StartAsync();
        var path = ActionPath(simulator, "push");
        await PutAsync(simulator, path, new { body = "We live at {{ snippets.address }}." }, "action");
        var (status, body) = await simulator.SendAsync(HttpMethod.Delete, "/v1/snippets/address");
        Assert.Equal(400, status);
        var error = SimulatorHarness.Parse(body).GetProperty("errors")[0];
        Assert.Equal(("unable to delete snippet in use", "400"), (error.GetProperty("detail").GetString(), error.GetProperty("status").GetString()));
        await PutAsync(simulator, path, new { body = "We have moved." }, "action");
        Assert.Equal(204, (await simulator.SendAsync(HttpMethod.Delete, "/v1/snippets/address")).Status);
        Assert.Equal(404, (await simulator.SendAsync(HttpMethod.Delete, "/v1/snippets/address")).Status);
    }

    private static string ActionPath(SimulatorHarness simulator, string type)
    {
        // Half of the emails are made with the drag-and-drop editor, which is a matter of its own.
        var action = simulator.World.Rows("campaign_actions").First(row =>
            row.GetProperty("type").GetString() == type && !(row.TryGetProperty("editor", out var editor) && editor.GetString() != "code"));
        return $"/v1/campaigns/{action.GetProperty("campaign_id")}/actions/{action.GetProperty("id")}";
    }

    private static string ContentPath(SimulatorHarness simulator, string type)
    {
        var content = simulator.World.Rows("newsletter_contents").First(row => row.GetProperty("type").GetString() == type);
        return $"/v1/newsletters/{content.GetProperty("newsletter_id")}/contents/{content.GetProperty("id")}";
    }

    private static async Task<int> StatusAsync(SimulatorHarness simulator, string path, object body)
        => (await simulator.SendAsync(HttpMethod.Put, path, JsonSerializer.Serialize(body))).Status;

    private static async Task<JsonElement> PutAsync(SimulatorHarness simulator, string path, object body, string root)
    {
        var (status, text) = await simulator.SendAsync(HttpMethod.Put, path, JsonSerializer.Serialize(body));
        Assert.True(status == 200, $"PUT {path}: {status} {text}");
        return SimulatorHarness.Parse(text).GetProperty(root);
    }
}

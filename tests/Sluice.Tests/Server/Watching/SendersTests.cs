using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Server;
using Sluice.Server.Gate;
using Sluice.Server.Notifications;
using Sluice.Settings.Pipelines;
using Xunit;

namespace Sluice.Tests.Server.Watching;

/// <summary>What Slack and webhooks get, and what is told of their answers.</summary>
public sealed class SendersTests
{
    private const string HostileName = "<!channel> & <https://evil.example|click>\r\nX-Evil: 1\u202e";
    private const string HostileSummary = "</code>\u001b[31m<script>alert(1)</script> \u2028 & more";

    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-30T12:00:00Z", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Slack_gets_text_in_which_nothing_is_a_link_or_a_mention()
    {
        await using var receiver = await NewsReceiver.StartAsync();
        using var http = new HttpDelivery(Guard("127.0.0.0/8"));

        var answer = await new SlackSender(http).SendAsync(Channel(ChannelKind.Slack, receiver.Address), Message(Hostile), ServerWorld.Cancel);

        Assert.Equal(DeliveryAnswer.Taken("HTTP 200"), answer);
        using var json = JsonDocument.Parse(Assert.Single(receiver.Taken).Body);
        var text = json.RootElement.GetProperty("text").GetString()!;
        Assert.DoesNotContain("<", text, StringComparison.Ordinal);
        Assert.DoesNotContain(">", text, StringComparison.Ordinal);
        Assert.Contains("The sync &lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;  X-Evil: 1  failed.", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, letter => letter != '\n' && char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format);
        Assert.False(json.RootElement.GetProperty("mrkdwn").GetBoolean());
    }

    [Fact]
    public async Task A_webhook_gets_json_that_is_signed_as_customer_io_signs()
    {
        await using var receiver = await NewsReceiver.StartAsync();
        using var http = new HttpDelivery(Guard("127.0.0.0/8"));
        var message = Message(Hostile, Hostile with { Event = NotificationWords.Late });

        await new WebhookSender(http).SendAsync(Channel(ChannelKind.Webhook, receiver.Address + "/news"), message, ServerWorld.Cancel);

        var news = Assert.Single(receiver.Taken);
        var timestamp = news.Headers["X-Sluice-Timestamp"];
        var signed = Encoding.UTF8.GetBytes($"v0:{timestamp}:{news.Text}");
        Assert.Equal("1796040000", timestamp);
        Assert.Equal(Convert.ToHexStringLower(HMACSHA256.HashData("0123456789abcdef"u8, signed)), news.Headers["X-Sluice-Signature"]);
        using var json = JsonDocument.Parse(news.Body);
        var events = json.RootElement.GetProperty("events");
        Assert.Equal(["failing", "late"], events.EnumerateArray().Select(one => one.GetProperty("event").GetString()));
        Assert.Equal(NotificationText.Plain(HostileName), events[0].GetProperty("name").GetString());
        Assert.Equal(message.Rows[0].Id, events[0].GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(204, true, false, "HTTP 204")]
    [InlineData(302, false, false, "HTTP 302: redirects are not followed")]
    [InlineData(404, false, false, "HTTP 404")]
    [InlineData(429, false, true, "HTTP 429")]
    [InlineData(500, false, true, "HTTP 500")]
    public async Task An_answer_is_told_by_its_number_alone(int status, bool isTaken, bool mayPass, string text)
    {
        await using var receiver = await NewsReceiver.StartAsync();
        (receiver.Status, receiver.Location) = (status, status == 302 ? receiver.Address + "/elsewhere" : null);
        using var http = new HttpDelivery(Guard("127.0.0.0/8"));

        var answer = await http.PostAsync(receiver.Address, [], [], ServerWorld.Cancel);

        Assert.Equal(new DeliveryAnswer(isTaken, mayPass, text), answer);
        Assert.Single(receiver.Taken);
    }

    [Fact]
    public async Task What_is_in_no_network_that_is_allowed_is_not_connected_to()
    {
        await using var receiver = await NewsReceiver.StartAsync();
        using var http = new HttpDelivery(Guard());

        Assert.Equal(DeliveryAnswer.Later("refused"), await http.PostAsync(receiver.Address, [], [], ServerWorld.Cancel));
        Assert.Empty(receiver.Taken);
    }

    [Fact]
    public async Task A_name_that_is_none_and_a_port_where_nobody_listens_are_told_apart()
    {
        using var http = new HttpDelivery(Guard("127.0.0.0/8"));

        Assert.Equal(DeliveryAnswer.Later("no such host"), await http.PostAsync("http://nowhere.invalid/", [], [], ServerWorld.Cancel));
        Assert.Equal(DeliveryAnswer.Later("refused"), await http.PostAsync("http://127.0.0.1:1/", [], [], ServerWorld.Cancel));
    }

    [Theory]
    [InlineData("10.1.2.3", true, false)]
    [InlineData("127.0.0.1", true, false)]
    [InlineData("169.254.169.254", false, false)]
    [InlineData("192.168.7.1", true, true)]
    public void Private_addresses_are_for_mail_servers_and_those_of_keys_for_nobody(string address, bool forMail, bool forWebhooks)
    {
        var guard = Guard("192.168.7.0/24");

        Assert.Equal((forMail, forWebhooks), (guard.Allows(IPAddress.Parse(address), true), guard.Allows(IPAddress.Parse(address), false)));
    }

    private static NotificationFacts Hostile => new()
    {
        Event = NotificationWords.Failing,
        Kind = "sync",
        Name = HostileName,
        Since = Now,
        Summary = HostileSummary,
    };

    private static OutboundGuard Guard(params string[] allowed) => new(new ServerOptions
    {
        Folder = ".",
        WorkFolder = ".",
        Variables = _ => null,
        OpenClient = (_, _) => throw new InvalidOperationException("Nothing is read here."),
        AllowPrivate = [.. allowed.Select(IPNetwork.Parse)],
    });

    private static PipelineChannel Channel(ChannelKind kind, string address) =>
        new() { Name = "team", Kind = kind, On = [], Address = address, SigningKey = "0123456789abcdef" };

    private static ChannelMessage Message(params NotificationFacts[] facts) =>
        new([.. facts.Select(one => NotificationRow.New("team", one, Now))], Now);
}

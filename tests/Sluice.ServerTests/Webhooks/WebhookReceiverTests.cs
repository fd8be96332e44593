using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Sluice.Server.Webhooks;
using Xunit;

namespace Sluice.ServerTests.Webhooks;

public sealed class WebhookReceiverTests
{
    private const string Event =
        """{"event_id":"e1","object_type":"email","metric":"sent","timestamp":100,"data":{"delivery_id":"d1","recipient":"canary@example.com"}}""";

    private static string Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static byte[] Bytes => Encoding.UTF8.GetBytes(Event);

    [Fact]
    public async Task A_signed_event_is_answered_with_200_when_it_is_in_a_file_that_only_its_owner_can_read()
    {
        await using var server = await HookedServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await server.SendAsync(Event));
        var waiting = Assert.Single(await server.Part<EventInbox>().DepthsAsync(HookedServer.Cancel));
        Assert.Equal(("main", 1L), (waiting.Workspace, waiting.Events));
        Assert.Equal((1L, 0L), (server.Status.Received, server.Status.Doubled));
        Assert.Equal(1, server.Status.ReceivedByMinute().Sum());
        foreach (var file in Directory.GetFiles(Path.Combine(server.Folder, ".sluice"), "serve-inbox.db*"))
        {
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Fact]
    public async Task An_event_that_comes_again_while_it_waits_is_kept_once()
    {
        await using var server = await HookedServer.StartAsync();
        await server.SendAsync(Event);
        await server.SendAsync(Event);
        Assert.Equal((2L, 1L), (server.Status.Received, server.Status.Doubled));
        Assert.Equal(1, await server.FoldAsync());
        Assert.Single(await server.ReadAsync("webhook_events", "event_id"));
        var line = (await server.ReadAsync("_sluice_ledger", "table_name")).Single(row => (string)row["table_name"]! == "webhook_events");
        Assert.Equal((2L, 1L, 1L), ((long)line["fetched"]!, (long)line["doubled"]!, (long)line["loaded"]!));
    }

    [Theory]
    [InlineData("wrong key")]
    [InlineData("upper case")]
    [InlineData("63 letters")]
    [InlineData("65 letters")]
    [InlineData("another body")]
    [InlineData("v1")]
    [InlineData("nine days old")]
    [InlineData("an hour ahead")]
    [InlineData("no timestamp")]
    [InlineData("no signature")]
    [InlineData("timestamp of letters")]
    [InlineData("another timestamp")]
    public async Task A_signature_that_is_not_right_is_refused_and_nothing_is_kept(string what)
    {
        await using var server = await HookedServer.StartAsync();
        var at = what switch
        {
            "nine days old" => DateTimeOffset.UtcNow.AddDays(-9).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            "an hour ahead" => DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            "timestamp of letters" => "now",
            _ => Now,
        };
        var signature = HookedServer.Sign(what == "wrong key" ? "other" : HookedServer.Key, at, what == "another body" ? [.. Bytes, 32] : Bytes);
        signature = what switch
        {
            "upper case" => signature.ToUpperInvariant(),
            "63 letters" => signature[..63],
            "65 letters" => signature + "0",
            "v1" => HookedServer.Sign(HookedServer.Key, at, Bytes).Replace(signature, HookedServer.Sign("v1", at, Bytes), StringComparison.Ordinal),
            _ => signature,
        };
        var sent = what switch
        {
            "no timestamp" => null,
            "another timestamp" => "1",
            _ => at,
        };
        Assert.Equal(HttpStatusCode.Unauthorized, await server.SendAsync("main", sent, what == "no signature" ? null : signature, Bytes));
        Assert.Empty(await server.Part<EventInbox>().DepthsAsync(HookedServer.Cancel));
        Assert.NotEmpty(Assert.Single(server.Status.LastRefusals).Why);
    }

    [Fact]
    public async Task A_retry_of_seven_days_ago_is_taken()
    {
        await using var server = await HookedServer.StartAsync();
        var at = DateTimeOffset.UtcNow.AddDays(-7).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        Assert.Equal(HttpStatusCode.OK, await server.SendAsync("main", at, HookedServer.Sign(HookedServer.Key, at, Bytes), Bytes));
    }

    [Fact]
    public async Task A_workspace_that_no_sync_has_is_a_404_and_one_without_a_key_a_503()
    {
        await using var server = await HookedServer.StartAsync(key: null);
        Assert.Equal(HttpStatusCode.NotFound, await server.SendAsync(Event, "other"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await server.SendAsync(Event));
        Assert.Contains("webhook_signing_key", server.Status.LastRefusals[0].Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"event_id":7,"metric":"sent"}""")]
    [InlineData("""{"event_id":"x","object_type":"carrier pigeon","metric":"landed","timestamp":"soon","data":"none","new":{"a":1}}""")]
    [InlineData("""{"event_id":"x","metric":"sent","timestamp":1e3,"data":{"delivery_id":["d"],"campaign_id":"seven","identifiers":[1]}}""")]
    [InlineData("""{"event_id":"x\ud800","metric":"sent","timestamp":99999999999999,"data":{"delivery_id":"\ud800"}}""")]
    public async Task Whatever_is_signed_is_kept_and_folded_as_far_as_it_is_understood(string body)
    {
        await using var server = await HookedServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await server.SendAsync(body));
        Assert.Equal(1, await server.FoldAsync());
        Assert.Null(Assert.Single(server.Status.Folds).Error);
        Assert.Single(await server.ReadAsync("webhook_events", "event_id"));
    }

    [Fact]
    public async Task A_body_longer_than_a_megabyte_is_kept_without_its_long_values()
    {
        await using var server = await HookedServer.StartAsync();
        var long_ = Event.Replace("\"data\":{", $"\"data\":{{\"content\":\"{new string('x', 5 << 20)}\",", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await server.SendAsync(long_));
        await server.FoldAsync();
        var row = Assert.Single(await server.ReadAsync("webhook_events", "event_id"));
        Assert.Equal(("d1", "canary@example.com"), ((string)row["delivery_id"]!, (string)row["recipient"]!));
        Assert.True(((string)row["data"]!).Length < 1000);
    }

    [Fact]
    public async Task Masked_values_are_written_nowhere_and_the_strictest_mask_of_all_syncs_holds()
    {
        await using var server = await HookedServer.StartFileAsync("""
            version: 1
            workspaces:
              main: {app_api_key: "${APP_KEY}", base_url: "http://127.0.0.1:9", webhook_signing_key: "${HOOK_KEY}"}
            destinations: {warehouse: "duckdb:///crm.duckdb"}
            syncs:
              one: {schema: one, tables: [messages], mask: ["recipient:sha256", "email:partial"]}
              two: {schema: two, tables: [messages], mask: ["recipient:partial", "email:redact"]}
            """);
        var body = Event.Replace("\"data\":{",
            "\"data\":{\"identifiers\":{\"id\":\"1\",\"email\":\"canary@example.com\"},", StringComparison.Ordinal);
        await server.SendAsync(body);
        foreach (var file in Directory.GetFiles(Path.Combine(server.Folder, ".sluice"), "*.db*", SearchOption.AllDirectories))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            await open.CopyToAsync(copy, HookedServer.Cancel);
            Assert.DoesNotContain("canary@", Encoding.Latin1.GetString(copy.ToArray()), StringComparison.Ordinal);
        }

        Assert.Equal(2, await server.FoldAsync());
        foreach (var schema in new[] { "one", "two" })
        {
            var row = Assert.Single(await server.ReadAsync("messages", "id", schema));
            Assert.Matches("^[0-9a-f]{64}$", (string)row["recipient"]!);
            Assert.Contains("\"***\"", (string)row["customer_identifiers"]!, StringComparison.Ordinal);
        }

        Assert.Empty(await server.Part<EventInbox>().DepthsAsync(HookedServer.Cancel));
    }

    [Fact]
    public async Task A_mask_that_is_set_while_events_wait_holds_for_them_and_one_that_was_set_before_is_not_applied_twice()
    {
        await using var server = await HookedServer.StartAsync("{tables: [messages], mask: [\"recipient:sha256\"]}");
        await server.SendAsync(Event.Replace("\"data\":{", "\"data\":{\"subject\":\"canary\",", StringComparison.Ordinal));
        var file = Path.Combine(server.Folder, "sluice.yaml");
        var text = await File.ReadAllTextAsync(file, HookedServer.Cancel);
        await File.WriteAllTextAsync(file,
            text.Replace("\"recipient:sha256\"", "\"recipient:sha256\", \"subject:redact\"", StringComparison.Ordinal), HookedServer.Cancel);
        await server.RestartAsync();
        await server.FoldAsync();
        var row = Assert.Single(await server.ReadAsync("messages", "id"));
        Assert.Equal("***", row["subject"]);
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("salt"u8, "canary@example.com"u8)), row["recipient"]);
    }

    [Fact]
    public async Task A_body_that_does_not_come_is_not_waited_for()
    {
        await using var server = await HookedServer.StartAsync(webhooks: new WebhookOptions { ReadTime = TimeSpan.FromMilliseconds(100) });
        using var slow = new TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, server.Address.Port, HookedServer.Cancel);
        await using var stream = slow.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes("POST /hooks/main HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"), HookedServer.Cancel);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        Assert.Equal("HTTP/1.1 503 Service Unavailable", await reader.ReadLineAsync(HookedServer.Cancel));
    }

    [Fact]
    public async Task Without_place_for_it_an_event_is_answered_with_503()
    {
        await using var server = await HookedServer.StartAsync(webhooks: new WebhookOptions { LeastFreeBytes = long.MaxValue });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await server.SendAsync(Event));
        await using var other = await HookedServer.StartAsync(webhooks: new WebhookOptions { MostWaiting = 0 });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await other.SendAsync(Event));
    }

    [Fact]
    public async Task What_goes_wrong_behind_a_right_signature_is_a_503_and_the_next_event_is_kept()
    {
        await using var server = await HookedServer.StartAsync();
        await using var inbox = new SqliteConnection($"Data Source={Path.Combine(server.Folder, ".sluice", "serve-inbox.db")};Pooling=false");
        await inbox.OpenAsync(HookedServer.Cancel);
        await inbox.ExecuteAsync("ALTER TABLE inbox RENAME TO elsewhere");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await server.SendAsync(Event));
        await inbox.ExecuteAsync("ALTER TABLE elsewhere RENAME TO inbox");
        Assert.Equal(HttpStatusCode.OK, await server.SendAsync(Event));
    }

    [Fact]
    public async Task A_flood_of_wrong_signatures_does_not_keep_right_ones_out()
    {
        var clock = new StandingClock();
        await using var server = await HookedServer.StartAsync(webhooks: new WebhookOptions { MostBadSignatures = 5 }, time: clock);
        var codes = new List<HttpStatusCode>();
        for (var i = 0; i < 40; i++)
        {
            codes.Add(await server.SendAsync("main", Now, new string('0', 64), Bytes));
        }

        Assert.Equal(5, codes.Count(code => code == HttpStatusCode.Unauthorized));
        Assert.Equal(35, codes.Count(code => code == HttpStatusCode.TooManyRequests));
        Assert.Equal(HttpStatusCode.OK, await server.SendAsync(Event));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await server.SendAsync("main", Now, new string('0', 64), new byte[2 << 20]));
        clock.Now += TimeSpan.FromMinutes(1);
        Assert.Equal(HttpStatusCode.Unauthorized, await server.SendAsync("main", Now, new string('0', 64), Bytes));
    }

    [Fact]
    public async Task Events_wait_for_the_next_start()
    {
        await using var server = await HookedServer.StartAsync();
        await server.SendAsync(Event);
        await server.RestartAsync();
        Assert.Equal(1, await server.FoldAsync());
        Assert.Single(await server.ReadAsync("messages", "id"));
    }
}

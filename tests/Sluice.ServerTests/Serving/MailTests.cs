using System.Globalization;
using Sluice.Server;
using Sluice.Server.Gate;
using Sluice.Server.Notifications;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;
using Sluice.Settings.Pipelines;
using Xunit;

namespace Sluice.ServerTests.Serving;

/// <summary>Notifications by mail, with a mail server.</summary>
public sealed class MailTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse("2026-11-30T12:00:00Z", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_mail_says_in_its_head_what_is_wrong_and_a_hostile_name_adds_no_line_to_it()
    {
        await using var server = await StartAsync(wantsLogin: false);
        var facts = new NotificationFacts
        {
            Event = NotificationWords.Failing,
            Kind = "sync",
            Name = "daily\r\nBcc: all@example.com\r\n\r\n<b>x</b>\u202e",
            Since = Now,
            Summary = "1 of 2 tables complete.\r\n.\r\nMAIL FROM:<evil@example.com>",
        };

        var answer = await SendAsync(server, Channel(server, "ann@example.com", "bob@example.com"), facts);

        Assert.Equal(DeliveryAnswer.Taken("taken by the mail server"), answer);
        Assert.Equal(
            ["""{"from":"sluice@example.com","to":["ann@example.com","bob@example.com"],"user":null,"secure":false}"""], server.Envelopes());
        var (head, body) = Parts(server.Mail(1));
        Assert.Equal("Sluice: the sync daily  Bcc: all@example.com    <b>x</b>  failed", Header(head, "Subject"));
        Assert.DoesNotContain(head.Split("\r\n"), line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
        Assert.Equal("auto-generated", Header(head, "Auto-Submitted"));
        Assert.Contains("The last run: 1 of 2 tables complete.  .  MAIL FROM:<evil@example.com>\r\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_that_is_sent_again_has_the_same_id()
    {
        await using var server = await StartAsync(wantsLogin: false);
        var row = NotificationRow.New("people", new NotificationFacts { Event = NotificationWords.Test, Name = "a" }, Now);
        var sender = new MailSender(Guard());

        await sender.SendAsync(Channel(server, "ann@example.com"), new ChannelMessage([row], Now), Tool.Cancel);
        await sender.SendAsync(Channel(server, "ann@example.com"), new ChannelMessage([row], Now.AddHours(1)), Tool.Cancel);

        Assert.Equal(Header(Parts(server.Mail(1)).Head, "Message-Id"), Header(Parts(server.Mail(2)).Head, "Message-Id"));
    }

    [Fact]
    public async Task A_recipient_that_is_not_there_is_a_refusal_by_its_number()
    {
        await using var server = await StartAsync(wantsLogin: false);

        var answer = await SendAsync(server, Channel(server, "nobody@example.com"), new NotificationFacts { Event = NotificationWords.Test });

        Assert.Equal(DeliveryAnswer.Refused("SMTP 550"), answer);
    }

    [Fact]
    public async Task A_password_is_not_sent_where_nothing_is_encrypted()
    {
        await using var server = await StartAsync(wantsLogin: false);
        var channel = Channel(server, "ann@example.com") with { Address = $"smtp://me:secret@127.0.0.1:{server.Port}" };

        var answer = await SendAsync(server, channel, new NotificationFacts { Event = NotificationWords.Test });

        Assert.Equal(DeliveryAnswer.Refused("the mail server offers no encryption, or no login"), answer);
        Assert.Empty(server.Envelopes());
    }

    [Theory]
    [InlineData(MailServer.Password, true, 0, "")]
    [InlineData(MailServer.Password, false, 6, "no secure connection: the certificate won't do")]
    [InlineData("wrong", true, 6, "the mail server refused the login")]
    public async Task The_command_sends_a_test_with_a_login_over_an_encrypted_connection(string password, bool isTrusted, int code, string problem)
    {
        await using var server = await StartAsync(wantsLogin: true);
        using var tool = new Tool();
        tool.Environment["SMTP_URL"] = $"smtp://{Uri.EscapeDataString(MailServer.User)}:{Uri.EscapeDataString(password)}@localhost:{server.Port}";
        if (isTrusted)
        {
            tool.Environment["SSL_CERT_FILE"] = server.CertificateFile;
        }

        await File.WriteAllTextAsync(tool.PathOf("sluice.yaml"), """
            version: 1
            workspaces: {main: {app_api_key: "${KEY}"}}
            destinations: {warehouse: "duckdb:///crm.duckdb"}
            syncs: {daily: {tables: campaigns}}
            notifications: {people: {email: ann@example.com, from: sluice@example.com, smtp: "${SMTP_URL}"}}
            """);

        var run = await tool.RunAsync("serve", "notify", "test", "people");

        Assert.Equal((code, code == 0 ? "The channel people has taken the test.\n" : ""), (run.Code, run.Out));
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(password, run.Error, StringComparison.Ordinal);
        Assert.Equal(
            code == 0 ? ["""{"from":"sluice@example.com","to":["ann@example.com"],"user":"sluice@example.com","secure":true}"""] : [],
            server.Envelopes());
    }

    private static async Task<MailServer> StartAsync(bool wantsLogin)
    {
        Assert.SkipWhen(MailServer.Missing() is not null, MailServer.Missing() ?? "");
        return await MailServer.StartAsync(wantsLogin);
    }

    private static Task<DeliveryAnswer> SendAsync(MailServer server, PipelineChannel channel, NotificationFacts facts) =>
        new MailSender(Guard()).SendAsync(channel, new ChannelMessage([NotificationRow.New(channel.Name, facts, Now)], Now), Tool.Cancel);

    private static OutboundGuard Guard() => new(new ServerOptions
    {
        Folder = ".",
        WorkFolder = ".",
        Variables = _ => null,
        OpenClient = (_, _) => throw new InvalidOperationException("Nothing is read here."),
    });

    private static PipelineChannel Channel(MailServer server, params string[] to) => new()
    {
        Name = "people",
        Kind = ChannelKind.Email,
        On = [],
        Address = $"smtp://127.0.0.1:{server.Port}",
        From = "sluice@example.com",
        To = to,
    };

    private static (string Head, string Body) Parts(string mail) =>
        (mail[..mail.IndexOf("\r\n\r\n", StringComparison.Ordinal)], mail[(mail.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);

    // Long lines of a head go on after a line end and a blank.
    private static string Header(string head, string name) => head.Replace("\r\n ", " ", StringComparison.Ordinal)
        .Replace("\r\n\t", " ", StringComparison.Ordinal)
        .Split("\r\n").Single(line => line.StartsWith($"{name}: ", StringComparison.OrdinalIgnoreCase))[(name.Length + 2)..];
}

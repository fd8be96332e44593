using Sluice.Engine;
using Sluice.Settings.Pipelines.Shapes;

namespace Sluice.Settings.Pipelines;

/// <summary>The keys of a channel below <c>notifications</c>.</summary>
internal static class NotificationKeys
{
    public const string Slack = "slack";
    public const string Email = "email";
    public const string Webhook = "webhook";

    // One address: no list of them in a text, no name before it, and nothing that ends a line of a mail's head.
    private const string MailPattern = @"^[^@\s,;<>""()\x00-\x1F\x7F]+@[^@\s,;<>""()\x00-\x1F\x7F]+$";

    /// <summary>The keys of which a channel has one, which says what it is.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Slack, Email, Webhook];

    public static SectionShape Shape { get; } = new(All)
    {
        Needed = [[Slack], [Email, "from", "smtp"], [Webhook, "signing_key"]],
        Elsewhere = name => name is "to" ? "Who gets mail is named with email."
            : name is "url" ? "The address is the value of slack or webhook." : null,
    };

    public static IReadOnlyList<Setting> All => [.. Channels, .. Choices];

    private static IEnumerable<Setting> Channels =>
    [
        new(Slack, new TextShape { Look = (key, text, mistakes) => CheckAddress(key, text, ["https", "http"], mistakes) })
        {
            IsSecret = true,
            Doc = "The address of an incoming webhook of Slack; who has it can write into the channel.",
            Example = "slack: ${SLACK_WEBHOOK_URL}",
        },
        new(Email, new ListShape(new TextShape { Pattern = MailPattern }))
        {
            Doc = "Who gets mail.",
            Example = "email: [data@example.com, oncall@example.com]",
        },
        new("from", new TextShape { Pattern = MailPattern }) { Doc = "With email: who mail is from.", Example = "from: sluice@example.com" },
        new("smtp", new TextShape { Look = (key, text, mistakes) => CheckAddress(key, text, ["smtp", "smtps"], mistakes) })
        {
            Doc = "With email: the mail server, as smtp://user:password@host:587 (encrypted by STARTTLS) or smtps://… (from the first byte).",
            Example = "smtp: ${SMTP_URL}",
        },
        new(Webhook, new TextShape { Look = (key, text, mistakes) => CheckAddress(key, text, ["https", "http"], mistakes) })
        {
            Doc = "An address of yours that takes the news as JSON.",
            Example = "webhook: https://example.com/sluice",
        },
        new("signing_key", new TextShape { Look = CheckKey })
        {
            IsSecret = true,
            Doc = "With webhook: what requests are signed with, at least 16 characters.",
            Example = "signing_key: ${SLUICE_NOTIFY_KEY}",
        },
    ];

    private static IEnumerable<Setting> Choices =>
    [
        new("for", new ListShape(new TextShape()))
        {
            Doc = "The syncs and pushes that it is about; all by default.",
            Example = "for: [daily, plans]",
        },
        new("on", new ListShape(new WordShape([.. Takes.Words<ChannelEvent>().Keys])))
        {
            Doc = "What it tells of: failing (the first failed run, and once a day while it goes on), late "
                + "(what was due has not been done), recovered; "
                + "all three by default.",
            Example = "on: [failing, recovered]",
        },
    ];

    // Nothing of the address is repeated: it may be a secret.
    private static void CheckAddress(SettingKey key, string text, string[] schemes, ValidationErrors mistakes)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || !schemes.Contains(address.Scheme, StringComparer.Ordinal)
            || address.Host.Length == 0)
        {
            mistakes.Add(
                key, $"{key} is no address that begins with {string.Join(":// or ", schemes)}://.", "Look at the variable, or write the address.");
        }
    }

    private static void CheckKey(SettingKey key, string text, ValidationErrors mistakes)
    {
        if (text.Length < 16)
        {
            mistakes.Add(key, $"{key} is shorter than 16 characters.", "'openssl rand -hex 32' makes a good one.");
        }
    }
}

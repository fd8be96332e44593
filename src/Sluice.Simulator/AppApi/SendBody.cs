using System.Text.Json;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.AppApi;

/// <summary>What a transactional send must hold on each channel, and what it may not.</summary>
internal static class SendBody
{
    private const int MostRecipients = 15;
    private const int LargestPayload = 1024 * 1024;
    private const int LargestAttachments = 2 * 1024 * 1024;
    private const long LatestAfter = 90 * 86_400L;
    private static readonly string[] Recipients = ["to", "cc", "bcc"];
    private static readonly string[] Inline = ["body", "subject", "from"];
    private static readonly string[] Flags =
    [
        "tracked", "disable_message_retention", "send_to_unsubscribed", "queue_draft", "fake_bcc", "disable_css_preprocessing", "auto_create",
    ];
    private static readonly string[] NotInApp = ["disable_message_retention", "send_to_unsubscribed"];

    // No list of the vendor's is published: programs are what every mail service refuses.
    private static readonly string[] ForbiddenFiles = [".bat", ".cmd", ".com", ".exe", ".js", ".msi", ".scr", ".vbs"];

    public static void Check(string channel, JsonElement body, int length)
    {
        if (Required(channel, body).FirstOrDefault(name => Given(body, name) is null) is { } missing)
        {
            throw ApiException.Invalid($"{missing} is required");
        }

        if (Flags.FirstOrDefault(name => body.TryGetProperty(name, out var flag) && !IsFlag(flag)) is { } wrong)
        {
            throw ApiException.Invalid($"{wrong} must be true or false");
        }

        if (channel is "in_app" or "inbox_message" && NotInApp.FirstOrDefault(name => body.TryGetProperty(name, out _)) is { } foreign)
        {
            throw ApiException.Invalid($"{foreign} does not exist for {channel}");
        }

        CheckRecipients(channel, body);
        var attachments = channel == "email" ? CheckAttachments(body) : 0;
        if (length - attachments > LargestPayload)
        {
            throw new ApiException(413, "the payload is larger than 1 MB", ErrorEnvelope.Meta);
        }
    }

    public static bool Is(JsonElement body, string name, bool fallback)
        => body.TryGetProperty(name, out var flag) ? flag.ValueKind == JsonValueKind.True : fallback;

    /// <summary>When the message is to go out, or null for at once, as for a time that is past.</summary>
    public static long? SendAt(JsonElement body, long now)
    {
        if (!body.TryGetProperty("send_at", out var given))
        {
            return null;
        }

        if (given.ValueKind != JsonValueKind.Number || !given.TryGetInt64(out var second) || second > now + LatestAfter)
        {
            throw ApiException.Invalid("send_at must be unix seconds, at most 90 days ahead");
        }

        return second > now ? second : null;
    }

    /// <summary>The schema of emails requires the recipient alone; official clients require the person as well, as the other channels do.</summary>
    private static IEnumerable<string> Required(string channel, JsonElement body) => channel switch
    {
        "email" when !body.TryGetProperty("transactional_message_id", out _) => ["to", "identifiers", .. Inline],
        "email" => ["to", "identifiers"],
        "sms" or "whatsapp" => ["transactional_message_id", "identifiers", "to"],
        _ => ["transactional_message_id", "identifiers"],
    };

    private static bool IsFlag(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False;

    private static string? Given(JsonElement body, string name)
        => body.TryGetProperty(name, out var value) && value.ToString() is { Length: > 0 } text ? text : null;

    private static void CheckRecipients(string channel, JsonElement body)
    {
        if (channel is "sms" or "whatsapp" && !IsPhoneNumber(Given(body, "to")!))
        {
            throw ApiException.Invalid("to must be a phone number in E.164 format");
        }

        if (channel == "email" && Recipients.Sum(name => Given(body, name)?.Split(',').Length ?? 0) > MostRecipients)
        {
            throw ApiException.Invalid($"to, cc and bcc may hold {MostRecipients} recipients together");
        }
    }

    /// <summary>E.164, or liquid that gives such a number.</summary>
    private static bool IsPhoneNumber(string text)
        => text.Contains("{{", StringComparison.Ordinal)
            || (text is ['+', >= '1' and <= '9', ..] && text.Length is > 3 and <= 16 && text.Skip(1).All(char.IsAsciiDigit));

    /// <summary>Gives back how many characters of the request are attachments.</summary>
    private static int CheckAttachments(JsonElement body)
    {
        if (!body.TryGetProperty("attachments", out var files))
        {
            return 0;
        }

        if (files.ValueKind != JsonValueKind.Object)
        {
            throw ApiException.Invalid("attachments must be an object of file names with their content in base64");
        }

        var (characters, bytes) = (0, 0);
        foreach (var file in files.EnumerateObject())
        {
            if (ForbiddenFiles.Contains(Path.GetExtension(file.Name), StringComparer.OrdinalIgnoreCase))
            {
                throw new ApiException(403, $"files of the type of {file.Name} can't be attached", ErrorEnvelope.Meta);
            }

            if (file.Value.ValueKind != JsonValueKind.String || !file.Value.TryGetBytesFromBase64(out var content))
            {
                throw ApiException.Invalid($"the attachment {file.Name} is not base64");
            }

            (characters, bytes) = (characters + file.Value.GetRawText().Length, bytes + content.Length);
        }

        return bytes <= LargestAttachments ? characters : throw new ApiException(413, "attachments are larger than 2 MB", ErrorEnvelope.Meta);
    }
}

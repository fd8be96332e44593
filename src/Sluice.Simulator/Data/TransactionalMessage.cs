using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>A transactional message, which is a template, with its language variants.</summary>
internal sealed class TransactionalMessage(int id, string type, JsonObject row)
{
    public int Id => id;

    public string Type => type;

    public JsonObject Row => row;

    public RecordTable Contents { get; } = new();

    public static IEnumerable<TransactionalMessage> Build(int count, long historyStart)
    {
        var content = 90_001;
        for (var id = 1; id <= count; id++)
        {
            var message = new TransactionalMessage(id, id % 3 == 0 ? "push" : "email", RowOf(id, historyStart));
            for (var variant = 0; variant <= id % 2; variant++)
            {
                message.Contents.Put(content, ContentRow(content, message.Type, variant == 0 ? "" : "nl", historyStart));
                content++;
            }

            yield return message;
        }
    }

    private static JsonObject RowOf(int id, long created) => new()
    {
        ["id"] = id,
        ["name"] = id == 1 ? "password reset" : $"receipt {id}",
        ["description"] = id % 2 == 0 ? "" : "sends a temporary password, \"quoted\".",
        ["send_to_unsubscribed"] = id % 2 == 0,
        ["link_tracking"] = true,
        ["open_tracking"] = true,
        ["hide_message_body"] = id == 2,
        ["queue_drafts"] = false,
        ["created_at"] = created,
        ["updated_at"] = created + id,
    };

    private static JsonObject ContentRow(int id, string type, string language, long created) => new()
    {
        ["id"] = id,
        ["name"] = "",
        ["created"] = created,
        ["updated"] = created + 5,
        ["body"] = "<p>Your password: {{trigger.password}}</p>",
        ["language"] = language,
        ["type"] = type,
        ["from"] = "Sluice <hello@example.com>",
        ["from_id"] = 1,
        ["reply_to"] = "",
        ["reply_to_id"] = null,
        ["preprocessor"] = "premailer",
        ["recipient"] = "{{customer.email}}",
        ["subject"] = "Reset your password",
        ["cc"] = "",
        ["bcc"] = "",
        ["fake_bcc"] = false,
        ["preheader_text"] = "",
        ["body_amp"] = "",
        ["headers"] = "[]",
    };
}

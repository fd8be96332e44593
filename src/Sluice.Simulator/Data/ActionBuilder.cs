using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>Writes the row of one action of a campaign or broadcast.</summary>
internal static class ActionBuilder
{
    public static JsonObject Row(Journey journey, int id, string type, int? parent, long created, string state, SimulatorOptions options)
    {
        var campaign = journey.Kind == ParentKind.Campaign;
        var row = new JsonObject
        {
            ["id"] = campaign && options.ActionIdsAsStrings ? JsonValue.Create($"{id}") : JsonValue.Create(id),
            [campaign ? "campaign_id" : "broadcast_id"] = journey.Id,
            ["parent_action_id"] = parent,
            ["deduplicate_id"] = $"{id}:{created + 3600}",
            ["name"] = id % 7 == 0 ? "" : $"{type} {id}",
            ["layout"] = type == "email" ? "<html>{{content}}</html>" : "",
            ["created"] = created,
            ["updated"] = created + 3600,
            ["body"] = type is "delay" or "split" ? null : $"<strong>Hello {{{{customer.first_name}}}}, \"{type}\"</strong>",
            ["type"] = type,
            ["sending_state"] = state == "draft" ? "draft" : id % 11 == 0 ? "off" : "automatic",
        };
        if (type is not ("delay" or "split"))
        {
            AddEnvelope(row, type, id);
            row["language"] = parent is not null ? (id % 2 == 0 ? "de" : "fr") : id % 6 == 0 ? "de" : "";
        }

        return row;
    }

    private static void AddEnvelope(JsonObject row, string type, int id)
    {
        row["recipient"] = type == "email" ? "{{customer.email}}" : "{{customer.id}}";
        if (type == "email")
        {
            row["from"] = "Sluice <hello@example.com>";
            row["from_id"] = 1 + id % 3;
            row["reply_to"] = "";
            row["reply_to_id"] = null;
            row["preprocessor"] = "premailer";
            row["subject"] = $"Did you get that thing, {{{{customer.first_name}}}}? ({id})";
            row["bcc"] = "";
            row["fake_bcc"] = true;
            row["preheader_text"] = "In short";
            row["headers"] = "[]";
            row["editor"] = id % 2 == 0 ? "code" : "drag-and-drop";
        }
        else if (type == "webhook")
        {
            row["url"] = $"https://hooks.example.com/{id}?a=1&b=2";
            row["method"] = "post";
            row["headers"] = "[{\"name\":\"X-Kind\",\"value\":\"test\"}]";
        }
    }
}

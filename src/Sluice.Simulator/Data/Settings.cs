using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>The small tables that a workspace's settings pages show.</summary>
internal sealed class Settings
{
    public Settings(long created)
    {
        for (var id = 1; id <= 17; id++)
        {
            Senders.Put(id, Sender(id, created));
        }

        AddCollections(created);
        AddSubscriptions();
        AddWebhooks();
        Snippets["address"] = ("<strong>My Company</strong></br>1234 Fake St<br/>Fake,NY<br/>10111", created);
        Snippets["a/b c+d"] = ("needs encoding", created + 1);
        Snippets["ünï 🎉"] = ("{{ customer.first_name | default: \"friend\" }}", created + 2);
    }

    public RecordTable Senders { get; } = new();

    public RecordTable Collections { get; } = new();

    public Dictionary<long, JsonNode> CollectionContents { get; } = [];

    /// <summary>The collections whose contents are returned as JSON lines: the API reference mentions rows but shows one object.</summary>
    public HashSet<long> AnsweredAsLines { get; } = [4];

    public RecordTable Topics { get; } = new();

    public RecordTable Channels { get; } = new();

    public RecordTable ReportingWebhooks { get; } = new();

    public SortedDictionary<string, (string Value, long Updated)> Snippets { get; } = new(StringComparer.Ordinal);

    private static JsonObject Sender(int id, long created)
    {
        var phone = id % 6 == 0;
        var name = id == 2 ? "Chër \"Ami\", Ltd" : $"Sender {id}";
        var row = new JsonObject
        {
            ["id"] = id,
            ["deduplicate_id"] = $"{id}:{created + id}",
            ["name"] = name,
            ["template_type"] = phone ? "phone" : "email",
            ["auto_generated"] = id == 1,
        };
        if (phone)
        {
            row["phone"] = $"+1555000{id:0000}";
        }
        else
        {
            row["email"] = $"sender{id}@example.com";
            row["address"] = $"{name} <sender{id}@example.com>";
        }

        row["hidden"] = id % 5 == 0;
        return row;
    }

    private void AddCollections(long created)
    {
        CollectionContents[1] = new JsonArray(
            new JsonObject
            {
                ["eventName"] = "christmas",
                ["eventDate"] = "2021-12-25T12:00:00.000Z",
                ["presents"] = new JsonObject { ["total"] = 2 },
            },
            new JsonObject
            {
                ["eventName"] = "new year",
                ["eventDate"] = "2022-01-01T00:00:00.000Z",
                ["presents"] = null,
            });
        CollectionContents[2] = new JsonObject { ["name"] = "one object", ["code"] = "007" };
        CollectionContents[3] = new JsonArray();
        CollectionContents[4] = new JsonArray([
            .. Enumerable
                .Range(0, 3)
                .Select(row => new JsonObject
                {
                    ["line"] = row,
                    ["text"] = $"a\nb {row} ü",
                    ["next"] = "no cursor",
                }),
        ]);
        string[] names = ["upcoming events", "söngle", "empty", "lines"];
        foreach (var (id, content) in CollectionContents)
        {
            Collections.Put(id, Collection(id, names[id - 1], content, created));
        }
    }

    public static JsonObject Collection(long id, string name, JsonNode content, long when)
    {
        var rows = content as JsonArray ?? [content.DeepClone()];
        var keys = rows.OfType<JsonObject>()
            .SelectMany(row => row.Select(pair => pair.Key))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
        return new JsonObject
        {
            ["id"] = id,
            ["name"] = name,
            ["bytes"] = System.Text.Encoding.UTF8.GetByteCount(content.ToJsonString()),
            ["rows"] = rows.Count,
            ["schema"] = new JsonArray([.. keys.Select(key => JsonValue.Create(key))]),
            ["created_at"] = when,
            ["updated_at"] = when,
        };
    }

    private void AddSubscriptions()
    {
        string[] topics = ["Offers", "Product Updates", "Événements"];
        for (var id = 1; id <= topics.Length; id++)
        {
            Topics.Put(id, new JsonObject
            {
                ["name"] = topics[id - 1],
                ["description"] = id == 2 ? "" : $"About {topics[id - 1]}",
                ["subscribed_by_default"] = id == 3,
                ["id"] = id,
                ["identifier"] = $"topic_{id}",
            });
        }

        string[] channels = ["email", "twilio", "push", "in_app"];
        for (var id = 1; id <= channels.Length; id++)
        {
            Channels.Put(id, new JsonObject
            {
                ["id"] = id,
                ["type"] = channels[id - 1],
                ["name"] = channels[id - 1],
                ["description"] = $"{channels[id - 1]} messages",
                ["subscribed_by_default"] = true,
            });
        }
    }

    private void AddWebhooks()
    {
        string[] endpoints =
        [
            "https://example.com/webhook",
            "https://hook-user:hook-secret@hooks.example.com/cio?token=abc",
            "https://example.com/js",
        ];
        for (var id = 1; id <= endpoints.Length; id++)
        {
            ReportingWebhooks.Put(id, new JsonObject
            {
                ["name"] = $"webhook {id}",
                ["id"] = id,
                ["type"] = id == 3 ? "js" : "webhook",
                ["endpoint"] = endpoints[id - 1],
                ["disabled"] = id == 3,
                ["full_resolution"] = id == 2,
                ["with_content"] = false,
                ["events"] = new JsonArray("email_failed", "webhook_failed"),
            });
        }
    }
}

using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>A newsletter with its variants and its A/B test groups.</summary>
internal sealed class Newsletter(int id, long created, long? sentAt, string type)
{
    public int Id => id;

    public long Created => created;

    public long? SentAt => sentAt;

    public string Type => type;

    public JsonObject Row { get; set; } = [];

    public RecordTable Contents { get; } = new();

    /// <summary>By group id, which starts at 0 in every newsletter.</summary>
    public RecordTable TestGroups { get; } = new();
}

/// <summary>Generates newsletters: most sent, some drafts, every third an A/B test, every fourth translated.</summary>
internal sealed class NewsletterBuilder(SimulatorOptions options, long historyStart, long now)
{
    private static readonly string[] Types = ["email", "email", "push", "twilio", "email", "in_app", "webhook", "email", "inbox"];
    private static readonly string[] Languages = ["", "fr", "pt-BR"];
    private int _nextContent = 50_001;

    public IEnumerable<Newsletter> All()
    {
        for (var number = 0; number < options.Newsletters; number++)
        {
            var created = historyStart + 1000 + (long)number * (now - historyStart) / (options.Newsletters + 1);
            var draft = number >= 3 && number == options.Newsletters - 1;
            yield return Build(number, created, draft ? null : created + 7200, Types[number % Types.Length]);
        }
    }

    private Newsletter Build(int number, long created, long? sentAt, string type)
    {
        var newsletter = new Newsletter(number + 1, created, sentAt, type);
        var tested = number % 3 == 0;
        var variants = tested ? 2 + number % 2 : number % 4 == 1 ? 3 : 1;
        var updated = sentAt ?? created;
        for (var variant = 0; variant < variants; variant++)
        {
            var name = tested ? $"Variant {(char)('A' + variant)}" : "";
            newsletter.Contents.Put(_nextContent, Content(newsletter, _nextContent, name, tested ? "" : Languages[variant], updated));
            _nextContent++;
        }

        if (tested)
        {
            AddTestGroups(newsletter, number);
        }

        newsletter.Row = new JsonObject
        {
            ["id"] = newsletter.Id,
            ["deduplicate_id"] = $"{newsletter.Id}:{updated}",
            ["type"] = type,
            ["content_ids"] = new JsonArray([.. newsletter.Contents.Ids.Select(id => JsonValue.Create(id))]),
            ["name"] = number == 2 ? "Soldes d’été — 50 %" : $"Newsletter {newsletter.Id}",
            ["sent_at"] = sentAt,
            ["created"] = created,
            ["updated"] = updated,
            ["tags"] = number % 2 == 0 ? new JsonArray("Product Updates") : null,
        };
        if (number % 2 == 0)
        {
            newsletter.Row["recipient_segment_ids"] = new JsonArray(1, 3);
            newsletter.Row["subscription_topic_id"] = 1 + number % 3;
        }

        return newsletter;
    }

    private static void AddTestGroups(Newsletter newsletter, int number)
    {
        var position = 0;
        foreach (var content in newsletter.Contents.Ids)
        {
            newsletter.TestGroups.Put(position, new JsonObject
            {
                ["id"] = position,
                ["name"] = $"{(char)('A' + position)}",
                ["label"] = $"test {position + 1}",
                ["winner"] = position == 1 && number % 2 == 0,
                // The schema says strings, the vendor's example has integers: both are generated.
                ["content_ids"] = new JsonArray(number % 2 == 0 ? JsonValue.Create(content) : JsonValue.Create($"{content}")),
            });
            position++;
        }
    }

    private static JsonObject Content(Newsletter newsletter, int id, string name, string language, long updated)
    {
        var row = new JsonObject
        {
            ["id"] = id,
            ["newsletter_id"] = newsletter.Id,
            ["deduplicate_id"] = $"{id}:{updated}",
            ["name"] = name,
            ["layout"] = "",
            ["body"] = $"<p>News {id}</p>",
            ["body_amp"] = "",
            ["language"] = language,
            ["type"] = newsletter.Type,
        };
        if (newsletter.Type == "email")
        {
            foreach (var (key, value) in Envelope(id))
            {
                row[key] = value?.DeepClone();
            }
        }

        return row;
    }

    private static JsonObject Envelope(int id) => new()
    {
        ["from"] = "News <news@example.com>",
        ["from_id"] = 1,
        ["reply_to"] = "",
        ["reply_to_id"] = null,
        ["preprocessor"] = "premailer",
        ["recipient"] = "{{customer.email}}",
        ["subject"] = $"News of the week {id}",
        ["cc"] = "",
        ["bcc"] = "",
        ["fake_bcc"] = false,
        ["preheader_text"] = "",
        ["headers"] = "[{\"name\":\"X-Test\",\"value\":\"a,b\"}]",
    };
}

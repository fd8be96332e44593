using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>A campaign or a broadcast with its actions.</summary>
internal sealed class Journey(ParentKind kind, int id, long created)
{
    public ParentKind Kind => kind;

    public int Id => id;

    public long Created => created;

    public JsonObject Row { get; set; } = [];

    public RecordTable Actions { get; } = new();

    /// <summary>The runs of a broadcast.</summary>
    public RecordTable Triggers { get; } = new();

    /// <summary>What was wrong with the audience of a trigger that was refused, by its id.</summary>
    public Dictionary<long, List<string>> TriggerErrors { get; } = [];

    public List<MessagePart> Parts { get; } = [];

    public DeliveryParent ToParent(long firstDelivery, bool eventTriggered) => new(kind, id, firstDelivery, Parts, eventTriggered);
}

/// <summary>Generates campaigns and broadcasts in the year and a half before the clock's start, or since the first delivery.</summary>
internal sealed class JourneyBuilder(SeededRandom random, SimulatorOptions options, long historyStart, long now)
{
    private static readonly string[] Triggers = ["segment", "event", "date", "form", "webhook", "object"];

    private static readonly string[] ActionTypes =
        ["email", "delay", "push", "split", "twilio", "webhook", "in_app", "email", "slack", "whatsapp"];

    private int _nextAction = 101;

    public IEnumerable<Journey> Campaigns()
    {
        for (var number = 0; number < Math.Max(1, options.Campaigns); number++)
        {
            var created = historyStart - 86400 + (long)number * (now - historyStart) / (options.Campaigns + 1);
            yield return Build(ParentKind.Campaign, number + 1, number, created, CampaignSize(number), StateOf(number));
        }
    }

    public IEnumerable<Journey> Broadcasts()
    {
        for (var number = 0; number < options.Broadcasts; number++)
        {
            var created = historyStart + (long)number * (now - historyStart) / (options.Broadcasts + 1);
            var size = options.ActionsOfEachCampaign ?? (number == 1 ? options.ActionsPerCampaign : 1 + number % 3);
            yield return WithTriggers(Build(ParentKind.Broadcast, options.Campaigns + number + 1, number, created, size, "running"), number);
        }
    }

    // The ids restart for each broadcast; the last trigger of every third one is still pending.
    private static Journey WithTriggers(Journey broadcast, int number)
    {
        for (var trigger = 1; trigger <= 1 + number % 4; trigger++)
        {
            var created = broadcast.Created + 3600L * trigger;
            var isWaiting = number % 3 == 2 && trigger == 1 + number % 4;
            broadcast.Triggers.Put(trigger, new JsonObject
            {
                ["id"] = trigger,
                ["broadcast_id"] = broadcast.Id,
                ["created_at"] = created,
                ["processed_at"] = isWaiting ? null : created + 30,
            });
        }

        return broadcast;
    }

    private int CampaignSize(int number) => number switch
    {
        _ when options.ActionsOfEachCampaign is { } all => all,
        0 => options.ActionsPerCampaign,
        1 => 10,
        2 => 11,
        _ when StateOf(number) == "draft" && number % 2 == 0 => 0,
        _ => 1 + random.Below(6, RandomStream.Parent, number),
    };

    private string StateOf(int number)
        => number < 3 ? "running" : number == options.Campaigns - 1 ? "draft" : number % 5 == 4 ? "stopped" : "running";

    private Journey Build(ParentKind kind, int id, int number, long created, int size, string state)
    {
        var journey = new Journey(kind, id, created);
        var actions = new JsonArray();
        for (var position = 0; position < size; position++)
        {
            var type = ActionTypes[(position + (position == 0 ? 0 : number)) % ActionTypes.Length];
            var parent = position > 4 && position % 5 == 0 ? (int?)(_nextAction - 1) : null;
            actions.Add(new JsonObject { ["id"] = _nextAction, ["type"] = type });
            journey.Actions.Put(_nextAction, ActionBuilder.Row(journey, _nextAction, type, parent, created + 60 * position, state, options));
            if (type is not ("delay" or "split"))
            {
                journey.Parts.Add(new MessagePart(_nextAction, type, parent));
            }

            _nextAction++;
        }

        journey.Row = JourneyRow(journey, number, state, actions);
        return journey;
    }

    private JsonObject JourneyRow(Journey journey, int number, string state, JsonArray actions)
    {
        var campaign = journey.Kind == ParentKind.Campaign;
        var trigger = campaign ? Triggers[number % Triggers.Length] : "triggered_broadcast";
        var updated = journey.Created + 86400 + number;
        var row = new JsonObject
        {
            ["id"] = journey.Id,
            ["deduplicate_id"] = $"{journey.Id}:{updated}",
            ["name"] = number == 1 ? "Welcome ünïcode 🎉" : $"{(campaign ? "Campaign" : "Broadcast")} {number + 1}",
            ["type"] = trigger,
            ["created"] = journey.Created,
            ["updated"] = updated,
            ["active"] = state == "running",
            ["state"] = state,
            ["actions"] = actions,
            ["first_started"] = state == "draft" ? 0 : journey.Created + 3600,
            ["created_by"] = number % 3 == 0 ? null : $"user{number}@example.com",
            ["tags"] = number % 4 == 0 ? null : new JsonArray("onboarding", $"team {number}"),
        };
        if (campaign)
        {
            AddTrigger(row, trigger, number);
        }

        if (!options.HasEarlierForm)
        {
            Renew(row, campaign, number);
        }

        return row;
    }

    /// <summary>
    /// What the description of September 2026 shows beside the usual form: campaigns without their deprecated type, and its example of a
    /// broadcast, whose tags are the text "nil" and whose actions are torn into an id and a type.
    /// </summary>
    private static void Renew(JsonObject row, bool campaign, int number)
    {
        if (campaign && number % 5 == 3)
        {
            row.Remove("type");
        }
        else if (!campaign && number % 4 == 2)
        {
            row["tags"] = "nil";
            row["actions"] = new JsonArray([.. row["actions"]!.AsArray().SelectMany(action =>
                action!.AsObject().Select(member => new JsonObject { [member.Key] = member.Value!.DeepClone() }))]);
        }
    }

    private static void AddTrigger(JsonObject row, string trigger, int number)
    {
        row["msg_templates"] = new JsonArray();
        row["timezone"] = trigger == "date" ? "America/New_York" : null;
        row["use_customer_timezone"] = trigger == "date";
        row["frequency"] = trigger == "date" ? "yearly" : null;
        if (trigger == "date")
        {
            row["date_attribute"] = "birthday";
            row["start_hour"] = 9;
            row["start_minutes"] = 30;
        }

        if (trigger == "event")
        {
            row["event_name"] = $"purchase {number}";
        }

        row["trigger_segment_ids"] = trigger == "segment" ? new JsonArray(1, 2 + number % 3) : [];
        row["filter_segment_ids"] = number % 2 == 0 ? new JsonArray(3) : [];
    }
}

using System.Text.Json.Nodes;

namespace Sluice.Simulator.Data;

/// <summary>Segments and their members: computed from the person's index, or added manually.</summary>
internal sealed class Segments
{
    private readonly SeededRandom _random;
    private readonly People _people;
    private readonly Dictionary<long, Dictionary<long, bool>> _byHand = [];
    private readonly HashSet<long> _made = [];
    private readonly Dictionary<long, (long Version, int Count)> _counts = [];
    private readonly Lock _gate = new();

    public Segments(SeededRandom random, People people, long created)
    {
        _random = random;
        _people = people;
        string[] names = ["Everyone reachable", "Half", "A tenth", "VIP ünïcode", "Still building", "Hand-picked", "Empty manual"];
        for (var id = 1; id <= names.Length; id++)
        {
            Table.Put(id, Row(id, names[id - 1], id is 4 or 6 or 7 ? "manual" : "dynamic", created + id));
        }

        var building = Table.Find(5)!;
        building["state"] = "build";
        building["progress"] = 42;
    }

    public RecordTable Table { get; } = new();

    public static JsonObject Row(long id, string name, string type, long created) => new()
    {
        ["id"] = id,
        ["deduplicate_id"] = $"{id}:{created}",
        ["name"] = name,
        ["description"] = id % 2 == 0 ? "" : $"Segment {id}",
        ["state"] = "finished",
        ["progress"] = null,
        ["type"] = type,
        ["tags"] = id % 3 == 0 ? new JsonArray("kept") : null,
        ["created_at"] = created,
        ["updated_at"] = created,
    };

    /// <summary>Adds a segment that has no members yet, whatever its number was before.</summary>
    public void Make(long id, JsonObject row)
    {
        Table.Put(id, row);
        _made.Add(id);
        _byHand.Remove(id);
        lock (_gate)
        {
            _counts.Remove(id);
        }
    }

    public bool IsManual(long id) => Table.Find(id)?["type"]?.GetValue<string>() == "manual";

    public bool Contains(long id, long person)
    {
        if (_byHand.TryGetValue(id, out var hand) && hand.TryGetValue(person, out var added))
        {
            return added;
        }

        return person != EdgeCasePeople.InNoSegment && !_made.Contains(id) && id switch
        {
            1 => _people.KeyOf(person).Email is not null,
            2 => person % 2 == 0,
            3 => _random.OneIn(10, RandomStream.Segment, person * 8 + 3),
            4 => _random.OneIn(20, RandomStream.Segment, person * 8 + 4),
            5 => _random.OneIn(3, RandomStream.Segment, person * 8 + 5),
            6 => _random.OneIn(15, RandomStream.Segment, person * 8 + 6),
            _ => false,
        };
    }

    public IEnumerable<long> Members(long id, long from) => _people.From(from).Where(person => Contains(id, person));

    public int CountOf(long id)
    {
        lock (_gate)
        {
            if (!_counts.TryGetValue(id, out var known) || known.Version != _people.Version)
            {
                known = (_people.Version, Members(id, 0).Count());
                _counts[id] = known;
            }

            return known.Count;
        }
    }

    public void SetByHand(long id, long person, bool member)
    {
        if (!_byHand.TryGetValue(id, out var hand))
        {
            _byHand[id] = hand = [];
        }

        hand[person] = member;
        lock (_gate)
        {
            _counts.Remove(id);
        }
    }
}

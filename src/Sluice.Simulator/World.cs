using System.Text.Json;
using Sluice.Simulator.Data;
using Sluice.Simulator.Truth;

namespace Sluice.Simulator;

/// <summary>The data of one simulated workspace, before paging, windows and faults.</summary>
public sealed class World : IDisposable
{
    internal World(SimulatorOptions options, SimulatedClock clock, int number)
    {
        Options = options;
        Clock = clock;
        Number = number;
        Random = new SeededRandom(options.Seed + number);
        var now = clock.Start.ToUnixTimeSeconds();
        var start = now - Deliveries.SpanDays * 86400;
        People = new People(new SeededPeople(Random, clock, options.Customers), clock);
        Segments = new Segments(Random, People, start);
        Objects = new Objects(Random, options.Customers, start);
        Relationships = new Relationships(Random, People, Objects, options.Customers, start);
        Settings = new Settings(start);
        Exports = new Exports(now - 86400);
        Suppressions = new Suppressions(start);
        Optouts = new Optouts(Random, options.Customers);
        var builder = new JourneyBuilder(Random, options, Math.Min(start, now - options.MessageDays * 86400L), now);
        Campaigns = builder.Campaigns().ToDictionary(journey => journey.Id);
        Broadcasts = builder.Broadcasts().ToDictionary(journey => journey.Id);
        Newsletters = new NewsletterBuilder(options, start, now).All().ToDictionary(newsletter => newsletter.Id);
        Transactional = TransactionalMessage.Build(options.TransactionalMessages, start).ToDictionary(message => message.Id);
        Parents = new DeliveryParents(ParentsOf());
        Deliveries = new Deliveries(Random, clock, Parents, options);
        Activities = new Activities(Random, clock, options.Customers, options.ActivityCount);
        Edits = new PersonEdits(this);
    }

    internal SimulatorOptions Options { get; }

    internal SimulatedClock Clock { get; }

    /// <summary>0 for the first workspace.</summary>
    internal int Number { get; }

    internal SeededRandom Random { get; }

    /// <summary>Held as a read lock by requests that only read, and as a write lock by the others.</summary>
    internal ReaderWriterLockSlim Lock { get; } = new();

    internal People People { get; }

    internal Segments Segments { get; }

    internal Objects Objects { get; }

    internal Relationships Relationships { get; }

    internal Settings Settings { get; }

    /// <summary>What endpoints that only store things were given.</summary>
    internal Dictionary<string, RecordTable> Assets { get; } = new(StringComparer.Ordinal);

    internal Exports Exports { get; }

    internal Suppressions Suppressions { get; }

    internal Optouts Optouts { get; }

    internal Dictionary<int, Journey> Campaigns { get; }

    internal Dictionary<int, Journey> Broadcasts { get; }

    internal Dictionary<int, Newsletter> Newsletters { get; }

    internal Dictionary<int, TransactionalMessage> Transactional { get; }

    internal DeliveryParents Parents { get; }

    internal Deliveries Deliveries { get; }

    internal Activities Activities { get; }

    internal PersonEdits Edits { get; }

    /// <summary>The tables that <see cref="Rows"/> knows.</summary>
    public static IReadOnlyCollection<string> Tables => TruthTables.Names;

    /// <summary>
    /// Every row of a table as a JSON object, as a complete reader of the API sees it; throws <see cref="ArgumentException"/> for an
    /// unknown table.
    /// </summary>
    public IEnumerable<JsonElement> Rows(string table)
    {
        foreach (var line in Lines(table))
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    /// <summary>
    /// How often a metric such as <c>opened</c> occurred for a parent's deliveries, from one second (inclusive) to another (exclusive);
    /// the parent is <c>campaign</c>, <c>broadcast</c>, <c>newsletter</c> or <c>transactional</c>, the part an action or content id.
    /// </summary>
    public long CountMetric(string metric, string parent, int parentId, int? partId, long from, long until)
        => TruthOfMetrics.Count(this, metric, parent, parentId, partId, from, until);

    /// <summary>Releases the lock and the files of exports.</summary>
    public void Dispose()
    {
        Exports.Close();
        Lock.Dispose();
    }

    /// <summary>The rows of a table as newline-delimited JSON; a line is valid until the next one is read.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> Lines(string table)
    {
        var rows =
            TruthTables.Of(this, table) ?? throw new ArgumentException($"No table '{table}'; there are {string.Join(", ", Tables)}.", nameof(table));
        return JsonLines.Of(rows);
    }

    private IEnumerable<DeliveryParent> ParentsOf()
    {
        foreach (var journey in Campaigns.Values.Concat(Broadcasts.Values).Where(journey => journey.Row["state"]!.GetValue<string>() != "draft"))
        {
            var eventTriggered = journey.Row["event_name"] is not null;
            yield return journey.ToParent(journey.Created + 3600, eventTriggered);
        }

        foreach (var newsletter in Newsletters.Values.Where(newsletter => newsletter.SentAt is not null))
        {
            var parts = newsletter.Contents.Ids.Select(id => new MessagePart((int)id, newsletter.Type, null));
            yield return new DeliveryParent(ParentKind.Newsletter, newsletter.Id, newsletter.SentAt!.Value, [.. parts], false);
        }

        foreach (var message in Transactional.Values)
        {
            var parts = message.Contents.Ids.Select(id => new MessagePart((int)id, message.Type, null));
            yield return new DeliveryParent(ParentKind.Transactional, message.Id, message.Row["created_at"]!.GetValue<long>(), [.. parts], false);
        }
    }
}

namespace Sluice.Simulator.Data;

/// <summary>All deliveries of a workspace: an endless seeded sequence up to the clock's time, and those that requests have added.</summary>
internal sealed class Deliveries
{
    public const long SpanDays = 548;
    private const long FirstExtra = 1L << 40;

    private readonly SeededRandom _random;
    private readonly Timeline _timeline;
    private readonly DeliveryParents _parents;
    private readonly Permutation _people;
    private readonly SimulatedClock _clock;
    private readonly List<Delivery> _extra = [];
    private readonly DeliveryIndex _index;

    public Deliveries(SeededRandom random, SimulatedClock clock, DeliveryParents parents, SimulatorOptions options)
    {
        _random = random;
        _clock = clock;
        _parents = parents;
        _people = new Permutation(Math.Max(1, options.Customers));
        Start = clock.Start.ToUnixTimeSeconds() - options.MessageDays * 86400L;
        _timeline = new Timeline(random, RandomStream.DeliverySlot, Start, options.MessageDays * 86400.0 / Math.Max(1, options.MessageCount));
        _index = new DeliveryIndex(this);
    }

    /// <summary>The time of the first delivery in unix seconds.</summary>
    public long Start { get; }

    public IReadOnlyList<Delivery> Extra => _extra;

    public bool IsExtra(long index) => index >= FirstExtra && index - FirstExtra < _extra.Count;

    /// <summary>How many seeded deliveries exist at a second (inclusive).</summary>
    public long CountAt(long second) => _timeline.FirstAtOrAfter(second + 1);

    public long FirstAtOrAfter(long second) => second <= Start ? 0 : _timeline.FirstAtOrAfter(second);

    public Delivery At(long index)
    {
        if (index >= FirstExtra)
        {
            return _extra[(int)(index - FirstExtra)];
        }

        var created = _timeline.At(index);
        var parent = _parents.Choose(_random, index, created);
        var part = parent.Parts[_random.Below(parent.Parts.Count, RandomStream.DeliveryAction, index)];
        return new Delivery(index, created, parent, part, _people.ItemAt(index), _random.OneIn(40, RandomStream.DeliveryDraft, index));
    }

    public MetricTimes MetricsOf(in Delivery delivery) => DeliveryMetrics.Of(_random, delivery);

    public Delivery Add(DeliveryParent parent, MessagePart part, long person, long created, bool draft, bool tracked = true)
    {
        var delivery = new Delivery(FirstExtra + _extra.Count, created, parent, part, person, draft) { IsTracked = tracked };
        _extra.Add(delivery);
        return delivery;
    }

    /// <summary>Deliveries created between two seconds (both inclusive), newest first; within a second by descending index.</summary>
    public IEnumerable<Delivery> Newest(DeliverySelection selection)
    {
        var until = Math.Min(selection.Until, _clock.Seconds);
        var extra = _extra
            .Where(delivery => delivery.Created >= selection.From && delivery.Created <= until && selection.Covers(delivery))
            .OrderByDescending(delivery => delivery.Created).ThenByDescending(delivery => delivery.Index);
        using var extras = extra.GetEnumerator();
        var more = extras.MoveNext();
        foreach (var index in Indexes(selection, FirstAtOrAfter(selection.From), CountAt(until)))
        {
            var delivery = At(index);
            while (more && extras.Current.Created >= delivery.Created)
            {
                yield return extras.Current;
                more = extras.MoveNext();
            }

            yield return delivery;
        }

        for (; more; more = extras.MoveNext())
        {
            yield return extras.Current;
        }
    }

    private IEnumerable<long> Indexes(DeliverySelection selection, long low, long high)
    {
        if (selection.Person is { } person)
        {
            return _people.IndexesOf(person, low, high);
        }

        return selection.ParentId is null && selection.PartId is null ? Descending(low, high) : _index.Of(selection, low, high);
    }

    private static IEnumerable<long> Descending(long low, long high)
    {
        for (var index = high - 1; index >= low; index--)
        {
            yield return index;
        }
    }
}

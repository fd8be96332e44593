namespace Sluice.Simulator.Data;

/// <summary>The activity log of the last month: an endless seeded sequence, and the entries that requests have added.</summary>
internal sealed class Activities
{
    private const long FirstExtra = 1L << 40;
    private const int LaidOutDays = 33;
    private const int KeptDays = 31;
    private readonly SeededRandom _random;
    private readonly SimulatedClock _clock;
    private readonly Timeline _timeline;
    private readonly Permutation _people;
    private readonly List<Activity> _extra = [];

    public Activities(SeededRandom random, SimulatedClock clock, int people, int perMonth)
    {
        _random = random;
        _clock = clock;
        _people = new Permutation(Math.Max(1, people));
        var start = clock.Start.ToUnixTimeSeconds() - LaidOutDays * 86400L;
        _timeline = new Timeline(random, RandomStream.ActivitySlot, start, 30 * 86400.0 / Math.Max(1, perMonth));
    }

    public void Add(Activity activity) => _extra.Add(activity with { Index = FirstExtra + _extra.Count });

    /// <summary>The retained activities, newest first: 30 days are documented, 31 are kept, cut off at midnight UTC.</summary>
    public IEnumerable<Activity> Newest(long? person)
    {
        var now = _clock.Seconds;
        var oldest = now - now % 86400 - KeptDays * 86400L;
        var extra = _extra.Where(activity =>
            activity.Timestamp >= oldest && activity.Timestamp <= now && (person is null || activity.Person == person));
        return Merge(
            Seeded(person, oldest, now), extra.OrderByDescending(activity => activity.Timestamp).ThenByDescending(activity => activity.Index));
    }

    private IEnumerable<Activity> Seeded(long? person, long oldest, long now)
    {
        var low = _timeline.FirstAtOrAfter(oldest);
        var high = _timeline.FirstAtOrAfter(now + 1);
        if (person is { } wanted)
        {
            return _people.IndexesOf(wanted, low, high).Select(At).Where(activity => activity.Person == wanted);
        }

        return Falling(low, high);
    }

    private IEnumerable<Activity> Falling(long low, long high)
    {
        for (var index = high - 1; index >= low; index--)
        {
            yield return At(index);
        }
    }

    private Activity At(long index)
    {
        var roll = _random.Below(40, RandomStream.ActivityPerson, index);
        var number = index % 7;
        var deleted = roll != 0 ? null : new PersonKey(-1, $"d9c1ffff{number:x4}", number % 2 == 0 ? $"deleted-{number}" : null, null);
        long? person = roll < 2 ? null : _people.ItemAt(index);
        return ActivityData.Fill(_random, new Activity(index, _timeline.At(index), "", person, deleted));
    }

    private static IEnumerable<Activity> Merge(IEnumerable<Activity> seeded, IEnumerable<Activity> added)
    {
        using var extra = added.GetEnumerator();
        var more = extra.MoveNext();
        foreach (var activity in seeded)
        {
            for (; more && extra.Current.Timestamp >= activity.Timestamp; more = extra.MoveNext())
            {
                yield return extra.Current;
            }

            yield return activity;
        }

        for (; more; more = extra.MoveNext())
        {
            yield return extra.Current;
        }
    }
}

namespace Sluice.Simulator.Data;

/// <summary>Who is tied to which object: by a rule on the indexes that works both ways, with added and removed ties over it.</summary>
internal sealed class Relationships(Dice dice, People people, Objects objects, int seededPeople, long created)
{
    private readonly int _accounts = objects.OfType(1).Count();
    private readonly int _concerts = objects.OfType(2).Count();
    private readonly Dictionary<(long Person, string Object), Relationship> _added = [];
    private readonly HashSet<(long Person, string Object)> _removed = [];

    public IEnumerable<Relationship> OfPerson(long person)
    {
        var seeded = person >= seededPeople ? [] : new[] { Seeded(person, 1), Seeded(person, 2) }.OfType<Relationship>();
        return seeded.Where(Stands).Concat(_added.Values.Where(tie => tie.Person == person && Exists(tie)));
    }

    public IEnumerable<Relationship> OfObject(CioObject target)
    {
        var added = _added.Values.Where(tie => ReferenceEquals(tie.Object, target) && people.Exists(tie.Person));
        return SeededOf(target).Where(Stands).Concat(added);
    }

    public void Set(long person, CioObject target, IReadOnlyDictionary<string, string> attributes, long now)
    {
        _added[(person, target.CioObjectId)] = new Relationship(person, target, attributes, now);
        _removed.Add((person, target.CioObjectId));
    }

    public void Remove(long person, CioObject target)
    {
        _added.Remove((person, target.CioObjectId));
        _removed.Add((person, target.CioObjectId));
    }

    private bool Exists(Relationship tie) => objects.At(tie.Object.Type, tie.Object.Index) is not null;

    private bool Stands(Relationship tie) => people.Exists(tie.Person) && !_removed.Contains((tie.Person, tie.Object.CioObjectId));

    private IEnumerable<Relationship> SeededOf(CioObject target)
    {
        var step = target.Type switch { 1 => _accounts, 2 => _concerts, _ => 0 };
        if (step == 0 || target.Index >= step)
        {
            yield break;
        }

        for (var person = target.Index; person < seededPeople; person += step)
        {
            if (Seeded(person, target.Type) is { } tie)
            {
                yield return tie;
            }
        }
    }

    private Relationship? Seeded(long person, int type)
    {
        var tied = type == 1 ? dice.OneIn(2, Purpose.Relationship, person) || person == 0 : person % 3 == 0;
        var target = tied ? objects.At(type, person % (type == 1 ? _accounts : _concerts)) : null;
        if (target is null)
        {
            return null;
        }

        var attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = person % 2 == 0 ? "admin" : "member", ["seat"] = "007" };
        return new Relationship(person, target, attributes, created + person);
    }
}

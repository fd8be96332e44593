namespace Sluice.Simulator.Data;

/// <summary>
/// Relationships between people and objects: computed from the indexes in either direction, plus those added or removed by requests.
/// </summary>
internal sealed class Relationships(SeededRandom random, People people, Objects objects, int seededPeople, long created)
{
    private readonly int _accounts = objects.OfType(1).Count();
    private readonly int _concerts = objects.OfType(2).Count();
    private readonly Dictionary<(long Person, string Object), Relationship> _added = [];
    private readonly HashSet<(long Person, string Object)> _removed = [];

    public IEnumerable<Relationship> OfPerson(long person)
    {
        var seeded = person >= seededPeople ? [] : new[] { Seeded(person, 1), Seeded(person, 2) }.OfType<Relationship>();
        return seeded.Where(Stands).Concat(_added.Values.Where(relationship => relationship.Person == person && Exists(relationship)));
    }

    public IEnumerable<Relationship> OfObject(CioObject target)
    {
        var added = _added.Values.Where(relationship => ReferenceEquals(relationship.Object, target) && people.Exists(relationship.Person));
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

    private bool Exists(Relationship relationship) => objects.At(relationship.Object.Type, relationship.Object.Index) is not null;

    private bool Stands(Relationship relationship) =>
        people.Exists(relationship.Person) && !_removed.Contains((relationship.Person, relationship.Object.CioObjectId));

    private IEnumerable<Relationship> SeededOf(CioObject target)
    {
        var step = target.Type switch { 1 => _accounts, 2 => _concerts, _ => 0 };
        if (step == 0 || target.Index >= step)
        {
            yield break;
        }

        for (var person = target.Index; person < seededPeople; person += step)
        {
            if (Seeded(person, target.Type) is { } relationship)
            {
                yield return relationship;
            }
        }
    }

    private Relationship? Seeded(long person, int type)
    {
        var tied = type == 1 ? random.OneIn(2, RandomStream.Relationship, person) || person == 0 : person % 3 == 0;
        var target = tied ? objects.At(type, person % (type == 1 ? _accounts : _concerts)) : null;
        if (target is null)
        {
            return null;
        }

        var attributes = new Dictionary<string, string>(StringComparer.Ordinal) { ["role"] = person % 2 == 0 ? "admin" : "member", ["seat"] = "007" };
        return new Relationship(person, target, attributes, created + person);
    }
}

/// <summary>A person's relationship to an object.</summary>
internal sealed record Relationship(long Person, CioObject Object, IReadOnlyDictionary<string, string> Attributes, long Since);

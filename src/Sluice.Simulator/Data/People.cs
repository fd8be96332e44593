namespace Sluice.Simulator.Data;

/// <summary>The people of a workspace: the seeded ones and the changes made by requests.</summary>
internal sealed class People(SeededPeople seeded, SimulatedClock clock)
{
    private readonly HashSet<long> _gone = [];
    private readonly Dictionary<long, PersonProfile> _changed = [];
    private readonly HashSet<string> _suppressed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<long>> _emails = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, long> _cioIds = new(StringComparer.Ordinal);
    private long _next = seeded.Count;

    /// <summary>Incremented by every write, so that counts can be cached.</summary>
    public long Version { get; private set; }

    public int Count => (int)_next - _gone.Count;

    /// <summary>The people from an index on, in ascending order.</summary>
    public IEnumerable<long> From(long first)
    {
        for (var index = first; index < _next; index++)
        {
            if (!_gone.Contains(index))
            {
                yield return index;
            }
        }
    }

    public bool Exists(long index) => index >= 0 && index < _next && !_gone.Contains(index);

    public PersonKey KeyOf(long index)
    {
        if (!_changed.TryGetValue(index, out var profile))
        {
            return seeded.KeyOf(index);
        }

        return new PersonKey(
            index, SeededPeople.CioIdOf(index), profile.Attributes.GetValueOrDefault("id"), profile.Attributes.GetValueOrDefault("email"));
    }

    public PersonProfile ProfileOf(long index) => _changed.TryGetValue(index, out var profile) ? profile : seeded.ProfileOf(index);

    public long? FindById(string id)
        => _ids.TryGetValue(id, out var changed) ? changed : Alive(seeded.FindById(id), index => KeyOf(index).Id == id);

    public IEnumerable<long> FindByEmail(string email)
    {
        bool Has(long index) => string.Equals(KeyOf(index).Email, email, StringComparison.OrdinalIgnoreCase);
        var changed = _emails.GetValueOrDefault(email) ?? [];
        return seeded.FindByEmail(email).Concat(changed).Distinct().Where(index => Exists(index) && Has(index)).Order();
    }

    public long? FindByCioId(string cioId) =>
        Alive(seeded.FindByCioId(cioId) ?? (_cioIds.TryGetValue(cioId, out var added) ? added : null), _ => true);

    public long? FindByPhone(string phone)
        => Alive(
            seeded.FindByPhone(phone) ?? _changed.Where(pair => pair.Value.Attributes.GetValueOrDefault("phone") == phone)
                .Select(pair => (long?)pair.Key).FirstOrDefault(),
            index => ProfileOf(index).Attributes.GetValueOrDefault("phone") == phone);

    public bool IsSuppressed(string identifier) => _suppressed.Contains(identifier);

    public void Suppress(string identifier) => _suppressed.Add(identifier);

    public void Unsuppress(string identifier) => _suppressed.Remove(identifier);

    public long Add()
    {
        var index = _next++;
        var profile = new PersonProfile();
        profile.Set("cio_id", SeededPeople.CioIdOf(index), clock.Seconds);
        _changed[index] = profile;
        _cioIds[SeededPeople.CioIdOf(index)] = index;
        Version++;
        return index;
    }

    /// <summary>Sets attributes; null removes one.</summary>
    public void Update(long index, IEnumerable<KeyValuePair<string, string?>> attributes)
    {
        var profile = Changeable(index);
        Forget(profile);
        foreach (var (name, value) in attributes)
        {
            if (value is null)
            {
                profile.Remove(name);
            }
            else
            {
                profile.Set(name, value, clock.Seconds);
            }
        }

        Remember(index, profile);
    }

    /// <summary>The profile, for changes other than to attributes (see <see cref="Update"/>).</summary>
    public PersonProfile Changeable(long index)
    {
        var profile = ProfileOf(index);
        _changed[index] = profile;
        Version++;
        Remember(index, profile);
        return profile;
    }

    public void Delete(long index)
    {
        if (_changed.Remove(index, out var profile))
        {
            Forget(profile);
        }

        _gone.Add(index);
        Version++;
    }

    private long? Alive(long? index, Func<long, bool> matches)
        => index is { } found && Exists(found) && matches(found) ? index : null;

    private void Remember(long index, PersonProfile profile)
    {
        if (profile.Attributes.TryGetValue("id", out var id))
        {
            _ids[id] = index;
        }

        // An address that is changed later stays here: whoever looks for it looks at the profile, too.
        if (profile.Attributes.TryGetValue("email", out var email))
        {
            (_emails.TryGetValue(email, out var known) ? known : _emails[email] = []).Add(index);
        }
    }

    private void Forget(PersonProfile profile)
    {
        if (profile.Attributes.TryGetValue("id", out var id))
        {
            _ids.Remove(id);
        }
    }
}

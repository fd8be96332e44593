namespace Sluice.Engine.Shape;

/// <summary>Gives columns names that no other column of the table has, without regard to case, and that the destination can take.</summary>
internal sealed class ColumnNames
{
    private const string Own = "_sluice_";

    private readonly NameRules _rules;
    private readonly Dictionary<string, string?> _owners = new(StringComparer.OrdinalIgnoreCase) { [TableColumn.ExtraName] = null };

    // The stage is DuckDB wherever rows go: its name for the place of a row would mean a column instead, once there is one that is called so.
    public ColumnNames(NameRules rules)
    {
        _rules = rules;
        foreach (var taken in rules.Taken.Concat(NameRules.Default.Taken))
        {
            _owners[taken] = null;
        }
    }

    /// <summary>Takes a name for a column that has no field of its own, whatever it is.</summary>
    public void Take(string name) => _owners[name] = null;

    public bool IsTaken(string name) => _owners.ContainsKey(name);

    /// <summary>Keeps a name for a field, if nobody has it.</summary>
    public void Keep(string name, string field) => _owners.TryAdd(name, field);

    /// <summary>The name of a field's column: the one that was kept for it, or the wish if it is free, or one like it.</summary>
    public string For(string wish, string field, string? kept)
    {
        if (kept is not null && IsOf(kept, field))
        {
            return kept;
        }

        var wanted = Usable(wish);
        var name = _rules.Fit(wanted, "");
        for (var n = 2; !_owners.TryAdd(name, field); n++)
        {
            name = _rules.Fit(wanted, $"_{n}");
        }

        return name;
    }

    private bool IsOf(string name, string field) => _owners.TryGetValue(name, out var owner) && string.Equals(owner, field, StringComparison.Ordinal);

    // Columns of our own begin with _sluice_, and more of them may come; DuckDB takes neither an empty name nor one with NUL.
    private string Usable(string field) =>
        field.Length == 0 ? "_"
        : _rules.TakenEndings.Any(ending => field.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? Usable(field + "_")
        : field.StartsWith(Own, StringComparison.OrdinalIgnoreCase) ? "field" + field.Replace('\0', '\u2400')
        : field.Replace('\0', '\u2400');
}

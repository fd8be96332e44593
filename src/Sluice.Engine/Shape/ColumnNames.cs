namespace Sluice.Engine.Shape;

/// <summary>Gives columns names that no other column of the table has, without regard to case, and that DuckDB can take.</summary>
internal sealed class ColumnNames
{
    private const string Own = "_sluice_";

    // DuckDB's own name for the place of a row means a column instead, once there is one that is called so.
    private readonly Dictionary<string, string?> _owners = new(StringComparer.OrdinalIgnoreCase) { [TableColumn.ExtraName] = null, ["rowid"] = null };

    /// <summary>Takes a name for a column that has no field of its own, whatever it is.</summary>
    public void Take(string name) => _owners[name] = null;

    public bool IsTaken(string name) => _owners.ContainsKey(name);

    /// <summary>Keeps a name for a field, if nobody has it.</summary>
    public void Keep(string name, string field) => _owners.TryAdd(name, field);

    /// <summary>The field's name: the one that was kept for it, or one that is free.</summary>
    public string For(string field, string? kept)
    {
        if (kept is not null && IsOf(kept, field))
        {
            return kept;
        }

        var wanted = Usable(field);
        var name = wanted;
        for (var n = 2; !_owners.TryAdd(name, field); n++)
        {
            name = $"{wanted}_{n}";
        }

        return name;
    }

    private bool IsOf(string name, string field) => _owners.TryGetValue(name, out var owner) && string.Equals(owner, field, StringComparison.Ordinal);

    // Columns of our own begin with _sluice_, and more of them may come; DuckDB takes neither an empty name nor one with NUL.
    private static string Usable(string field) =>
        field.Length == 0 ? "_"
        : field.StartsWith(Own, StringComparison.OrdinalIgnoreCase) ? "field" + field.Replace('\0', '\u2400')
        : field.Replace('\0', '\u2400');
}

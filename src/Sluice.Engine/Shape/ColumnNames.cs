using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>Gives columns names that are unique in the table, case-insensitive, and valid in the destination.</summary>
internal sealed class ColumnNames
{
    private const string Own = "_sluice_";

    private readonly NameRules _rules;
    private readonly Dictionary<string, string?> _owners = new(StringComparer.OrdinalIgnoreCase) { [TableColumn.ExtraName] = null };

    // Every load is staged in DuckDB, where a column called rowid would hide the row's own.
    public ColumnNames(NameRules rules)
    {
        _rules = rules;
        foreach (var taken in rules.Taken.Concat(NameRules.Default.Taken))
        {
            _owners[taken] = null;
        }
    }

    /// <summary>Reserves a name for a column without a field.</summary>
    public void Take(string name) => _owners[name] = null;

    public bool IsTaken(string name) => _owners.ContainsKey(name);

    /// <summary>Reserves a name for a field, if it is free.</summary>
    public void Keep(string name, string field) => _owners.TryAdd(name, field);

    /// <summary>The name of a field's column: the reserved one, the wanted one if it is free, or a similar one.</summary>
    public string For(string wish, string field, string? kept)
    {
        if (kept is not null && IsOf(kept, field))
        {
            return kept;
        }

        var wanted = Usable(wish);
        var name = _rules.Limit.Cut(wanted, "");
        for (var n = 2; !_owners.TryAdd(name, field); n++)
        {
            name = _rules.Limit.Cut(wanted, $"_{n}");
        }

        return name;
    }

    private bool IsOf(string name, string field) => _owners.TryGetValue(name, out var owner) && string.Equals(owner, field, StringComparison.Ordinal);

    // The prefix _sluice_ is reserved for Sluice's own columns; DuckDB accepts neither an empty name nor one with NUL.
    private string Usable(string field) =>
        field.Length == 0 ? "_"
        : _rules.TakenEndings.Any(ending => field.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) ? Usable(field + "_")
        : field.StartsWith(Own, StringComparison.OrdinalIgnoreCase) ? "field" + field.Replace('\0', '\u2400')
        : field.Replace('\0', '\u2400');
}

/// <summary>The column names that a destination allows; a field with another name is permanently mapped to an allowed one.</summary>
public sealed record NameRules
{
    /// <summary>DuckDB's rules: any length, and only rowid is reserved.</summary>
    public static NameRules Default { get; } = new();

    /// <summary>The length of a name; a longer one is cut and numbered.</summary>
    public NameLimit Limit { get; init; } = NameLimit.None;

    /// <summary>Reserved names, case-insensitive.</summary>
    public IReadOnlyCollection<string> Taken { get; init; } = ["rowid"];

    /// <summary>Reserved suffixes, which denote a part of another column; case-insensitive.</summary>
    public IReadOnlyCollection<string> TakenEndings { get; init; } = [];
}

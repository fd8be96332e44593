using System.Globalization;
using System.Text;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>Gives columns names that are unique in the table, whatever their case, and valid in the destination.</summary>
public sealed class ColumnNames
{
    private const string Own = "_sluice_";

    private readonly NameRules _rules;
    private readonly Dictionary<string, string?> _owners = new(StringComparer.Ordinal) { [Folded(TableColumn.ExtraName)] = null };

    // Every load is staged in DuckDB, where a column called rowid would hide the row's own.
    /// <summary>Begins without any column.</summary>
    public ColumnNames(NameRules rules)
    {
        _rules = rules;
        foreach (var taken in rules.Taken.Concat(NameRules.Default.Taken))
        {
            Take(taken);
        }
    }

    /// <summary>Reserves a name for a column without a field.</summary>
    public void Take(string name) => _owners[Folded(name)] = null;

    /// <summary>Whether a column has the name.</summary>
    public bool IsTaken(string name) => _owners.ContainsKey(Folded(name));

    /// <summary>Reserves a name for a field, if it is free.</summary>
    public void Keep(string name, string field) => _owners.TryAdd(Folded(name), field);

    /// <summary>The name of a field's column: the reserved one, the wanted one if it is free, or a similar one.</summary>
    public string For(string wish, string field, string? kept)
    {
        if (kept is not null && IsOf(kept, field))
        {
            return kept;
        }

        var wanted = Usable(wish);
        var name = Cut(wanted);
        for (var n = 2; !_owners.TryAdd(Folded(name), field); n++)
        {
            name = _rules.Limit.Cut(wanted, $"_{n}");
        }

        return name;
    }

    /// <summary>Whether a column can be called so, if no other one is.</summary>
    public bool CanBe(string name) =>
        Usable(name) == name && _rules.Limit.Takes(name) && !_rules.Taken.Contains(name, StringComparer.OrdinalIgnoreCase);

    // What is cut off may leave an ending that no name can have.
    private string Cut(string wanted)
    {
        var name = _rules.Limit.Cut(wanted, "");
        return IsTakenEnding(name) ? _rules.Limit.Cut(wanted, "_") : name;
    }

    private bool IsTakenEnding(string name) => _rules.TakenEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    private bool IsOf(string name, string field) => _owners.TryGetValue(Folded(name), out var owner)
        && string.Equals(owner, field, StringComparison.Ordinal);

    // The prefix _sluice_ is reserved for Sluice's own columns; DuckDB accepts neither an empty name nor one with NUL.
    private string Usable(string field)
    {
        var name = _rules.HasPlainLetters ? Plain(field) : _rules.HasBasicPlane ? Basic(field) : field.Replace('\0', '\u2400');
        if (name.Length == 0)
        {
            return "_";
        }

        name = _rules.TakenBeginnings.Append(Own).Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase)) ? "field" + name : name;
        return IsTakenEnding(name) ? name + "_" : name;
    }

    private static string Basic(string field) =>
        string.Concat(field.EnumerateRunes().Select(letter => !letter.IsBmp ? "_" : letter.Value == 0 ? "\u2400" : letter.ToString()));

    private static string Plain(string field)
    {
        var plain = new StringBuilder();
        foreach (var letter in field.EnumerateRunes())
        {
            plain.Append(Rune.IsLetterOrDigit(letter) || IsMark(letter) ? letter.ToString() : "_");
        }

        return plain.ToString().Normalize();
    }

    private static bool IsMark(Rune letter) =>
        Rune.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Some readers compare names in capitals and some in small letters, and not every letter has one of each.
    private static string Folded(string name) => name.ToUpperInvariant().ToLowerInvariant();
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

    /// <summary>Reserved prefixes, case-insensitive.</summary>
    public IReadOnlyCollection<string> TakenBeginnings { get; init; } = [];

    /// <summary>Whether names have letters, digits and underscores alone: everything else becomes an underscore.</summary>
    public bool HasPlainLetters { get; init; }

    /// <summary>Whether names have no letters beyond U+FFFF, such as emoji: each becomes an underscore.</summary>
    public bool HasBasicPlane { get; init; }

    /// <summary>Reserved suffixes, which denote a part of another column or are cut off; case-insensitive.</summary>
    public IReadOnlyCollection<string> TakenEndings { get; init; } = [];
}

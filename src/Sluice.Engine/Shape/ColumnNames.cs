using System.Text;

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

/// <summary>Which names a destination's columns can have; a field whose name is not among them gets one that is, for good.</summary>
public sealed record NameRules
{
    /// <summary>DuckDB's: any length, and only its own name for the place of a row is taken.</summary>
    public static NameRules Default { get; } = new();

    /// <summary>The most bytes of a name in UTF-8, at least 16; null for any length.</summary>
    public int? MostBytes { get; init; }

    /// <summary>Names that mean something else to the destination; without regard to case.</summary>
    public IReadOnlyCollection<string> Taken { get; init; } = ["rowid"];

    /// <summary>Endings with which a name means a part of another column; without regard to case.</summary>
    public IReadOnlyCollection<string> TakenEndings { get; init; } = [];

    /// <summary>Gives as much of a name as fits beside an ending, without cutting a letter in two.</summary>
    internal string Fit(string name, string ending)
    {
        var room = (MostBytes ?? int.MaxValue) - Encoding.UTF8.GetByteCount(ending);
        if (Encoding.UTF8.GetByteCount(name) <= room)
        {
            return name + ending;
        }

        var kept = new StringBuilder();
        foreach (var letter in name.EnumerateRunes().TakeWhile(letter => (room -= letter.Utf8SequenceLength) >= 0))
        {
            kept.Append(letter.ToString());
        }

        return kept.Append(ending).ToString();
    }
}

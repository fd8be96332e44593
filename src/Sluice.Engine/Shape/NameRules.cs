using System.Text;

namespace Sluice.Engine.Shape;

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

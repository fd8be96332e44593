using System.Security.Cryptography;
using System.Text;

namespace Sluice.Engine.Catalog;

/// <summary>How long a name may be in a destination.</summary>
/// <param name="MostBytes">The bytes of UTF-8 at most, at least 16; null for any length.</param>
/// <param name="Whose">Who takes no longer ones, as messages say it.</param>
public sealed record NameLimit(int? MostBytes, string Whose = "")
{
    private const int MarkLength = 9;

    /// <summary>Names of any length.</summary>
    public static NameLimit None { get; } = new((int?)null);

    /// <summary>The bytes that a letter takes there.</summary>
    public Func<Rune, int> BytesOf { get; init; } = letter => letter.Utf8SequenceLength;

    /// <summary>Whether a name is short enough.</summary>
    public bool Takes(string name) => Bytes(name) <= (MostBytes ?? int.MaxValue);

    /// <summary>Cuts a name so that it fits with an ending, between two characters.</summary>
    public string Cut(string name, string ending)
    {
        var room = (MostBytes ?? int.MaxValue) - Bytes(ending);
        if (Bytes(name) <= room)
        {
            return name + ending;
        }

        var kept = new StringBuilder();
        foreach (var letter in name.EnumerateRunes().TakeWhile(letter => (room -= BytesOf(letter)) >= 0))
        {
            kept.Append(letter.ToString());
        }

        return kept.Append(ending).ToString();
    }

    /// <summary>
    /// Puts a name between a beginning and an ending. One that would be too long is cut and gets a mark of its own, which depends on nothing but the
    /// name: it is the same whatever others there are.
    /// </summary>
    public string Short(string beginning, string name, string ending)
    {
        if (Takes(beginning + name + ending))
        {
            return beginning + name + ending;
        }

        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..(MarkLength - 1)];
        return Cut(beginning + name, $"_{mark}{ending}");
    }

    private int Bytes(string name) => name.EnumerateRunes().Sum(BytesOf);
}

using System.Security.Cryptography;
using System.Text;

namespace Sluice.Destinations.Merge;

/// <summary>Makes names out of a table's name that are as short as the database wants them, and still of that table alone.</summary>
internal static class ShortName
{
    private const int MarkLength = 9;

    /// <summary>Puts a name between a beginning and an ending; one that would be too long is cut and gets a mark of its own.</summary>
    public static string Of(string beginning, string name, string ending, int? mostBytes)
    {
        var room = (mostBytes ?? int.MaxValue) - Encoding.UTF8.GetByteCount(beginning + ending);
        if (Encoding.UTF8.GetByteCount(name) <= room)
        {
            return beginning + name + ending;
        }

        var kept = new StringBuilder();
        room -= MarkLength;
        foreach (var letter in name.EnumerateRunes().TakeWhile(letter => (room -= letter.Utf8SequenceLength) >= 0))
        {
            kept.Append(letter.ToString());
        }

        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..(MarkLength - 1)];
        return $"{beginning}{kept}_{mark}{ending}";
    }
}

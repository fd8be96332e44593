using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Files;

/// <summary>Names of schemas, tables and runs as names of folders, files and objects.</summary>
internal static partial class PathNames
{
    /// <summary>The longest name of a schema or table: a folder's has 255 bytes, and locks and versions that are being made need some.</summary>
    public static readonly NameLimit Limit = new(240, "a folder") { BytesOf = letter => Encoding.UTF8.GetByteCount(Safe(letter.ToString())) };

    /// <summary>A new name for files: never the same twice, so that no reader and no crash can take one file for another.</summary>
    public static string NewFile(DateTimeOffset at) =>
        string.Create(CultureInfo.InvariantCulture, $"{at.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}-{Guid.NewGuid().ToString("N")[..8]}");

    /// <summary>Whether a path ends with a name that begins with such a name: others' files are not to be removed.</summary>
    public static bool IsOfSluice(string path) => FileName().IsMatch(path[(path.LastIndexOf('/') + 1)..]);

    /// <summary>
    /// The name as it can stand in a path: what could mean something else there is percent-encoded, and different names stay different.
    /// </summary>
    public static string Safe(string name)
    {
        var safe = new StringBuilder();
        foreach (var (place, letter) in Encoding.UTF8.GetBytes(name).Index())
        {
            if (char.IsAsciiLetterOrDigit((char)letter) || letter is (byte)'_' or (byte)'-' || (letter == '.' && place > 0) || letter >= 0x80)
            {
                safe.Append((char)letter);
            }
            else
            {
                safe.Append(CultureInfo.InvariantCulture, $"%{letter:X2}");
            }
        }

        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(safe.ToString()));
    }

    [GeneratedRegex("^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex FileName();
}

using System.Globalization;
using System.Text;

namespace Sluice.Destinations.Files;

/// <summary>Names of schemas, tables and runs as names of folders, files and objects.</summary>
internal static class PathNames
{
    /// <summary>The name as it can stand in a path: what could mean something else there is percent-encoded, and different names stay different.</summary>
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
}

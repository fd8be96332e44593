using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Writes.Backup;

/// <summary>
/// Names of folders that every file system takes and tells apart: lower case, no dot at an end, no device of Windows, short. It follows from the name
/// alone, so that no folder is renamed because another thing has come.
/// </summary>
internal static partial class FolderName
{
    private const int Longest = 40;

    private static readonly string[] Devices = ["con", "prn", "aux", "nul"];

    /// <summary>The folder of a thing that is known by its name: the name itself where that is plain, else with a hash of it behind.</summary>
    /// <param name="name">The name.</param>
    /// <param name="number">Which one it is of several of that name, from 1.</param>
    public static string Of(string name, int number)
    {
        if (number == 1 && Plain().IsMatch(name) && !IsDevice(name))
        {
            return name;
        }

        var hashed = number == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}\n{number}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hashed)))[..8];
        return $"{Words(name)}~{hash}";
    }

    /// <summary>The folder of what is known by a number, with words that tell what it is.</summary>
    public static string Of(long id, params ReadOnlySpan<string?> words)
    {
        var text = Words(string.Join('-', words.ToArray().Where(word => !string.IsNullOrEmpty(word))));
        return string.Create(CultureInfo.InvariantCulture, $"{id}{(text.Length > 0 ? "-" : "")}{text}");
    }

    // Letters of other alphabets stay, for they say more than nothing; what makes the name one of its own stands beside them.
    private static string Words(string name)
    {
        var words = new StringBuilder();
        foreach (var rune in Scalar(name).Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (words.Length >= Longest)
            {
                break;
            }

            if (Rune.IsLetterOrDigit(rune) || rune.Value == '_')
            {
                words.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (words.Length > 0 && words[^1] != '-')
            {
                words.Append('-');
            }
        }

        return words.ToString().Trim('-');
    }

    // Half of a surrogate pair can't be normalized.
    private static string Scalar(string name) => string.Concat(name.EnumerateRunes());

    private static bool IsDevice(string name) => Devices.Contains(name) || Numbered().IsMatch(name);

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,59}\\z", RegexOptions.None, 1000)]
    private static partial Regex Plain();

    [GeneratedRegex("^(com|lpt)[0-9]\\z", RegexOptions.None, 1000)]
    private static partial Regex Numbered();
}

using System.Text.RegularExpressions;

namespace Sluice.Cli.Output;

/// <summary>Takes keys out of what the user typed before it is said again: an address can end up where none is expected.</summary>
internal static partial class KeyText
{
    public static string Hide(string text) => Key().Replace(text, "$1***");

    [GeneratedRegex(@"((?:api_key|site_id)=)[^&\s'""]*", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Key();
}

using System.Text.RegularExpressions;

namespace Sluice.Cli.Output;

/// <summary>A word of a command that is shown, as a shell takes it.</summary>
internal static partial class ShellText
{
    /// <summary>The word, in double quotes where that is needed.</summary>
    public static string Quote(string word) => Plain().IsMatch(word) ? word : $"\"{Special().Replace(word, "\\$0")}\"";

    [GeneratedRegex("^[A-Za-z0-9_./:@%+=,-]+\\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Plain();

    [GeneratedRegex("[\\\\\"$`]", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Special();
}

using System.Text.RegularExpressions;
using Sluice.Engine;

namespace Sluice.Settings;

/// <summary>Looks at the address of a destination before anything is made of it.</summary>
public static partial class DestinationAddress
{
    /// <summary>Reads what makes an address the same destination, or gives the other text when something is wrong, which is noted.</summary>
    public static string Identity(string address, Func<string, string> identity, string otherwise, ValidationErrors mistakes)
    {
        if (!address.Contains('\0', StringComparison.Ordinal) && !address.Contains("%00", StringComparison.Ordinal))
        {
            return mistakes.Collect(() => identity(address), otherwise);
        }

        mistakes.Add("The address of the destination holds a NUL character, which no name of a file or a database can.", "Write it without.");
        return otherwise;
    }

    /// <summary>The password that stands in an address, or null.</summary>
    public static string? FindPassword(string address) => Password().Match(address) is { Success: true } found
        ? found.Groups.Values.Skip(1).First(group => group.Success).Value
        : null;

    // From the first colon on: to try each of them would take the square of their number.
    [GeneratedRegex(@"^[A-Za-z0-9+.-]+://[^/?#:]*:([^/?#]+)@|[?&](?:ssl)?password=([^&]+)", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Password();
}

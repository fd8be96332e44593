using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Sluice.DuckDb;

/// <summary>What a message tells: prepare and open report no error type, only "Binder Error: …".</summary>
internal static partial class DuckDBErrorMessage
{
    private const string Marker = " Error: ";

    // The names in the messages that are not simply the enum's name with other casing or spaces.
    private static readonly FrozenDictionary<string, DuckDBErrorType> Types = Enum.GetValues<DuckDBErrorType>()
        .ToDictionary(t => t.ToString(), t => t)
        .Append(new("TransactionContext", DuckDBErrorType.Transaction))
        .Append(new("ExtensionAutoloading", DuckDBErrorType.Autoload))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    internal static DuckDBErrorType TypeOf(string message)
    {
        var end = message.IndexOf(Marker, StringComparison.Ordinal);
        if (end is <= 0 or > 40)
            return DuckDBErrorType.Invalid;
        var name = message[..end].Replace(" ", "", StringComparison.Ordinal);
        return Types.GetValueOrDefault(name);
    }

    internal static (string? Holder, int? Pid) LockHolderOf(string message)
    {
        var match = LockHolder().Match(message);
        if (!match.Success || !int.TryParse(match.Groups["pid"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
            return (null, null);
        var holder = match.Groups["holder"].Value.Trim();
        return (holder.Length == 0 ? null : holder, pid);
    }

    // "Conflicting lock is held in /usr/bin/node (PID 12) by user x", "… is held in PID 12", Windows: "File is already open in \nC:\x.exe (PID 12)"
    [GeneratedRegex(@"(?:lock is held in|already open in)\s+(?<holder>[^\n]*?)\(?PID (?<pid>\d+)\)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LockHolder();
}

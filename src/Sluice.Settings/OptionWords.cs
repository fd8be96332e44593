using Sluice.Engine;

namespace Sluice.Settings;

/// <summary>Reads options as they stand on a command line, <c>type=email</c> or <c>messages.type=email</c>.</summary>
public static class OptionWords
{
    /// <summary>Gives the values by name, and notes what has none.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Read(IEnumerable<string> words, Mistakes mistakes)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var word in words)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == word.Length - 1)
            {
                mistakes.Add($"--option is no NAME=VALUE: '{word}'.", "Write it as --option type=email, or for one of several tables as --option messages.type=email.");
                continue;
            }

            var (name, value) = (word[..equals].Trim(), word[(equals + 1)..].Trim());
            values[name] = [.. values.GetValueOrDefault(name) ?? [], value];
        }

        return values;
    }
}

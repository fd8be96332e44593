using System.Text.RegularExpressions;

namespace Sluice.Settings.Pipelines.Yaml;

/// <summary>Puts the values of variables where <c>${NAME}</c> or <c>${NAME:-otherwise}</c> stands; <c>$${</c> is a dollar and a brace.</summary>
internal sealed partial class Variables(Func<string, string?> find, bool mayBeUnset, PipelineErrors mistakes)
{
    private readonly HashSet<YamlValue> _done = [];

    /// <summary>Reads all variables of a file; what is missing is told with the entry that needs it, such as <c>workspaces/main</c>.</summary>
    public void Expand(YamlMap root)
    {
        foreach (var section in root.Entries.Where(section => !PipelineKeys.IsExtension(section.Name)))
        {
            if (section.Value is YamlMap named)
            {
                foreach (var entry in named.Entries)
                {
                    Expand(entry.Value, $"{section.Name}/{entry.Name}");
                }
            }
            else
            {
                Expand(section.Value, section.Name);
            }
        }
    }

    /// <summary>The names of the variables in a text.</summary>
    public static IEnumerable<string> Names(string raw) =>
        Places().Matches(raw).Select(found => found.Groups["name"]).Where(name => name.Success).Select(name => name.Value);

    private void Expand(YamlValue value, string owner)
    {
        // A marked value stands in many places and is read once.
        if (!_done.Add(value))
        {
            return;
        }

        var parts = value switch
        {
            YamlMap map => map.Entries.Select(entry => entry.Value),
            YamlList list => list.Items,
            _ => [],
        };
        foreach (var part in parts)
        {
            Expand(part, owner);
        }

        if (value is YamlText text && text.Raw.Contains("${", StringComparison.Ordinal))
        {
            text.Value = Read(text, owner);
            mistakes.Hide(text.Value, text.Raw);
        }
    }

    private string? Read(YamlText text, string owner)
    {
        var isWhole = true;
        var read = Places().Replace(text.Raw, found =>
        {
            if (found.Value == "$${")
            {
                return "${";
            }

            if (!found.Groups["name"].Success)
            {
                mistakes.Add(
                    text,
                    $"'{text.Raw}' names no variable.",
                    "Write a variable as ${NAME}, with letters, digits and _, or $${ for the two characters themselves.");
                isWhole = false;
                return "";
            }

            if (find(found.Groups["name"].Value) is { Length: > 0 } value)
            {
                return value;
            }

            if (found.Groups["otherwise"].Success)
            {
                return found.Groups["otherwise"].Value;
            }

            isWhole = false;
            NoteUnset(text, found.Groups["name"].Value, owner);
            return "";
        });
        return isWhole ? read : null;
    }

    private void NoteUnset(YamlText text, string name, string owner)
    {
        if (!mayBeUnset)
        {
            mistakes.AddUnset(
                text, owner, $"The variable {name} is not set.", $"Set it in the environment or in a file .env in the current folder: {name}=...");
        }
    }

    [GeneratedRegex(
        @"\$\$\{|\$\{((?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<otherwise>[^}]*))?\})?",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Places();
}

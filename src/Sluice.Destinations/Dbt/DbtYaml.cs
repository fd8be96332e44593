using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Destinations.Dbt;

/// <summary>A file of properties, line by line.</summary>
internal sealed partial class DbtYaml
{
    private const int Width = 120;

    // What readers of YAML take for no text.
    private static readonly string[] Words = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];

    private readonly StringBuilder _text = new();

    /// <summary>Writes lines as they are, each so many levels deep.</summary>
    public DbtYaml Lines(int level, params IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            _text.Append(' ', 2 * level).Append(line).Append('\n');
        }

        return this;
    }

    /// <summary>Writes a key with a text, which dbt reads as it is: what is a template to it is none here.</summary>
    public DbtYaml Description(int level, string text) =>
        text.Length == 0 ? this : Text(level, "description", IsTemplate(text) ? $"{{% raw %}}{text}{{% endraw %}}" : text);

    /// <summary>Writes a key with a text, which is a template to dbt.</summary>
    public DbtYaml Text(int level, string key, string text)
    {
        var line = $"{key}: {Quoted(text)}";
        if ((2 * level) + line.Length <= Width)
        {
            return Lines(level, line);
        }

        Lines(level, $"{key}: >-");
        var rest = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (rest.Length > 0 && (2 * level) + 3 + rest.Length + word.Length > Width)
            {
                Lines(level + 1, rest.ToString());
                rest.Clear();
            }

            rest.Append(rest.Length == 0 ? "" : " ").Append(word);
        }

        return Lines(level + 1, rest.ToString());
    }

    public override string ToString() => _text.ToString();

    /// <summary>Whether dbt takes a text for a template.</summary>
    public static bool IsTemplate(string text) => text.Contains("{{", StringComparison.Ordinal)
        || text.Contains("{%", StringComparison.Ordinal) || text.Contains("{#", StringComparison.Ordinal);

    /// <summary>A name, in quotes if it needs them.</summary>
    public static string Name(string name) =>
        PlainName().IsMatch(name) && !Words.Contains(name, StringComparer.OrdinalIgnoreCase) ? name : Quoted(name);

    /// <summary>A text in quotes.</summary>
    public static string Quoted(string text) => $"\"{string.Concat(text.Select(letter => letter switch
    {
        '"' or '\\' => $"\\{letter}",
        _ when char.IsControl(letter) || letter is '\u2028' or '\u2029' => $"\\u{(int)letter:x4}",
        _ => $"{letter}",
    }))}\"";

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$", RegexOptions.NonBacktracking)]
    private static partial Regex PlainName();
}

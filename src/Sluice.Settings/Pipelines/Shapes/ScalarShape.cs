using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

/// <summary>A single value, which may come from a variable.</summary>
internal abstract class ScalarShape : ValueShape
{
    /// <summary>What a text must look like to hold a variable; its value is only known when it is read.</summary>
    public const string VariablePattern = @"\$\{[A-Za-z_]";

    public override void Check(YamlValue value, Subject subject, PipelineErrors mistakes)
    {
        if (value is not YamlText { IsNull: false } text)
        {
            NoteKind(value, subject, mistakes);
        }
        else if (text.Value is { } read && !text.IsWrong)
        {
            CheckText(text, read, subject, mistakes);
        }
    }

    /// <summary>Looks at the text with its variables read.</summary>
    protected abstract void CheckText(YamlText text, string read, Subject subject, PipelineErrors mistakes);

    /// <summary>A value, or a text with a variable in it.</summary>
    protected static JsonObject OrVariable(JsonObject schema) =>
        new() { ["anyOf"] = new JsonArray(schema, new JsonObject { ["$ref"] = "#/definitions/variable" }) };
}

/// <summary>true or false; other words are refused, because YAML 1.1 and 1.2 don't agree on what <c>yes</c> and <c>on</c> mean.</summary>
internal sealed class SwitchShape : ScalarShape
{
    public override string Wanted => "true or false";

    public static bool IsOn(string text) => text.Equals("true", StringComparison.OrdinalIgnoreCase);

    public override JsonObject ToSchema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = "boolean" },
            new JsonObject { ["enum"] = new JsonArray("true", "false") },
            new JsonObject { ["$ref"] = "#/definitions/variable" }),
    };

    protected override void CheckText(YamlText text, string read, Subject subject, PipelineErrors mistakes)
    {
        if (read is not ("true" or "false") && !text.IsSwitch)
        {
            mistakes.Add(text, $"{subject.Name} must be {Wanted}, but is '{text.Raw}'.", subject.Fix);
        }
    }
}

/// <summary>One of some words.</summary>
internal sealed class WordShape(IReadOnlyCollection<string> words) : ScalarShape
{
    public override string Wanted => string.Join(" or ", words);

    /// <summary>The words as the help of a command has them.</summary>
    public string Choice => string.Join('|', words);

    public override JsonObject ToSchema() =>
        OrVariable(new JsonObject { ["enum"] = new JsonArray([.. words.Select(word => JsonValue.Create(word))]) });

    protected override void CheckText(YamlText text, string read, Subject subject, PipelineErrors mistakes)
    {
        if (!words.Contains(read, StringComparer.Ordinal))
        {
            mistakes.Add(text, $"{subject.Name} can't be '{text.Raw}'.", Suggestion.For(read, words) ?? $"There are {string.Join(", ", words)}.");
        }
    }
}

/// <summary>A number in a range, in quotes or not.</summary>
internal sealed class NumberShape(double least, double most, bool isWhole = true) : ScalarShape
{
    public override string Wanted => least >= most ? string.Create(CultureInfo.InvariantCulture, $"{least}")
        : most >= long.MaxValue ? string.Create(CultureInfo.InvariantCulture, $"a whole number of at least {least}")
        : string.Create(CultureInfo.InvariantCulture, $"a {(isWhole ? "whole " : "")}number from {least} to {most}");

    public override JsonObject ToSchema() => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["type"] = isWhole ? "integer" : "number", ["minimum"] = least, ["maximum"] = most },
            new JsonObject { ["type"] = "string", ["pattern"] = $"^[0-9]+{(isWhole ? "" : "(\\.[0-9]+)?")}$" },
            new JsonObject { ["$ref"] = "#/definitions/variable" }),
    };

    /// <summary>Reads a number; null when it is none, or out of the range.</summary>
    public double? Read(string text)
    {
        var style = isWhole ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        return double.TryParse(text, style, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null;
    }

    protected override void CheckText(YamlText text, string read, Subject subject, PipelineErrors mistakes)
    {
        if (Read(read) is null)
        {
            mistakes.Add(text, $"{subject.Name} must be {Wanted}, but is '{text.Raw}'.", subject.Fix);
        }
    }
}

/// <summary>Any text; numbers and switches are text, too, just as they are written.</summary>
internal sealed class TextShape : ScalarShape
{
    /// <summary>What the text must look like, or null; anchors and classes only, so that it means the same to every engine.</summary>
    public string? Pattern { get; init; }

    /// <summary>Looks closer, where the text is kept as it is.</summary>
    public Action<SettingKey, string, ValidationErrors>? Look { get; init; }

    public override string Wanted => "text";

    public override JsonObject ToSchema() => Pattern is null
        ? new JsonObject { ["type"] = new JsonArray("string", "number", "boolean"), ["minLength"] = 1 }
        : OrVariable(new JsonObject { ["type"] = new JsonArray("string", "number"), ["pattern"] = Pattern });

    protected override void CheckText(YamlText text, string read, Subject subject, PipelineErrors mistakes)
    {
        if (read.Length == 0)
        {
            mistakes.Add(text, $"{subject.Name} is empty.", subject.Fix);
        }
        else if (Pattern is not null && !Regex.IsMatch(read, Pattern, RegexOptions.None, Timeout.InfiniteTimeSpan))
        {
            mistakes.Add(text, $"{subject.Name} can't be '{text.Raw}'.", subject.Fix);
        }
        else if (Look is not null)
        {
            var found = new ValidationErrors();
            Look(subject.Name, read, found);
            text.IsWrong = found.Any;
            mistakes.Take(found, _ => text.Place);
        }
    }
}

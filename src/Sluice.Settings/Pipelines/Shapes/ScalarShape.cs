using System.Globalization;
using System.Text.Json.Nodes;
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

    protected override void CheckText(YamlText text, string read, Subject subject, PipelineErrors mistakes)
    {
        var style = isWhole ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        if (!double.TryParse(read, style, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
        {
            mistakes.Add(text, $"{subject.Name} must be {Wanted}, but is '{text.Raw}'.", subject.Fix);
        }
    }
}

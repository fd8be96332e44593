using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines.Shapes;

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

    protected override void CheckText(YamlText text, string read, Subject subject, PipelineMistakes mistakes)
    {
        var style = isWhole ? NumberStyles.None : NumberStyles.AllowDecimalPoint;
        if (!double.TryParse(read, style, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
        {
            mistakes.Add(text, $"{subject.Name} must be {Wanted}, but is '{text.Raw}'.", subject.Fix);
        }
    }
}

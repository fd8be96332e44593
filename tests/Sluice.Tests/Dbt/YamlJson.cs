using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Sluice.Tests.Dbt;

/// <summary>YAML as JSON, by another reader of YAML than ours, and by the rules of YAML 1.2.</summary>
internal static partial class YamlJson
{
    public static JsonNode? Read(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return stream.Documents.Count == 0 ? null : Json(stream.Documents[0].RootNode);
    }

    private static JsonNode? Json(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Json(pair.Value)))),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
            YamlScalarNode { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } => null,
            YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" } word => JsonValue.Create(word.Value == "true"),
            YamlScalarNode { Style: ScalarStyle.Plain } number when Number().IsMatch(number.Value!) => JsonValue.Create(
                double.Parse(number.Value!, CultureInfo.InvariantCulture)),
            _ => JsonValue.Create(((YamlScalarNode)node).Value),
        };

    [GeneratedRegex("^[-+]?[0-9]+(\\.[0-9]*)?$", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}

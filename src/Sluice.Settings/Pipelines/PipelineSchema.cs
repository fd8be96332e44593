using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Settings.Pipelines.Shapes;

namespace Sluice.Settings.Pipelines;

/// <summary>The JSON Schema of the pipeline file, for editors that complete and check while one writes.</summary>
public static class PipelineSchema
{
    /// <summary>The usual name of the schema's file, beside the pipeline file.</summary>
    public const string FileName = "sluice.schema.json";

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Writes the schema (draft 7, which editors understand best), with the tables and options of the catalog.</summary>
    public static string Write()
    {
        var schema = PipelineKeys.File.ToSchema();
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", "A pipeline of Sluice");
        schema["anyOf"] = new JsonArray([.. PipelineKeys.Work.Select(key => new JsonObject { ["required"] = new JsonArray(key) })]);
        schema["definitions"] = new JsonObject(
            TableShape
                .Definitions()
                .Prepend(
                    KeyValuePair.Create<string, JsonNode?>(
                        "variable",
                        new JsonObject
                        {
                            ["type"] = "string",
                            ["pattern"] = ScalarShape.VariablePattern,
                            ["description"] = "A variable of the environment or of a file .env, as ${NAME} or ${NAME:-otherwise}.",
                        })));
        return schema.ToJsonString(Readable) + "\n";
    }
}

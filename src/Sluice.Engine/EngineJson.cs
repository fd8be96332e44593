using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Engine.Audit;
using Sluice.Engine.Runs;

namespace Sluice.Engine;

// Compiled serializers for small values, without reflection.
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
[JsonSerializable(typeof(SortedDictionary<string, long>))]
internal sealed partial class EngineJson : JsonSerializerContext
{
    public static string Quote(string text) => JsonSerializer.Serialize(text, Default.String);

    public static byte[] QuoteUtf8(string text) => JsonSerializer.SerializeToUtf8Bytes(text, Default.String);

    /// <summary>The text of a JSON string; null when it holds half of a character, which no text can.</summary>
    public static string? UnquoteOrNull(string json)
    {
        try
        {
            return Unquote(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static string Unquote(string json) => JsonSerializer.Deserialize(json, Default.String)!;
}

/// <summary>Reports of runs and audits as JSON: the same text for <c>--json</c>, <c>_sluice_runs</c> and programs.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunReport))]
[JsonSerializable(typeof(AuditReport))]
public sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>Writes the report of a run on one line.</summary>
    public static string Serialize(RunReport report) => JsonSerializer.Serialize(report, Default.RunReport);

    /// <summary>Writes the report of an audit on one line.</summary>
    public static string Serialize(AuditReport report) => JsonSerializer.Serialize(report, Default.AuditReport);
}

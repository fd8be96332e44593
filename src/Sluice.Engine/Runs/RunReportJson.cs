using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Engine.Runs;

/// <summary>The report as JSON: the same text for <c>--json</c>, <c>_sluice_runs</c> and programs.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RunReport))]
public sealed partial class RunReportJson : JsonSerializerContext
{
    /// <summary>Writes a report on one line.</summary>
    public static string Serialize(RunReport report) => JsonSerializer.Serialize(report, Default.RunReport);
}

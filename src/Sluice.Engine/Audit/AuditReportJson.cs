using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Engine.Audit;

/// <summary>The audit's report as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditReport))]
public sealed partial class AuditReportJson : JsonSerializerContext
{
    /// <summary>Writes a report on one line.</summary>
    public static string Serialize(AuditReport report) => JsonSerializer.Serialize(report, Default.AuditReport);
}

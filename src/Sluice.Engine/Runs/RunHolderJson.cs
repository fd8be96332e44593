using System.Text.Json.Serialization;

namespace Sluice.Engine.Runs;

[JsonSerializable(typeof(RunHolder))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
internal sealed partial class RunHolderJson : JsonSerializerContext;

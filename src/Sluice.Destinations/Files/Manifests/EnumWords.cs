using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Destinations.Files.Manifests;

/// <summary>Writes the values of an enumeration as small words.</summary>
internal sealed class EnumWords<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower)
    where T : struct, Enum;

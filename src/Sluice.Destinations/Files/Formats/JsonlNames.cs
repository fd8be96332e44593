using System.Text.Json.Serialization;

namespace Sluice.Destinations.Files.Formats;

[JsonSerializable(typeof(string))]
internal sealed partial class JsonlNames : JsonSerializerContext;

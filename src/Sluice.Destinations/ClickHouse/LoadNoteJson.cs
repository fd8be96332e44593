using System.Text.Json.Serialization;

namespace Sluice.Destinations.ClickHouse;

[JsonSerializable(typeof(LoadNote))]
internal sealed partial class LoadNoteJson : JsonSerializerContext;

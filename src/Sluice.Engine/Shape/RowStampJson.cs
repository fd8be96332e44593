using System.Text.Json.Serialization;

namespace Sluice.Engine.Shape;

[JsonSerializable(typeof(string))]
internal sealed partial class RowStampJson : JsonSerializerContext;

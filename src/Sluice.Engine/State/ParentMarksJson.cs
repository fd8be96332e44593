using System.Text.Json.Serialization;

namespace Sluice.Engine.State;

[JsonSerializable(typeof(SortedDictionary<string, long>))]
internal sealed partial class ParentMarksJson : JsonSerializerContext;

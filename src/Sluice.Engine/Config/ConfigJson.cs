using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Engine.Config;

[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class ConfigJson : JsonSerializerContext;

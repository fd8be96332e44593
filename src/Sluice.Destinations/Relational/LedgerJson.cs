using System.Text.Json.Serialization;

namespace Sluice.Destinations.Relational;

[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(string))]
internal sealed partial class LedgerJson : JsonSerializerContext;

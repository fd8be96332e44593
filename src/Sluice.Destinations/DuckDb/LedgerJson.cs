using System.Text.Json.Serialization;

namespace Sluice.Destinations.DuckDb;

[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class LedgerJson : JsonSerializerContext;

using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>The narrowest type that holds all values of the kinds that were seen; more kinds never make it narrower.</summary>
internal static class InferredType
{
    private const JsonKinds Nested = JsonKinds.Object | JsonKinds.Array | JsonKinds.BigNumberInside;

    public static ColumnType Of(JsonKinds kinds)
    {
        var seen = kinds & ~JsonKinds.Null;
        return IsOnly(seen, JsonKinds.Boolean) ? ColumnType.Boolean
            : IsOnly(seen, JsonKinds.Integer | JsonKinds.LongInteger) ? ColumnType.Bigint
            : IsOnly(seen, JsonKinds.Integer | JsonKinds.Fraction) ? ColumnType.Double
            : IsOnly(seen, Nested) ? ColumnType.Json
            : ColumnType.Text;
    }

    /// <summary>The kinds that a column of a type may hold already.</summary>
    public static JsonKinds KindsOf(ColumnType type, bool holdsLongIntegers) => type switch
    {
        ColumnType.Boolean => JsonKinds.Boolean,
        ColumnType.Bigint => JsonKinds.Integer | (holdsLongIntegers ? JsonKinds.LongInteger : JsonKinds.None),
        ColumnType.Double => JsonKinds.Integer | JsonKinds.Fraction,
        ColumnType.Json => JsonKinds.Object | JsonKinds.Array,
        _ => JsonKinds.Text,
    };

    /// <summary>Whether a field has had a value: one that has only been null says nothing of its type.</summary>
    public static bool HasValue(JsonKinds kinds) => (kinds & ~JsonKinds.Null) != JsonKinds.None;

    private static bool IsOnly(JsonKinds seen, JsonKinds allowed) => seen != JsonKinds.None && (seen & ~allowed) == JsonKinds.None;
}

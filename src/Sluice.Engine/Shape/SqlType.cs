using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>The name of a column type in DuckDB's SQL.</summary>
public static class SqlType
{
    /// <summary>The largest distance from zero up to which DOUBLE holds every integer.</summary>
    public const long LargestExactInDouble = JsonNumber.LargestExact;

    /// <summary>Gives the DuckDB type that holds a column's values.</summary>
    public static string Of(ColumnType type) => type switch
    {
        ColumnType.Bigint => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.UnixTime or ColumnType.Timestamp => "TIMESTAMPTZ",
        ColumnType.Json => "JSON",
        _ => "VARCHAR",
    };

    /// <summary>Whether a type is one that columns of Sluice's tables have: only such a type may stand in a statement.</summary>
    public static bool IsKnown(string type) => type is "VARCHAR" || Parse(type) != ColumnType.Text;

    /// <summary>Parses a DuckDB type; any unknown type is text, which can hold all values.</summary>
    public static ColumnType Parse(string type) => type switch
    {
        "BIGINT" => ColumnType.Bigint,
        "DOUBLE" => ColumnType.Double,
        "BOOLEAN" => ColumnType.Boolean,
        "TIMESTAMPTZ" or "TIMESTAMP WITH TIME ZONE" => ColumnType.Timestamp,
        "JSON" => ColumnType.Json,
        _ => ColumnType.Text,
    };
}

/// <summary>The narrowest type that holds all values of the kinds seen; more kinds never make it narrower.</summary>
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

    /// <summary>Whether a field has had a value: null says nothing about its type.</summary>
    public static bool HasValue(JsonKinds kinds) => (kinds & ~JsonKinds.Null) != JsonKinds.None;

    private static bool IsOnly(JsonKinds seen, JsonKinds allowed) => seen != JsonKinds.None && (seen & ~allowed) == JsonKinds.None;
}

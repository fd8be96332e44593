using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>A column in the destination, and the source of its values.</summary>
/// <param name="Name">The name in the destination; unique without regard to case.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="Sources">Paths in the record, tried in order; each a list of keys from the outside in.</param>
public sealed record TableColumn(string Name, ColumnType Type, IReadOnlyList<IReadOnlyList<string>> Sources)
{
    /// <summary>The name of the column that holds fields without a column of their own.</summary>
    public const string ExtraName = "_extra";

    /// <summary>Why the table has the column.</summary>
    public ColumnOrigin Origin { get; init; }

    /// <summary>Whether the type can widen with the values; types from the catalog and from the user are fixed.</summary>
    public bool MayWiden { get; init; }

    /// <summary>The first unix second that a time can be.</summary>
    public long FirstSecond { get; init; } = IsoTime.FirstUnixSecond;

    /// <summary>The field of the record that the column was made for; null for other columns.</summary>
    public string? Field => Origin == ColumnOrigin.Field ? Sources[0][0] : null;
}

/// <summary>Where a column comes from.</summary>
public enum ColumnOrigin
{
    /// <summary>The catalog.</summary>
    Catalog,

    /// <summary>A field of the records that is not in the catalog.</summary>
    Field,

    /// <summary>The JSON column for all fields without a column of their own.</summary>
    Extra,
}

/// <summary>The column that a destination has permanently assigned to a field.</summary>
/// <param name="Field">The field of the record; null for the column that holds all extra fields.</param>
/// <param name="Name">The column's name.</param>
/// <param name="Type">The type of the values so far, those included that are staged for this load.</param>
public sealed record KnownColumn(string? Field, string Name, ColumnType Type)
{
    /// <summary>The type in the destination's table; null if the table has no such column (any more).</summary>
    public ColumnType? InTable { get; init; }

    /// <summary>Whether the column was made for the field by Sluice; otherwise it only has the same name.</summary>
    public bool IsMapped { get; init; }

    /// <summary>Whether rows with the column are staged for this load by a run that was stopped.</summary>
    public bool IsStaged { get; init; }

    /// <summary>Whether a BIGINT column may hold values that a double does not hold exactly.</summary>
    public bool HoldsLongIntegers { get; init; }
}

/// <summary>A schema change that the records made necessary.</summary>
/// <param name="Table">The destination table.</param>
/// <param name="Column">The column's name in the destination.</param>
/// <param name="Change">What happened, in words: "added as BIGINT".</param>
public sealed record SchemaChange(string Table, string Column, string Change);

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

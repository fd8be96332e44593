using Sluice.Engine.Catalog;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Which of ClickHouse's types holds which values.</summary>
internal static class ClickHouseType
{
    public const string Text = "Nullable(String)";
    public const string Bigint = "Nullable(Int64)";
    public const string Double = "Nullable(Float64)";
    public const string Instant = "Nullable(DateTime64(6, 'UTC'))";

    // Old servers have neither microseconds nor times before 1970: there an instant is its text, which has always this length and sorts by time.
    public const string OldInstant = "Nullable(FixedString(26))";

    private const string Boolean = "Nullable(Bool)";
    private const string OldBoolean = "Nullable(UInt8)";

    /// <summary>The type of a new column.</summary>
    public static string Of(ColumnType type, ClickHouseVersion version) => type switch
    {
        ColumnType.Bigint => Bigint,
        ColumnType.Double => Double,
        ColumnType.Boolean => version.IsModern ? Boolean : OldBoolean,
        ColumnType.UnixTime or ColumnType.Timestamp => version.IsModern ? Instant : OldInstant,
        _ => Text,
    };

    /// <summary>What a column's values mean; text stands for every type that is not one of ours.</summary>
    public static ColumnType Parse(string type) => Bare(type) switch
    {
        "Int64" => ColumnType.Bigint,
        "Float64" => ColumnType.Double,
        "Bool" or "UInt8" => ColumnType.Boolean,
        "FixedString(26)" => ColumnType.Timestamp,
        var other when other.StartsWith("DateTime", StringComparison.Ordinal) => ColumnType.Timestamp,
        _ => ColumnType.Text,
    };

    /// <summary>The type without what only says that NULL may occur or how values are stored.</summary>
    public static string Bare(string type) => type switch
    {
        _ when Inside(type, "Nullable(") is { } inner => Bare(inner),
        _ when Inside(type, "LowCardinality(") is { } inner => Bare(inner),
        _ => type,
    };

    /// <summary>A value that stands in for NULL where values are compared; whether it was NULL is compared beside it.</summary>
    public static string Stand(string type) => Bare(type) switch
    {
        "String" => "''",
        "Bool" => "false",
        "DateTime64(6, 'UTC')" => "toDateTime64(0, 6, 'UTC')",
        "FixedString(26)" => "toFixedString('', 26)",
        var bare => $"CAST(0 AS {bare})",
    };

    /// <summary>A column's value in a wider type: text as DuckDB would write it, where rows were shaped.</summary>
    public static string Widen(string column, string from, string to) => (Parse(from), Parse(to)) switch
    {
        var (had, wanted) when had == wanted => column,
        (_, ColumnType.Double) => $"CAST({column} AS {to})",
        (ColumnType.Boolean, _) => $"if(isNull({column}), NULL, if(assumeNotNull({column}), 'true', 'false'))",
        (ColumnType.Double, _) => $"if(abs({column}) < 1e15 AND {column} = floor({column}), concat(toString(CAST({column} AS {Bigint})), '.0'), toString({column}))",
        (ColumnType.Timestamp, _) => $"concat(replaceRegexpOne(CAST(toString({column}) AS {Text}), '\\\\.?0*$', ''), '+00')",
        _ => $"toString({column})",
    };

    private static string? Inside(string type, string start) =>
        type.StartsWith(start, StringComparison.Ordinal) && type.EndsWith(')') ? type[start.Length..^1] : null;
}

using Sluice.Engine.Catalog;

namespace Sluice.Destinations.ClickHouse;

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as the server writes it.</param>
internal sealed record ClickHouseColumn(string Name, string Type)
{
    public string Quoted { get; } = ClickHouseText.Quote(Name);

    public ColumnType Meaning => ClickHouseType.Parse(Type);

    /// <summary>Two expressions that are equal for two values exactly if these are the same, NULL being the same as NULL.</summary>
    public string Same => $"ifNull({Quoted}, {ClickHouseType.Stand(Type)}), isNull({Quoted})";
}

/// <summary>Which of ClickHouse's types holds which values.</summary>
internal static class ClickHouseType
{
    public const string Text = "Nullable(String)";
    public const string Bigint = "Nullable(Int64)";
    public const string Double = "Nullable(Float64)";
    public const string Instant = "Nullable(DateTime64(6, 'UTC'))";

    private const string Boolean = "Nullable(Bool)";

    /// <summary>The type of a new column.</summary>
    public static string Of(ColumnType type) => type switch
    {
        ColumnType.Bigint => Bigint,
        ColumnType.Double => Double,
        ColumnType.Boolean => Boolean,
        ColumnType.UnixTime or ColumnType.Timestamp => Instant,
        _ => Text,
    };

    /// <summary>What a column's values mean; text stands for every type that is not one of ours.</summary>
    public static ColumnType Parse(string type) => Bare(type) switch
    {
        "Int64" => ColumnType.Bigint,
        "Float64" => ColumnType.Double,
        "Bool" => ColumnType.Boolean,
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
        var bare => $"CAST(0 AS {bare})",
    };

    /// <summary>A column's value in a wider type: text as DuckDB would write it, where rows were shaped.</summary>
    public static string Widen(string column, string from, string to) =>
        (Parse(from), Parse(to)) switch
        {
            var (had, wanted) when had == wanted => column,
            (_, ColumnType.Double) => $"CAST({column} AS {to})",
            (ColumnType.Boolean, _) => $"if(isNull({column}), NULL, if(assumeNotNull({column}), 'true', 'false'))",
            (ColumnType.Double, _) =>
                $"if(abs({column}) < 1e15 AND {column} = floor({column}), concat(toString(CAST({column} AS {Bigint})), '.0'), toString({column}))",
            (ColumnType.Timestamp, _) => $"concat(replaceRegexpOne(CAST(toString({column}) AS {Text}), '\\\\.?0*$', ''), '+00')",
            _ => $"toString({column})",
        };

    private static string? Inside(string type, string start) =>
        type.StartsWith(start, StringComparison.Ordinal) && type.EndsWith(')') ? type[start.Length..^1] : null;
}

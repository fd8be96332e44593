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

    /// <summary>Reads a type as DuckDB tells it; text stands for every type that is not one of ours, for it holds the values of all.</summary>
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

using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>The name of a column type in DuckDB's SQL.</summary>
public static class SqlType
{
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
}

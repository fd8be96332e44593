using Sluice.Engine.Catalog;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.ClickHouse;

/// <summary>DuckDB's expressions that give staged values as the types that are sent: whole numbers, doubles, truth, text and, in Parquet, instants.</summary>
internal static class StagedValues
{
    /// <summary>A staged column as a column of a table takes it.</summary>
    public static string Of(string column, string staged, ClickHouseColumn to, bool asParquet)
    {
        var name = StagingTables.Quote(column);
        var isInstant = SqlType.Parse(staged) == ColumnType.Timestamp;
        return ClickHouseType.Bare(to.Type) switch
        {
            "FixedString(26)" => $"strftime(make_timestamp(epoch_us({name})), '%Y-%m-%d %H:%M:%S.%f')",
            "Int64" => name,
            "Float64" => $"CAST({name} AS DOUBLE)",
            "Bool" or "UInt8" => name,
            _ when isInstant && to.Meaning == ColumnType.Timestamp => asParquet ? name : $"epoch_us({name})",
            _ => $"CAST({name} AS VARCHAR)",
        };
    }
}

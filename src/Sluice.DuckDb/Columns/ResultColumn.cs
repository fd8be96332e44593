using Sluice.DuckDb.Execution;

namespace Sluice.DuckDb.Columns;

/// <summary>A column of a result.</summary>
internal sealed record ResultColumn(string Name, string TypeName, ColumnReader Reader, byte? Precision, byte? Scale)
{
    internal static ResultColumn[] All(QueryResult result)
    {
        var columns = new ResultColumn[result.ColumnCount];
        for (var i = 0; i < columns.Length; i++)
        {
            using var type = result.ColumnType(i);
            var isDecimal = Native.NativeMethods.duckdb_get_type_id(type) == Native.NativeType.Decimal;
            columns[i] = new ResultColumn(
                result.ColumnName(i),
                Columns.TypeName.Of(type),
                ColumnReaderFactory.Create(type),
                isDecimal ? Native.NativeMethods.duckdb_decimal_width(type) : null,
                isDecimal ? Native.NativeMethods.duckdb_decimal_scale(type) : null);
        }
        return columns;
    }
}

using System.Data.Common;
using Sluice.DuckDb.Columns;

namespace Sluice.DuckDb;

/// <summary>A column of a result.</summary>
internal sealed class DuckDBColumn : DbColumn
{
    internal DuckDBColumn(ResultColumn column, int ordinal)
    {
        ColumnName = column.Name;
        ColumnOrdinal = ordinal;
        DataType = column.Reader.FieldType;
        DataTypeName = column.TypeName;
        AllowDBNull = true;
        NumericPrecision = column.Precision;
        NumericScale = column.Scale;
    }
}

using System.Collections.ObjectModel;
using System.Data;
using System.Data.Common;

namespace Sluice.DuckDb;

public sealed partial class DuckDBDataReader
{
    /// <inheritdoc />
    public override string GetName(int ordinal) => Described(ordinal).Name;

    /// <summary>The type as DuckDB writes it, for example <c>TIMESTAMP WITH TIME ZONE</c>, <c>JSON</c>, <c>DECIMAL(18,3)</c>.</summary>
    public override string GetDataTypeName(int ordinal) => Described(ordinal).TypeName;

    /// <summary>The .NET type that <see cref="GetValue"/> gives.</summary>
    public override Type GetFieldType(int ordinal) => Described(ordinal).Reader.FieldType;

    /// <summary>The position of a column by exact name, else by name without regard to casing.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such column.</exception>
    public override int GetOrdinal(string name)
    {
        var ordinal = Array.FindIndex(_columns, c => string.Equals(c.Name, name, StringComparison.Ordinal));
        if (ordinal < 0)
            ordinal = Array.FindIndex(_columns, c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase));
        return ordinal >= 0
            ? ordinal
            : throw new IndexOutOfRangeException($"There is no column '{name}': the result has {string.Join(", ", _columns.Select(c => c.Name))}.");
    }

    /// <summary>The columns of the current row set.</summary>
    public ReadOnlyCollection<DbColumn> GetColumnSchema()
    {
        RequireOpen();
        return new ReadOnlyCollection<DbColumn>([.. _columns.Select((c, i) => new DuckDBColumn(c, i))]);
    }

    /// <summary>The columns of the current row set as a table, for <see cref="DataTable.Load(IDataReader)"/>.</summary>
    public override DataTable GetSchemaTable()
    {
        var table = new DataTable("SchemaTable") { Locale = System.Globalization.CultureInfo.InvariantCulture };
        table.Columns.Add(SchemaTableColumn.ColumnName, typeof(string));
        table.Columns.Add(SchemaTableColumn.ColumnOrdinal, typeof(int));
        table.Columns.Add(SchemaTableColumn.ColumnSize, typeof(int));
        table.Columns.Add(SchemaTableColumn.NumericPrecision, typeof(byte));
        table.Columns.Add(SchemaTableColumn.NumericScale, typeof(byte));
        table.Columns.Add(SchemaTableColumn.DataType, typeof(Type));
        table.Columns.Add(SchemaTableColumn.AllowDBNull, typeof(bool));
        table.Columns.Add("DataTypeName", typeof(string));
        for (var i = 0; i < _columns.Length; i++)
        {
            var c = _columns[i];
            table.Rows.Add(c.Name, i, -1, (object?)c.Precision ?? DBNull.Value, (object?)c.Scale ?? DBNull.Value, c.Reader.FieldType, true, c.TypeName);
        }
        return table;
    }

    private Columns.ResultColumn Described(int ordinal)
    {
        RequireOpen();
        return (uint)ordinal < (uint)_columns.Length
            ? _columns[ordinal]
            : throw new IndexOutOfRangeException($"There is no column {ordinal}: the result has {_columns.Length}.");
    }
}

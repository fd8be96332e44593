using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Load.Staging;

/// <summary>Makes the staging table wide enough for rows, and notes which column each field has in it. Nothing is ever made narrower.</summary>
internal sealed class StagingSchema(DuckDBConnection connection, LoadTarget target, StagingSql sql)
{
    private readonly string _mapping = StagingTables.Name(connection.Database, target.Schema, SystemTable.Mapping.Name);
    private readonly string _name = StagingSql.TableName(target);
    private Dictionary<string, string> _columns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>After a rollback nobody knows what the staging table looks like.</summary>
    public void Forget() => _columns.Clear();

    /// <summary>Makes the staging table take the columns, also if a stopped run has left it with others.</summary>
    public async Task FitAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        if (columns.All(column => _columns.TryGetValue(column.Name, out var type) && IsType(type, column)))
        {
            return;
        }

        await connection.RunAsync(sql.CreateTable(columns), cancel);
        var had = await connection.ColumnsAsync(target.Schema, _name, cancel);
        foreach (var column in columns)
        {
            await FitAsync(column, had.GetValueOrDefault(column.Name), cancel);
        }

        await NoteAsync(columns, cancel);
        _columns = columns.ToDictionary(column => column.Name, column => SqlType.Of(column.Type), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Which columns fields have in the staging table.</summary>
    public Task<IReadOnlyList<MappedColumn>> ReadMappingAsync(CancellationToken cancel) =>
        ColumnMapping.ReadAsync(connection, target.Schema, _name, cancel);

    public Task ForgetMappingAsync(CancellationToken cancel) =>
        connection.RunAsync($"DELETE FROM {_mapping} WHERE table_name = $table", cancel, ("table", _name));

    private static bool IsType(string type, TableColumn column) => SqlType.Of(SqlType.Parse(type)) == SqlType.Of(column.Type);

    private async Task FitAsync(TableColumn column, string? had, CancellationToken cancel)
    {
        if (had is null)
        {
            await connection.RunAsync(sql.AddColumn(column), cancel);
        }
        else if (!IsType(had, column))
        {
            // The user may have changed --columns between two runs: what is staged is not made narrower.
            if (column.Type != ColumnType.Text && (had, column.Type) != ("BIGINT", ColumnType.Double))
            {
                throw SchemaErrors.Unfit(target, column.Name, had, SqlType.Of(column.Type));
            }

            await connection.RunAsync(sql.WidenColumn(column.Name, SqlType.Of(column.Type)), cancel);
        }
    }

    private async Task NoteAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        foreach (var column in columns.Where(column => column.Origin != ColumnOrigin.Catalog))
        {
            var row = new ColumnRow(_name, new MappedColumn(column.Field, column.Name, SqlType.Of(column.Type), target.RunId, target.LoadedAt));
            (string Name, object? Value)[] values = [.. SystemTable.Mapping.Values.Select(one => (one.Name, one.Value(row)))];
            await connection.RunAsync(
                $"DELETE FROM {_mapping} WHERE table_name = $table_name AND field IS NOT DISTINCT FROM $field", cancel, values[..2]);
            await connection.RunAsync(
                $"INSERT INTO {_mapping} VALUES ({string.Join(", ", values.Select(value => $"${value.Name}"))})", cancel, values);
        }
    }
}

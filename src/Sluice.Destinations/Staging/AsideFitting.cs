using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.Staging;

/// <summary>Makes the table aside wide enough for rows, and notes which column each field has in it. Nothing is ever made narrower.</summary>
internal sealed class AsideFitting(DuckDBConnection connection, LoadTarget target, StageSql sql)
{
    private readonly string _mapping = StageTables.Name(connection.Database, target.Schema, StageTables.Columns);
    private readonly string _name = StageSql.AsideName(target);
    private Dictionary<string, string> _columns = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>After a rollback nobody knows what the table aside looks like.</summary>
    public void Forget() => _columns.Clear();

    /// <summary>Makes the table aside take the columns, also if a stopped run has left it with others.</summary>
    public async Task FitAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        if (columns.All(column => _columns.TryGetValue(column.Name, out var type) && IsType(type, column)))
        {
            return;
        }

        await connection.RunAsync(sql.CreateAside(columns), cancel);
        var had = await TableColumns.ReadAsync(connection, target.Schema, _name, cancel);
        foreach (var column in columns)
        {
            await FitAsync(column, had.GetValueOrDefault(column.Name), cancel);
        }

        await NoteAsync(columns, cancel);
        _columns = columns.ToDictionary(column => column.Name, column => SqlType.Of(column.Type), StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Which columns fields have in the table aside.</summary>
    public Task<IReadOnlyList<MappedColumn>> ReadMappingAsync(CancellationToken cancel) => MappingTable.ReadAsync(connection, target.Schema, _name, cancel);

    public Task ForgetMappingAsync(CancellationToken cancel) => connection.RunAsync($"DELETE FROM {_mapping} WHERE table_name = $aside", cancel, ("aside", _name));

    private static bool IsType(string type, TableColumn column) => SqlType.Of(SqlType.Parse(type)) == SqlType.Of(column.Type);

    private async Task FitAsync(TableColumn column, string? had, CancellationToken cancel)
    {
        if (had is null)
        {
            await connection.RunAsync(sql.AddToAside(column), cancel);
        }
        else if (!IsType(had, column))
        {
            // The user may have changed --columns between two runs: what is staged is not made narrower.
            if (column.Type != ColumnType.Text && (had, column.Type) != ("BIGINT", ColumnType.Double))
            {
                throw SchemaErrors.Unfit(target, column.Name, had, SqlType.Of(column.Type));
            }

            await connection.RunAsync(sql.WidenAside(column.Name, SqlType.Of(column.Type)), cancel);
        }
    }

    private async Task NoteAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        foreach (var column in columns.Where(column => column.Origin != ColumnOrigin.Catalog))
        {
            (string, object?)[] values =
            [
                ("table", _name), ("field", column.Field), ("name", column.Name), ("type", SqlType.Of(column.Type)), ("run", target.RunId), ("at", target.LoadedAt),
            ];
            await connection.RunAsync($"DELETE FROM {_mapping} WHERE table_name = $table AND field IS NOT DISTINCT FROM $field", cancel, values[..2]);
            await connection.RunAsync($"INSERT INTO {_mapping} VALUES ($table, $field, $name, $type, $run, $at)", cancel, values);
        }
    }
}

using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Destinations.Merge;

/// <summary>The system tables of one schema of a relational database.</summary>
internal sealed class RelationalSystemTables(RelationalDatabase database, string schema) : ISystemTables
{
    // The states of the tables that are there.
    public Task<IReadOnlyList<TableState>> ReadStatesAsync(CancellationToken cancel) => ReadAsync(SystemTable.State, async (session, tables) =>
    {
        var rows = await session.ReadAsync(schema, SystemTable.State, "ORDER BY table_name", cancel);
        return rows.Select(row => row.State).Where(state => tables.Contains(state.Table));
    }, cancel);

    public Task<IReadOnlyList<LoadedTable>> ReadLoadedAsync(CancellationToken cancel) => ReadAsync<LoadedTable>(
        SystemTable.Ledger,
        async (session, tables) => LoadedTable.Of(await session.ReadAsync(schema, SystemTable.Ledger, "", cancel), tables.Contains),
        cancel);

    public Task<IReadOnlyList<ColumnRow>> ReadColumnsAsync(CancellationToken cancel) => ReadAsync(SystemTable.Mapping, async (session, tables) =>
    {
        var has = await database.Dialect.ColumnsAsync(session, schema, SystemTable.Mapping.Name, cancel);
        var names = SystemTable.Mapping.Columns.Select(column => has.ContainsKey(column.Name) ? column.Name : $"NULL AS {column.Name}");
        var rows = await session.ReadAsync(schema, SystemTable.Mapping, names, "ORDER BY table_name, added_at, column_name", cancel);
        return rows.Where(row => tables.Contains(row.Table));
    }, cancel);

    public Task WriteStateAsync(TableState state, DateTimeOffset at, CancellationToken cancel) => WriteAsync(SystemTable.State, async session =>
    {
        await session.DeleteAsync(schema, SystemTable.State, state.Table, cancel);
        return await session.AddAsync(schema, SystemTable.State, new StateRow(state, at), cancel);
    }, cancel);

    public Task<int> ResetStateAsync(string? table, CancellationToken cancel) => WriteAsync(
        SystemTable.State, session => session.DeleteAsync(schema, SystemTable.State, table, cancel), cancel);

    public Task<IReadOnlyList<RunRecord>> ReadRunsAsync(int most, CancellationToken cancel) =>
        ReadAsync<RunRecord>(
            SystemTable.Runs,
            async (session, _) =>
                await session.ReadAsync(
                    schema,
                    SystemTable.Runs,
                    $"ORDER BY started_at DESC, run_id DESC LIMIT {database.Dialect.Parameter("most")}",
                    cancel,
                    ("most", most)),
            cancel);

    public Task RecordRunAsync(RunRecord run, CancellationToken cancel) => WriteAsync(
        SystemTable.Runs, session => session.AddAsync(schema, SystemTable.Runs, run, cancel), cancel);

    private Task<IReadOnlyList<T>> ReadAsync<T>(
        SystemTable table,
        Func<DbSession, IReadOnlySet<string>, Task<IEnumerable<T>>> read,
        CancellationToken cancel
    ) =>
        database.TryAsync<IReadOnlyList<T>>(
            $"Reading {schema}.{table.Name}",
            async () =>
            {
                await using var session = await database.OpenAsync(cancel);
                await database.Dialect.FinishAsync(session, schema, cancel);
                var tables = await database.Dialect.TablesAsync(session, schema, cancel);
                return tables.Contains(table.Name) ? [.. await read(session, tables)] : [];
            },
            cancel);

    private Task<int> WriteAsync(SystemTable table, Func<DbSession, Task<long>> write, CancellationToken cancel) =>
        database.TryAsync(
            $"Writing {schema}.{table.Name}",
            async () =>
            {
                await using var session = await database.BeginAsync(cancel);
                await session.CreateSystemTablesAsync(schema, cancel);
                var changed = await write(session);
                await session.CommitAsync();
                return (int)changed;
            },
            cancel);
}

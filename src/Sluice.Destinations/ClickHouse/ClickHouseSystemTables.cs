using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Destinations.ClickHouse;

/// <summary>What Sluice keeps beside the data of one schema: states, runs and the ledger.</summary>
internal sealed class ClickHouseSystemTables(ClickHouseDatabase database) : ISystemTables
{
    public Task<IReadOnlyList<TableState>> ReadStatesAsync(CancellationToken cancel) =>
        ReadAsync<IReadOnlyList<TableState>>(
            SystemTable.State.Name,
            [],
            async tables =>
            {
                await FinishAsync(cancel);
                return
                [
                    .. (await new SystemTableReader(database).StatesAsync(cancel)).Where(state => tables.Contains(database.Schema.Bare(state.Table))),
                ];
            },
            cancel);

    public Task<IReadOnlyList<LoadedTable>> ReadLoadedAsync(CancellationToken cancel) =>
        ReadAsync(
            SystemTable.Ledger.Name,
            [],
            async tables =>
            {
                await FinishAsync(cancel);
                var ledger = await new SystemTableReader(database).LedgerAsync(cancel);
                return LoadedTable.Of(ledger, table => tables.Contains(database.Schema.Bare(table)));
            },
            cancel);

    public Task<IReadOnlyList<ColumnRow>> ReadColumnsAsync(CancellationToken cancel) =>
        ReadAsync<IReadOnlyList<ColumnRow>>(
            SystemTable.Mapping.Name,
            [],
            async tables =>
            {
                await FinishAsync(cancel);
                return
                [
                    .. (await new SystemTableReader(database).ColumnsAsync(cancel)).Where(row => tables.Contains(database.Schema.Bare(row.Table))),
                ];
            },
            cancel);

    public Task WriteStateAsync(TableState state, DateTimeOffset at, CancellationToken cancel) =>
        WriteAsync(SystemTable.State.Name, () => new SystemTableWriter(database).StateAsync(state, at, cancel), cancel);

    public Task<int> ResetStateAsync(string? table, CancellationToken cancel) => ReadAsync(
        SystemTable.State.Name,
        0,
        async _ =>
        {
            var states = (await new SystemTableReader(database).StatesAsync(cancel)).Where(state => table is null || state.Table == table).ToList();
            foreach (var state in states)
            {
                await new SystemTableWriter(database).ForgetStateAsync(state.Table, cancel);
            }

            return states.Count;
        },
        cancel);

    public Task<IReadOnlyList<RunRecord>> ReadRunsAsync(int most, CancellationToken cancel) =>
        ReadAsync(SystemTable.Runs.Name, [], _ => new SystemTableReader(database).RunsAsync(most, cancel), cancel);

    public Task RecordRunAsync(RunRecord run, CancellationToken cancel) =>
        WriteAsync(SystemTable.Runs.Name, () => new SystemTableWriter(database).RunAsync(run, cancel), cancel);

    // A user who may only read sees the system tables as they are.
    private async Task FinishAsync(CancellationToken cancel)
    {
        try
        {
            await new CommitLog(database).FinishAsync(cancel);
        }
        catch (ClickHouseException error) when (error.Code is ClickHouseException.AccessDenied or ClickHouseException.ReadOnly)
        {
            return;
        }
    }

    private Task<T> ReadAsync<T>(string name, T none, Func<IReadOnlySet<string>, Task<T>> read, CancellationToken cancel) =>
        ClickHouseErrors.GuardAsync(
            database.Server.Address,
            $"Reading {database.Schema.Database}.{name}",
            async () => await database.TablesAsync(cancel) is var tables && tables.Contains(database.Schema.Bare(name)) ? await read(tables) : none);

    private Task WriteAsync(string name, Func<Task> write, CancellationToken cancel) => ClickHouseErrors.GuardAsync(
        database.Server.Address,
        $"Writing {database.Schema.Database}.{name}",
        async () =>
        {
            await database.CreateAsync(cancel);
            await write();
        });
}

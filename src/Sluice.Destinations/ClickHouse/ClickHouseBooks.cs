using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Destinations.ClickHouse;

/// <summary>What Sluice keeps beside the data of one schema.</summary>
internal sealed class ClickHouseBooks(ClickHousePlace place) : ISystemTables
{
    public Task<IReadOnlyList<TableState>> ReadStatesAsync(CancellationToken cancel) => ReadAsync<IReadOnlyList<TableState>>(
        SystemTable.State.Name,
        [],
        async tables =>
        {
            await FinishAsync(cancel);
            return [.. (await new BookReader(place).StatesAsync(cancel)).Where(state => tables.Contains(place.Schema.Bare(state.Table)))];
        },
        cancel);

    public Task WriteStateAsync(TableState state, DateTimeOffset at, CancellationToken cancel) =>
        WriteAsync(SystemTable.State.Name, () => new BookWriter(place).StateAsync(state, at, cancel), cancel);

    public Task<int> ResetStateAsync(string? table, CancellationToken cancel) => ReadAsync(
        SystemTable.State.Name,
        0,
        async _ =>
        {
            var states = (await new BookReader(place).StatesAsync(cancel)).Where(state => table is null || state.Table == table).ToList();
            foreach (var state in states)
            {
                await new BookWriter(place).ForgetStateAsync(state.Table, cancel);
            }

            return states.Count;
        },
        cancel);

    public Task<IReadOnlyList<RunRecord>> ReadRunsAsync(int most, CancellationToken cancel) =>
        ReadAsync(SystemTable.Runs.Name, [], _ => new BookReader(place).RunsAsync(most, cancel), cancel);

    public Task RecordRunAsync(RunRecord run, CancellationToken cancel) => WriteAsync(SystemTable.Runs.Name, () => new BookWriter(place).RunAsync(run, cancel), cancel);

    // A user who may only read sees the books as they are.
    private async Task FinishAsync(CancellationToken cancel)
    {
        try
        {
            await new Recording(place).FinishAsync(cancel);
        }
        catch (ClickHouseException error) when (error.Code is ClickHouseException.AccessDenied or ClickHouseException.ReadOnly)
        {
            return;
        }
    }

    private Task<T> ReadAsync<T>(string book, T none, Func<IReadOnlySet<string>, Task<T>> read, CancellationToken cancel) => ClickHouseErrors.GuardAsync(
        place.Client.Address,
        $"Reading {place.Schema.Database}.{book}",
        async () => await place.TablesAsync(cancel) is var tables && tables.Contains(place.Schema.Bare(book)) ? await read(tables) : none);

    private Task WriteAsync(string book, Func<Task> write, CancellationToken cancel) => ClickHouseErrors.GuardAsync(
        place.Client.Address,
        $"Writing {place.Schema.Database}.{book}",
        async () =>
        {
            await place.CreateAsync(cancel);
            await write();
        });
}

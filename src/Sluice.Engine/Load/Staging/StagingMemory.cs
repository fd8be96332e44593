using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;

namespace Sluice.Engine.Load.Staging;

/// <summary>
/// What DuckDB may take of its memory while rows are staged. It keeps whatever it is given full of blocks, though a table needs little of it: so it
/// begins with a part, gets more for each table that is begun beside others, and all for rows that are long or wide or compared with others.
/// </summary>
internal sealed class StagingMemory : IDisposable
{
    private const int WideRow = 60;
    private const long LongRecord = 1_000_000;

    private readonly SemaphoreSlim _turn = new(1);
    private int _tables;
    private volatile bool _isWhole = MemoryBudget.OfProcess.IsShareSet;

    /// <summary>Whether DuckDB has its whole share, or more: from then on nothing here takes it away.</summary>
    public bool IsWhole => _isWhole;

    /// <summary>Makes room for one more table.</summary>
    public Task AddTableAsync(DuckDBConnection connection, CancellationToken cancel) => InTurnAsync(
        async () =>
        {
            try
            {
                await MemoryBudget.LimitAsync(connection, MemoryBudget.OfProcess.PartFor(++_tables), cancel);
            }
            catch (DuckDBException error) when (DuckDbErrors.IsOutOfMemory(error))
            {
                // It has more in use already and can't let it go: it keeps what it had.
                _isWhole = true;
            }
        },
        cancel);

    /// <summary>Gives DuckDB its whole share where rows may need it.</summary>
    public Task FitAsync(DuckDBConnection connection, long longest, int columns, bool areLong, CancellationToken cancel) =>
        longest > LongRecord || columns > WideRow || areLong ? TakeAllAsync(connection, cancel) : Task.CompletedTask;

    /// <summary>Gives DuckDB its whole share.</summary>
    public Task TakeAllAsync(DuckDBConnection connection, CancellationToken cancel) => InTurnAsync(
        async () =>
        {
            await MemoryBudget.LimitAsync(connection, MemoryBudget.OfProcess.DuckDb, cancel);
            _isWhole = true;
        },
        cancel);

    public void Dispose() => _turn.Dispose();

    private async Task InTurnAsync(Func<Task> set, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await (_isWhole ? Task.CompletedTask : set());
        }
        finally
        {
            _turn.Release();
        }
    }
}

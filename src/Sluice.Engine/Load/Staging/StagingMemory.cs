using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;

namespace Sluice.Engine.Load.Staging;

/// <summary>
/// What DuckDB may take of its memory while rows are staged. It keeps whatever it is given full of blocks, though a table needs little of it: so it
/// begins with a part, gets more for each table that is begun beside others, and all for rows that are long or wide and to publish them.
/// </summary>
internal sealed class StagingMemory
{
    private const int WideRow = 60;
    private const long LongRecord = 1_000_000;

    private int _tables;
    private volatile bool _isWhole = MemoryBudget.OfProcess.IsShareSet;

    /// <summary>Whether DuckDB has its whole share.</summary>
    public bool IsWhole => _isWhole;

    /// <summary>Makes room for one more table.</summary>
    public async Task AddTableAsync(DuckDBConnection connection, CancellationToken cancel)
    {
        var part = MemoryBudget.OfProcess.PartFor(Interlocked.Increment(ref _tables));
        if (_isWhole)
        {
            return;
        }

        try
        {
            await MemoryBudget.OfProcess.LimitAsync(connection, part, cancel);
        }
        catch (DuckDBException error) when (DuckDbErrors.IsOutOfMemory(error))
        {
            // It has more in use already and can't let it go.
            _isWhole = true;
        }

        if (_isWhole)
        {
            // Another table has asked for all meanwhile.
            await MemoryBudget.OfProcess.LimitAsync(connection, MemoryBudget.OfProcess.DuckDb, cancel);
        }
    }

    /// <summary>Gives DuckDB its whole share where rows may need it.</summary>
    public Task FitAsync(DuckDBConnection connection, long longest, int columns, bool areLong, CancellationToken cancel) =>
        longest > LongRecord || columns > WideRow || areLong ? TakeAllAsync(connection, cancel) : Task.CompletedTask;

    /// <summary>Gives DuckDB its whole share.</summary>
    public async Task TakeAllAsync(DuckDBConnection connection, CancellationToken cancel)
    {
        if (!_isWhole)
        {
            _isWhole = true;
            await MemoryBudget.OfProcess.LimitAsync(connection, MemoryBudget.OfProcess.DuckDb, cancel);
        }
    }
}

using DuckDB.NET.Data;

namespace Sluice.Engine.Load.Staging;

/// <summary>The transaction in which rows are staged; tables that are staged on one connection share it.</summary>
/// <param name="connection">Where they are staged.</param>
/// <param name="memory">What DuckDB may take for it.</param>
internal sealed class StageTransaction(DuckDBConnection connection, StagingMemory memory)
{
    private DuckDBTransaction? _transaction;

    public DuckDBConnection Connection => connection;

    public StagingMemory Memory => memory;

    public bool IsOpen => _transaction is not null;

    public void Begin() => _transaction ??= connection.BeginTransaction();

    public void Commit()
    {
        _transaction!.Commit();
        _transaction.Dispose();
        _transaction = null;
    }

    public async ValueTask RollBackAsync()
    {
        await (_transaction?.DisposeAsync() ?? ValueTask.CompletedTask);
        _transaction = null;
    }
}

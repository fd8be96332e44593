using DuckDB.NET.Data;

namespace Sluice.Engine.Load.Staging;

/// <summary>The transaction in which rows are staged; tables that are staged on one connection share it.</summary>
internal sealed class StageTransaction(DuckDBConnection connection)
{
    private DuckDBTransaction? _transaction;

    public DuckDBConnection Connection => connection;

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

using System.Data;
using System.Data.Common;
using Sluice.DuckDb.Execution;

namespace Sluice.DuckDb;

/// <summary>A transaction; disposing it without a commit rolls it back.</summary>
public sealed class DuckDBTransaction : DbTransaction
{
    private readonly DuckDBConnection _connection;
    private bool _ended;

    internal DuckDBTransaction(DuckDBConnection connection, IsolationLevel isolationLevel)
    {
        if (isolationLevel is not (IsolationLevel.Unspecified or IsolationLevel.Snapshot))
            throw new NotSupportedException($"DuckDB has snapshot isolation only, not {isolationLevel}.");
        if (connection.Transaction is not null)
            throw new InvalidOperationException("A transaction is under way on this connection: DuckDB has no nested ones.");
        _connection = connection;
        connection.Execute("BEGIN TRANSACTION");
        connection.Transaction = this;
    }

    /// <inheritdoc />
    public override IsolationLevel IsolationLevel => IsolationLevel.Snapshot;

    /// <inheritdoc />
    protected override DbConnection? DbConnection => _ended ? null : _connection;

    /// <summary>Makes the changes durable and visible to others.</summary>
    /// <exception cref="DuckDBException">It conflicts with another transaction or breaks a constraint; then all is rolled back.</exception>
    /// <exception cref="InvalidOperationException">The transaction has ended.</exception>
    public override void Commit()
    {
        RequireActive();
        // Before the transaction counts as ended: an open stream makes this throw, and then it can be tried again.
        _connection.RequireNoStream();
        try
        {
            _connection.Execute("COMMIT");
        }
        finally
        {
            End();
        }
    }

    /// <summary>Takes the changes back.</summary>
    /// <exception cref="InvalidOperationException">The transaction has ended.</exception>
    public override void Rollback()
    {
        RequireActive();
        _connection.Stream?.Close();
        try
        {
            _connection.Execute("ROLLBACK");
        }
        finally
        {
            End();
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing && IsActive)
        {
            try
            {
                Rollback();
            }
            catch (DuckDBException e) when (e.ErrorType == DuckDBErrorType.Transaction)
            {
                // Ended by SQL text, or by an error that rolled it back: there is nothing left to take back.
            }
        }
        base.Dispose(disposing);
    }

    private bool IsActive => !_ended && ReferenceEquals(_connection.Transaction, this);

    private void RequireActive()
    {
        if (!IsActive)
            throw new InvalidOperationException("The transaction has ended.");
    }

    private void End()
    {
        _ended = true;
        _connection.Transaction = null;
    }
}

using System.Data.Common;
using DuckDB.NET.Data;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Relational;

/// <summary>A database that speaks SQL: how to reach it, how to write many rows into it, and what its errors mean.</summary>
internal abstract class RelationalDatabase : IBookPlace, IAsyncDisposable
{
    /// <summary>What it says differently.</summary>
    public abstract SqlDialect Dialect { get; }

    public SqlWords Words => Dialect;

    /// <summary>Opens a connection to look with.</summary>
    public abstract Task<Session> OpenAsync(CancellationToken cancel);

    /// <summary>Opens a connection and begins a transaction to write in.</summary>
    public virtual async Task<Session> BeginAsync(CancellationToken cancel)
    {
        var session = await OpenAsync(cancel);
        try
        {
            await session.BeginAsync(cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes all rows of a reader into a table as fast as the database takes them.</summary>
    /// <param name="session">The transaction to write in.</param>
    /// <param name="table">The table, quoted.</param>
    /// <param name="columns">Its columns in the reader's order; times come as microseconds since 1970.</param>
    /// <param name="isNew">Whether the table was made in this transaction, so that nobody sees its rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancel">Stops in the middle; the transaction is of no use then.</param>
    public abstract Task<long> WriteAsync(Session session, string table, IReadOnlyList<LoadColumn> columns, bool isNew, DuckDBDataReader rows, CancellationToken cancel);

    /// <summary>The condition in DuckDB's words under which a value can't be held; cheap, for it is asked of every value. Null when all can.</summary>
    public virtual string? CannotHold(string column, ColumnType type) => null;

    /// <summary>The same with all there is to know, asked when the database has refused a value.</summary>
    public virtual string? CannotHoldEither(string column, ColumnType type) => null;

    /// <summary>Whether the database refused a value, and not the work as a whole.</summary>
    public virtual bool IsValueError(DbException error) => false;

    /// <summary>Whether a table's name can't be taken as it is; null when it can.</summary>
    public virtual SluiceException? Refuses(string schema, string table) => null;

    /// <summary>Says an error in words that tell what to do.</summary>
    /// <param name="doing">What was being done, such as "Writing customerio.messages".</param>
    /// <param name="error">What the driver said.</param>
    public abstract SluiceException Explain(string doing, DbException error);

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

using System.Data.Common;
using DuckDB.NET.Data;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.Merge;

/// <summary>Brings many rows to a database; one that has none stages rows in itself.</summary>
internal interface IRowWriter
{
    /// <summary>Writes all rows of a reader into a table as fast as the database takes them.</summary>
    /// <param name="session">The transaction to write in.</param>
    /// <param name="table">The table, quoted.</param>
    /// <param name="columns">Its columns in the reader's order; times come as microseconds since 1970.</param>
    /// <param name="isNew">Whether the table was made in this transaction, so that nobody sees its rows.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="cancel">Stops in the middle; the transaction is of no use then.</param>
    Task<long> WriteAsync(
        DbSession session, string table, IReadOnlyList<LoadColumn> columns, bool isNew, DuckDBDataReader rows, CancellationToken cancel);
}

/// <summary>
/// A database that speaks SQL: how to reach it, and what its errors mean. It is an <see cref="IRowWriter"/>, too, unless it is DuckDB.
/// </summary>
internal abstract class RelationalDatabase : IAsyncDisposable
{
    /// <summary>What it says differently.</summary>
    public abstract SqlDialect Dialect { get; }

    /// <summary>How rows of its users' own tables are read and written; null when they are not.</summary>
    public virtual RowSql? Rows => null;

    /// <summary>Opens a connection for staging rows in the database itself; null when it is not DuckDB.</summary>
    public virtual DuckDBConnection? OpenStage() => null;

    /// <summary>Opens a connection to look with.</summary>
    public abstract Task<DbSession> OpenAsync(CancellationToken cancel);

    /// <summary>Opens a connection by which nothing can be changed.</summary>
    public virtual Task<DbSession> OpenToReadAsync(CancellationToken cancel) => OpenAsync(cancel);

    /// <summary>Hands out the rows of a statement as they come, and changes nothing.</summary>
    public Task QueryAsync(string sql, Func<DbDataReader, Task> read, CancellationToken cancel) => TryAsync(
        "The query",
        async () =>
        {
            await using var session = await OpenToReadAsync(cancel);
            await using var command = session.Command(sql);
            await using var reader = await StartAsync(command, cancel);
            await read(reader);
            return true;
        },
        cancel);

    private async Task<DbDataReader> StartAsync(DbCommand command, CancellationToken cancel)
    {
        try
        {
            return await command.ExecuteReaderAsync(cancel);
        }
        catch (DbException error) when (IsOfStatement(error))
        {
            throw QueryText.Refused(error.Message, error);
        }
    }

    /// <summary>Opens a connection and begins a transaction to write in.</summary>
    public virtual async Task<DbSession> BeginAsync(CancellationToken cancel)
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

    /// <summary>Begins the transaction in which staged rows become visible.</summary>
    public virtual Task<DbSession> BeginAsync(StagedTable staged, CancellationToken cancel) => BeginAsync(cancel);

    /// <summary>
    /// The condition in DuckDB's words under which a value can't be held; cheap, for it is asked of every value. Null when all can.
    /// </summary>
    public virtual string? UnsupportedWhen(string column, ColumnType type) => null;

    /// <summary>The same with all there is to know, asked when the database has refused a value.</summary>
    public virtual string? RefusedWhen(string column, ColumnType type) => null;

    /// <summary>The expression, in DuckDB's words, that makes a text which is kept among the rejects one that the database can hold.</summary>
    public virtual string RejectText(string value) => value;

    /// <summary>Whether the database refused a value, and not the work as a whole.</summary>
    public virtual bool IsValueError(DbException error) => false;

    /// <summary>Whether a statement was refused for what is written in it: its syntax, a name, or that it would change something.</summary>
    protected virtual bool IsOfStatement(DbException error) => false;

    /// <summary>Whether a table's name can't be taken as it is; null when it can.</summary>
    public virtual SluiceException? Refuses(string schema, string table) => null;

    /// <summary>Says an error in words that tell what to do.</summary>
    /// <param name="doing">What was being done, such as "Writing customerio.messages".</param>
    /// <param name="error">What the driver said.</param>
    public abstract SluiceException Explain(string doing, DbException error);

    /// <summary>Looks in the database for what an error is about (a trigger, a constraint), and for the statement that helps.</summary>
    /// <param name="told">What <see cref="Explain"/> made of it.</param>
    /// <param name="error">What the driver said.</param>
    /// <param name="loaded">The table that was loaded, if it was one.</param>
    /// <param name="cancel">Stops the looking.</param>
    public virtual Task<SluiceException> LookUpAsync(SluiceException told, DbException error, LoadTarget? loaded, CancellationToken cancel) =>
        Task.FromResult(told);

    /// <summary>Whether rows are staged in the database itself, so that its errors and those of the stage are the same.</summary>
    protected virtual bool IsStage => false;

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Does something, and explains what the database says against it.</summary>
    /// <param name="doing">What is done, such as "Writing customerio.messages".</param>
    /// <param name="work">Does it.</param>
    /// <param name="cancel">After it was cancelled every error is one of stopping.</param>
    /// <param name="loaded">The table whose staged rows are read, too: what DuckDB says against that is left to the load.</param>
    public async Task<T> TryAsync<T>(string doing, Func<Task<T>> work, CancellationToken cancel, LoadTarget? loaded = null)
    {
        try
        {
            return await work();
        }
        catch (DbException error) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException($"{doing} was stopped.", error, cancel);
        }
        catch (DbException error) when (loaded is null || IsStage || error is not DuckDBException)
        {
            throw await LookUpAsync(Explain(doing, error), error, loaded, cancel);
        }
    }
}

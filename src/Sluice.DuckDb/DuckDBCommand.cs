using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Sluice.DuckDb.Execution;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb;

/// <summary>
/// SQL text with one or more statements. All of them run when it is executed, in order; every statement counts its own
/// positional parameters. The async methods work on a pool thread and end a cancelled statement by interrupting it.
/// </summary>
public sealed class DuckDBCommand : DbCommand
{
    private string _text = "";
    private DuckDBConnection? _connection;
    private PreparedHandle? _prepared;

    /// <summary>Makes a command without text and connection.</summary>
    public DuckDBCommand()
    {
    }

    /// <summary>Makes a command without a connection.</summary>
    public DuckDBCommand(string commandText) => _text = commandText;

    /// <summary>Makes a command.</summary>
    public DuckDBCommand(string commandText, DuckDBConnection connection)
    {
        _text = commandText;
        _connection = connection;
    }

    /// <summary>The SQL; it can't hold a NUL character, which belongs into a parameter.</summary>
    [AllowNull]
    public override string CommandText
    {
        get => _text;
        set
        {
            _text = value ?? "";
            Unprepare();
        }
    }

    /// <summary>Kept for callers, not enforced: cancel the token of the async methods instead.</summary>
    public override int CommandTimeout { get; set; }

    /// <summary>Text: DuckDB has no other.</summary>
    /// <exception cref="NotSupportedException">Another type is set.</exception>
    public override CommandType CommandType
    {
        get => CommandType.Text;
        set
        {
            if (value != CommandType.Text)
                throw new NotSupportedException("DuckDB runs SQL text only.");
        }
    }

    /// <inheritdoc />
    public override bool DesignTimeVisible { get; set; }

    /// <inheritdoc />
    public override UpdateRowSource UpdatedRowSource { get; set; }

    /// <summary>True (the default): a reader computes rows as they are read, so that big results need no memory, and blocks its connection
    /// until it is at its end; false: the result is complete before the first row.</summary>
    public bool UseStreamingMode { get; set; } = true;

    /// <summary>The connection.</summary>
    public new DuckDBConnection? Connection
    {
        get => _connection;
        set
        {
            Unprepare();
            _connection = value;
        }
    }

    /// <summary>The parameters.</summary>
    public new DuckDBParameterCollection Parameters { get; } = [];

    /// <summary>Kept for callers: a command always runs in its connection's transaction.</summary>
    public new DuckDBTransaction? Transaction { get; set; }

    /// <inheritdoc />
    protected override DbConnection? DbConnection
    {
        get => Connection;
        set => Connection = (DuckDBConnection?)value;
    }

    /// <inheritdoc />
    protected override DbParameterCollection DbParameterCollection => Parameters;

    /// <inheritdoc />
    protected override DbTransaction? DbTransaction
    {
        get => Transaction;
        set => Transaction = (DuckDBTransaction?)value;
    }

    /// <summary>Interrupts the connection's running statement, from any thread.</summary>
    public override void Cancel() => _connection?.Interrupt();

    /// <summary>Runs all statements and gives the sum of the rows that they changed.</summary>
    /// <exception cref="DuckDBException">DuckDB reported an error.</exception>
    public override int ExecuteNonQuery()
    {
        using var results = Run(stream: false, CancellationToken.None);
        return checked((int)(results.RowsChanged ?? 0));
    }

    /// <inheritdoc cref="ExecuteNonQuery" />
    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        using var results = await NativeWork.RunAsync(Require(), () => Run(stream: false, cancellationToken), cancellationToken);
        return checked((int)(results.RowsChanged ?? 0));
    }

    /// <summary>Runs all statements and gives the first column of the first row; null without a row.</summary>
    /// <exception cref="DuckDBException">DuckDB reported an error.</exception>
    public override object? ExecuteScalar()
    {
        using var reader = ExecuteReader();
        return reader.FieldCount > 0 && reader.Read() ? reader.GetValue(0) : null;
    }

    /// <inheritdoc cref="ExecuteScalar" />
    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        await using var reader = await ExecuteReaderAsync(CommandBehavior.Default, cancellationToken);
        return reader.FieldCount > 0 && await reader.ReadAsync(cancellationToken) ? reader.GetValue(0) : null;
    }

    /// <summary>Runs all statements and reads their row sets.</summary>
    /// <exception cref="DuckDBException">DuckDB reported an error.</exception>
    public new DuckDBDataReader ExecuteReader() => ExecuteReader(CommandBehavior.Default);

    /// <inheritdoc cref="ExecuteReader()" />
    public new DuckDBDataReader ExecuteReader(CommandBehavior behavior) =>
        Open(Run(UseStreamingMode, CancellationToken.None), behavior);

    /// <inheritdoc cref="ExecuteReader()" />
    public new Task<DuckDBDataReader> ExecuteReaderAsync(CancellationToken cancellationToken = default) =>
        ExecuteReaderAsync(CommandBehavior.Default, cancellationToken);

    /// <inheritdoc cref="ExecuteReader()" />
    public new async Task<DuckDBDataReader> ExecuteReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken = default)
    {
        var results = await NativeWork.RunAsync(Require(), () => Run(UseStreamingMode, cancellationToken), cancellationToken);
        var reader = Open(results, behavior);
        if (!cancellationToken.IsCancellationRequested)
            return reader;
        // The interrupt may have reached the stream just after its start.
        await reader.DisposeAsync();
        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Prepares the statement once for many executions; text with several statements is prepared at each execution.</summary>
    /// <exception cref="DuckDBException">The SQL is wrong.</exception>
    public override void Prepare()
    {
        Unprepare();
        using var batch = StatementBatch.Parse(Require().Handle, _text);
        if (batch.Count == 1)
        {
            _prepared = batch.Prepare(0);
            _connection!.Track(_prepared);
        }
    }

    /// <inheritdoc />
    protected override DbParameter CreateDbParameter() => new DuckDBParameter();

    /// <inheritdoc />
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => ExecuteReader(behavior);

    /// <inheritdoc />
    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        await ExecuteReaderAsync(behavior, cancellationToken);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Unprepare();
        base.Dispose(disposing);
    }

    private DuckDBDataReader Open(CommandResults results, CommandBehavior behavior) => new(Require(), results, UseStreamingMode, behavior);

    private CommandResults Run(bool stream, CancellationToken cancellationToken)
    {
        var connection = Require();
        var handle = connection.Handle;
        connection.RequireNoStream();
        var results = new CommandResults();
        try
        {
            // Closing the connection ends what was prepared on it.
            if (_prepared is { IsClosed: false } prepared)
                results.Add(Execute(prepared, stream));
            else
                RunText(handle, results, stream, cancellationToken);
            return results;
        }
        catch
        {
            results.Dispose();
            throw;
        }
    }

    private void RunText(ConnectionHandle handle, CommandResults results, bool stream, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(_text))
            throw new InvalidOperationException("The command has no text.");
        using var batch = StatementBatch.Parse(handle, _text);
        for (var i = 0; i < batch.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var statement = batch.Prepare(i);
            // Only the last may stream: the next statement would end it.
            results.Add(Execute(statement, stream && i == batch.Count - 1));
        }
    }

    private QueryResult Execute(PreparedHandle statement, bool stream)
    {
        ParameterBinder.Bind(statement, Parameters);
        return QueryResult.Execute(statement, stream);
    }

    private DuckDBConnection Require() => _connection ?? throw new InvalidOperationException("The command has no connection.");

    private void Unprepare()
    {
        if (_prepared is null)
            return;
        _connection?.Untrack(_prepared);
        _prepared.Dispose();
        _prepared = null;
    }
}

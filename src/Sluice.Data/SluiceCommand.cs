using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Sql.Text;

namespace Sluice.Data;

/// <summary>One or more queries or changes, with semicolons between; each gives a result of the reader.</summary>
public sealed class SluiceCommand : DbCommand
{
    private readonly SluiceParameterCollection _parameters = new();
    private string _text;
    private SluiceConnection? _connection;
    private CommandType _type = CommandType.Text;
    private int? _timeout;
    private int? _maxWrites;
    private bool? _continues;
    private Execution? _execution;
    private SluiceDataReader? _reader;

    /// <summary>Makes a command without text and connection.</summary>
    public SluiceCommand()
        : this("")
    {
    }

    /// <summary>Makes a command.</summary>
    public SluiceCommand(string? commandText, SluiceConnection? connection = null, SluiceTransaction? transaction = null) =>
        (_text, _connection, Transaction) = (commandText ?? "", connection, transaction);

    /// <summary>The statements, or the name of a table or procedure.</summary>
    /// <exception cref="InvalidOperationException">It is set while the command's reader is open.</exception>
    [AllowNull]
    public override string CommandText
    {
        get => _text;
        set
        {
            RequireNoReader();
            _text = value ?? "";
        }
    }

    /// <summary>
    /// Seconds that each statement may take for its requests; 0, the default of the connection string's Timeout, for any number of them. It stops
    /// within a page, and a change between two calls.
    /// </summary>
    public override int CommandTimeout
    {
        get => _timeout ?? _connection?.DefaultTimeout ?? 0;
        set => _timeout = value >= 0 ? value : throw new ArgumentException($"CommandTimeout can't be {value} s.", nameof(value));
    }

    /// <summary>
    /// Rows that a statement may change without <see cref="ConfirmWrites"/>; the connection string's MaxWrites where it is not set.
    /// </summary>
    public int MaxWrites
    {
        get => _maxWrites ?? _connection?.DefaultMaxWrites ?? (int)ConnectionKey.MaxWrites.Default!;
        set => _maxWrites = value >= 0 ? value : throw new ArgumentException($"MaxWrites can't be {value}.", nameof(value));
    }

    /// <summary>
    /// The number of rows that a statement may change: one that changes another number is refused. It must be said where people would be destroyed,
    /// where there is no WHERE, and where there are more rows than <see cref="MaxWrites"/>; null where it was not said.
    /// </summary>
    public int? ConfirmWrites { get; set; }

    /// <summary>
    /// Whether a refusal, or a change of which nobody knows, does not stop the rest of a statement; the connection string's ContinueAfterRefusal
    /// where it is not set. The command fails all the same, and says how many changes were made.
    /// </summary>
    public bool ContinueAfterRefusal
    {
        get => _continues ?? _connection?.DefaultContinue ?? false;
        set => _continues = value;
    }

    /// <summary>Text, StoredProcedure or TableDirect.</summary>
    public override CommandType CommandType
    {
        get => _type;
        set => _type = Enum.IsDefined(value)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "There is no such type of commands.");
    }

    /// <inheritdoc/>
    public override bool DesignTimeVisible { get; set; }

    /// <inheritdoc/>
    public override UpdateRowSource UpdatedRowSource { get; set; }

    /// <summary>The connection.</summary>
    /// <exception cref="InvalidOperationException">It is set while the command's reader is open.</exception>
    public new SluiceConnection? Connection
    {
        get => _connection;
        set
        {
            RequireNoReader();
            _connection = value;
        }
    }

    /// <summary>The transaction: that of the connection, when it has begun one.</summary>
    public new SluiceTransaction? Transaction { get; set; }

    /// <summary>The values of the queries' parameters.</summary>
    public new SluiceParameterCollection Parameters => _parameters;

    /// <inheritdoc/>
    protected override DbConnection? DbConnection { get => _connection; set => Connection = (SluiceConnection?)value; }

    /// <inheritdoc/>
    protected override DbParameterCollection DbParameterCollection => _parameters;

    /// <inheritdoc/>
    protected override DbTransaction? DbTransaction { get => Transaction; set => Transaction = (SluiceTransaction?)value; }

    /// <summary>Stops the command within a page, from any thread; without anything to stop it does nothing.</summary>
    public override void Cancel() => _execution?.Cancel();

    /// <summary>Plans the queries, so that what is wrong with them shows; it costs no request.</summary>
    /// <exception cref="SluiceDbException">A query is wrong.</exception>
    public override void Prepare() => Blocking.Run(() => PrepareAsync(CancellationToken.None));

    /// <inheritdoc cref="Prepare"/>
    public override async Task PrepareAsync(CancellationToken cancellationToken = default)
    {
        var session = Require().RequireSession();
        var statements = Parse(name => _parameters.LiteralOf(name, "NULL"));
        using var execution = new Execution(CommandTimeout);
        foreach (var statement in statements)
        {
            await execution.RunAsync(stop => StatementRows.CheckAsync(statement, session, stop), cancellationToken);
        }
    }

    /// <summary>Runs the statements and gives the number of rows that they have changed, a CALL counting as one; -1 for queries.</summary>
    public override int ExecuteNonQuery() => Blocking.Run(() => ExecuteNonQueryAsync(CancellationToken.None));

    /// <inheritdoc cref="ExecuteNonQuery"/>
    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        await using var reader = await ExecuteReaderAsync(CommandBehavior.Default, cancellationToken);
        while (await reader.NextResultAsync(cancellationToken))
        {
        }

        return reader.RecordsAffected;
    }

    /// <summary>Gives the first value of the first row; null without rows, <see cref="DBNull.Value"/> for NULL.</summary>
    public override object? ExecuteScalar() => Blocking.Run(() => ExecuteScalarAsync(CancellationToken.None));

    /// <inheritdoc cref="ExecuteScalar"/>
    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        await using var reader = await ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken) && reader.FieldCount > 0 ? reader.GetValue(0) : null;
    }

    /// <summary>Runs the first statement; its rows are computed as they are read.</summary>
    public new SluiceDataReader ExecuteReader(CommandBehavior behavior = CommandBehavior.Default) =>
        Blocking.Run(() => ExecuteReaderAsync(behavior, CancellationToken.None));

    /// <inheritdoc cref="ExecuteReader"/>
    public new Task<SluiceDataReader> ExecuteReaderAsync(CancellationToken cancellationToken = default) =>
        ExecuteReaderAsync(CommandBehavior.Default, cancellationToken);

    /// <inheritdoc cref="ExecuteReader"/>
    public new async Task<SluiceDataReader> ExecuteReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken = default)
    {
        var connection = Require();
        cancellationToken.ThrowIfCancellationRequested();
        var statements = Parse(name => _parameters.LiteralOf(name));
        var reader = new SluiceDataReader(this, connection, new Queue<SqlStatement>(statements), behavior);
        connection.Take(reader);
        (_reader, _execution) = (reader, reader.Execution);
        try
        {
            await reader.NextResultAsync(cancellationToken);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override DbParameter CreateDbParameter() => new SluiceParameter();

    /// <inheritdoc/>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => ExecuteReader(behavior);

    /// <inheritdoc/>
    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        await ExecuteReaderAsync(behavior, cancellationToken);

    internal void Release(SluiceDataReader reader)
    {
        if (ReferenceEquals(_reader, reader))
        {
            (_reader, _execution) = (null, null);
        }
    }

    private SluiceConnection Require()
    {
        var connection = _connection ?? throw new InvalidOperationException("The command has no connection.");
        connection.RequireSession();
        if (_text.Length == 0)
        {
            throw new InvalidOperationException("The command has no text.");
        }

        if (!ReferenceEquals(connection.Transaction, Transaction) && (Transaction?.Connection is not null || connection.Transaction is not null))
        {
            throw new InvalidOperationException(
                "The command has another transaction than its connection: set its Transaction to the one that BeginTransaction gave.");
        }

        return connection;
    }

    private void RequireNoReader()
    {
        if (_reader is not null)
        {
            throw new InvalidOperationException("The command has an open reader: close it before the command is changed.");
        }
    }

    // Parameters without a name stand by their places.
    private string CallText(Func<string, string?> literalOf)
    {
        var arguments = _parameters.Cast<SluiceParameter>().Select((parameter, place) => parameter.PlainName is { Length: > 0 } name
            ? $"{DuckDBIdentifier.Quote(name)} := {literalOf(name)}"
            : literalOf(string.Create(CultureInfo.InvariantCulture, $"{place + 1}")));
        return $"CALL {DuckDBIdentifier.Quote(_text)}({string.Join(", ", arguments)})";
    }

    private IReadOnlyList<SqlStatement> Parse(Func<string, string?> literalOf)
    {
        try
        {
            return _type switch
            {
                CommandType.TableDirect => SqlStatement.ParseAll($"SELECT * FROM {DuckDBIdentifier.Quote(_text)}", _ => null),
                CommandType.StoredProcedure => SqlStatement.ParseAll(CallText(literalOf), _ => null),
                _ => SqlStatement.ParseAll(_text, literalOf),
            };
        }
        catch (SluiceException error)
        {
            throw SluiceDbException.From(error);
        }
    }
}

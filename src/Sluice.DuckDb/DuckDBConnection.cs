using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Sluice.DuckDb.Execution;
using Sluice.DuckDb.Native;

namespace Sluice.DuckDb;

/// <summary>
/// A connection to a DuckDB database. One thread at a time may use it; only <see cref="Interrupt"/> and
/// <see cref="GetQueryProgress"/> may be called from another. Connections of one process to the same file share one
/// database, opened with the settings of the first: a later connection that names other settings is refused.
/// </summary>
public sealed class DuckDBConnection : DbConnection
{
    private DuckDBConnectionStringBuilder _source = [];
    private DatabaseInstance? _instance;
    private ConnectionHandle? _handle;
    private readonly HashSet<IDisposable> _children = [];
    private bool _disposed;

    /// <summary>Makes a closed connection without a connection string.</summary>
    public DuckDBConnection()
    {
    }

    /// <summary>Makes a closed connection, for example to <c>Data Source=file.duckdb;memory_limit=128MB;threads=2</c>.</summary>
    /// <exception cref="ArgumentException">The connection string is malformed.</exception>
    public DuckDBConnection(string connectionString) => _source = new DuckDBConnectionStringBuilder(connectionString);

    /// <inheritdoc />
    [AllowNull]
    public override string ConnectionString
    {
        get => _source.ConnectionString;
        set
        {
            if (_handle is not null)
                throw new InvalidOperationException("The connection string can't change while the connection is open.");
            _source = new DuckDBConnectionStringBuilder(value ?? "");
        }
    }

    /// <inheritdoc />
    public override string DataSource => _source.DataSource;

    /// <summary>The name of the current catalog.</summary>
    public override string Database => _handle is null ? "" : (string)this.Scalar("SELECT current_database()");

    /// <summary>The version of libduckdb, for example <c>v1.5.6</c>.</summary>
    public override string ServerVersion => LibraryVersion;

    /// <inheritdoc />
    public override ConnectionState State => _handle is null ? ConnectionState.Closed : ConnectionState.Open;

    /// <summary>The version of libduckdb, for example <c>v1.5.6</c>.</summary>
    /// <exception cref="DllNotFoundException">libduckdb is not there; the message names the paths looked at.</exception>
    public static string LibraryVersion
    {
        get
        {
            NativeLibraryLoader.Register();
            return NativeText.Borrowed(NativeMethods.duckdb_library_version()) ?? "";
        }
    }

    /// <summary>The transaction begun by <see cref="BeginTransaction()"/> and not yet ended.</summary>
    internal DuckDBTransaction? Transaction { get; set; }

    /// <summary>The reader whose rows are still being computed; DuckDB allows one a connection.</summary>
    internal DuckDBDataReader? Stream { get; set; }

    /// <inheritdoc />
    protected override DbProviderFactory DbProviderFactory => DuckDBClientFactory.Instance;

    /// <summary>The native connection, for one call.</summary>
    internal ConnectionHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _handle ?? throw new InvalidOperationException("The connection is closed: call Open first.");
        }
    }

    /// <summary>Opens the database, or shares it when this process has it open.</summary>
    /// <exception cref="DuckDBException">DuckDB can't open it; a lock of another process is told by <see cref="DuckDBException.LockHolderPid"/>.</exception>
    /// <exception cref="InvalidOperationException">It is open already, here or with other settings elsewhere in this process.</exception>
    public override void Open()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_handle is not null)
            throw new InvalidOperationException("The connection is already open.");
        Attach(DatabaseRegistry.Acquire(_source));
    }

    /// <inheritdoc />
    public override Task OpenAsync(CancellationToken cancellationToken) => Task.Run(Open, cancellationToken);

    /// <summary>Closes the connection, ending its readers and rolling back its transaction; the last one closes the database.</summary>
    public override void Close()
    {
        if (_handle is null)
            return;
        // Whatever is left open would keep the native database, and its file, open behind the registry's back.
        foreach (var child in _children.ToArray())
            child.Dispose();
        _children.Clear();
        Stream = null;
        Transaction = null;
        Detach();
        OnStateChange(new StateChangeEventArgs(ConnectionState.Open, ConnectionState.Closed));
    }

    /// <summary>Asks the statement that runs on this connection to end; callable from any thread, no effect when none runs.</summary>
    public void Interrupt()
    {
        try
        {
            if (_handle is { } handle)
                NativeMethods.duckdb_interrupt(handle);
        }
        catch (ObjectDisposedException)
        {
            // Closed by its own thread just now: nothing runs any more.
        }
    }

    /// <summary>How far the running statement is; callable from any thread. Needs <c>SET enable_progress_bar = true</c>.</summary>
    public DuckDBQueryProgress GetQueryProgress()
    {
        var progress = NativeMethods.duckdb_query_progress(Handle);
        return new DuckDBQueryProgress(progress.Percentage, progress.RowsProcessed, progress.TotalRowsToProcess);
    }

    /// <summary>Opens another connection to the same database, also to a private one in memory.</summary>
    public DuckDBConnection Duplicate()
    {
        _ = Handle;
        var copy = new DuckDBConnection(ConnectionString);
        DatabaseRegistry.AddConnection(_instance!);
        copy.Attach(_instance!);
        return copy;
    }

    /// <summary>Makes a command on this connection.</summary>
    public new DuckDBCommand CreateCommand() => new() { Connection = this, Transaction = Transaction };

    /// <summary>Makes an appender for a table of the current catalog and schema.</summary>
    /// <exception cref="DuckDBException">There is no such table.</exception>
    public DuckDBAppender CreateAppender(string table) => CreateAppender(null, null, table);

    /// <inheritdoc cref="CreateAppender(string)" />
    public DuckDBAppender CreateAppender(string? schema, string table) => CreateAppender(null, schema, table);

    /// <summary>Makes an appender; a null catalog or schema is the current one, and without columns it takes all of the table's.</summary>
    /// <exception cref="DuckDBException">There is no such table or column.</exception>
    public DuckDBAppender CreateAppender(string? catalog, string? schema, string table, IReadOnlyList<string>? columns = null) =>
        new(this, catalog, schema, table, columns);

    /// <summary>Begins a transaction with DuckDB's snapshot isolation.</summary>
    public new DuckDBTransaction BeginTransaction() => BeginTransaction(IsolationLevel.Unspecified);

    /// <summary>Begins a transaction; DuckDB knows snapshot isolation only.</summary>
    /// <exception cref="InvalidOperationException">A transaction is under way.</exception>
    /// <exception cref="NotSupportedException">Another isolation level is asked for.</exception>
    public new DuckDBTransaction BeginTransaction(IsolationLevel isolationLevel) => new(this, isolationLevel);

    /// <summary>Makes <paramref name="databaseName"/> the current catalog or schema (<c>USE</c>).</summary>
    public override void ChangeDatabase(string databaseName) => this.Execute($"USE {DuckDBIdentifier.Quote(databaseName)}");

    /// <inheritdoc />
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => BeginTransaction(isolationLevel);

    /// <inheritdoc />
    protected override DbCommand CreateDbCommand() => CreateCommand();

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Close();
        else if (_handle is not null)
            // Forgotten: SafeHandles outlive ordinary finalizers, so the file can still be let go.
            Detach();
        _disposed = true;
        base.Dispose(disposing);
    }

    /// <summary>Makes an object end with the connection.</summary>
    internal void Track(IDisposable child) => _children.Add(child);

    internal void Untrack(IDisposable child) => _children.Remove(child);

    private void Detach()
    {
        _handle?.Dispose();
        _handle = null;
        if (_instance is { } instance)
            DatabaseRegistry.Release(instance);
        _instance = null;
    }

    private void Attach(DatabaseInstance instance)
    {
        try
        {
            _handle = instance.Connect();
            _instance = instance;
        }
        catch
        {
            DatabaseRegistry.Release(instance);
            throw;
        }
        OnStateChange(new StateChangeEventArgs(ConnectionState.Closed, ConnectionState.Open));
        ApplySessionSettings();
    }

    private void ApplySessionSettings()
    {
        try
        {
            foreach (var (name, value) in _source.SessionSettings())
                this.Execute($"SET SESSION {DuckDBIdentifier.Quote(name)} = {DuckDBLiteral.Quote(value)}");
        }
        catch
        {
            Close();
            throw;
        }
    }
}

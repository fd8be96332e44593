using System.Data;
using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using DuckDB.NET.Data;

namespace Sluice.Engine.DuckDb;

/// <summary>
/// A connection to a DuckDB database with Sluice's settings. Its statements run on a pool thread and end when their token is cancelled; rows are
/// computed as they are read, and until a reader is at its end or closed its connection can run nothing else.
/// </summary>
/// <param name="connectionString">As <see cref="DuckDbSettings.ConnectionString"/> makes it; the first connection of the process to a file
/// decides.</param>
public sealed class InterruptibleConnection(string connectionString) : DuckDBConnection(connectionString)
{
    private string _catalog = "";

    /// <summary>The name of the database in SQL, which is called after its file.</summary>
    public override string Database => _catalog;

    /// <summary>Opens the database, or shares it when this process has it open.</summary>
    public override void Open()
    {
        base.Open();
        try
        {
            using var command = CreateCommand();
            command.CommandText = DuckDbSettings.Session;
            command.ExecuteNonQuery();
            if (_catalog.Length == 0)
            {
                ReadDatabase(command);
            }
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Opens the database on a pool thread.</summary>
    public override Task OpenAsync(CancellationToken cancellationToken) => Task.Run(Open, cancellationToken);

    /// <summary>Opens another connection to the same database.</summary>
    public new InterruptibleConnection Duplicate()
    {
        var copy = new InterruptibleConnection(ConnectionString) { _catalog = _catalog };
        copy.Open();
        return copy;
    }

    /// <summary>Makes a command on this connection.</summary>
    public override InterruptibleCommand CreateCommand() => new() { Connection = this };

    // The package shares open databases by name without regard to case, where A.duckdb and a.duckdb can be two files.
    private void ReadDatabase(DuckDBCommand command)
    {
        command.CommandText = "SELECT database_name, path FROM duckdb_databases() WHERE database_name = current_database()";
        using var reader = command.ExecuteReader();
        reader.Read();
        _catalog = reader.GetString(0);
        var opened = reader.IsDBNull(1) ? null : reader.GetString(1);
        reader.ReadToEnd();
        if (OperatingSystem.IsLinux() && opened is not null && !string.Equals(opened, DataSource, StringComparison.Ordinal))
        {
            throw DuckDbErrors.NameInUse(DataSource, opened);
        }
    }
}

/// <summary>
/// A statement that runs on a pool thread and is interrupted when its token is cancelled; the package's own would run on the caller's thread.
/// </summary>
public sealed partial class InterruptibleCommand : DuckDBCommand
{
    /// <summary>Runs the statements and gives the number of rows that they changed.</summary>
    public override int ExecuteNonQuery()
    {
        InlineTextsWithNul();
        UseStreamingMode = false;
        return base.ExecuteNonQuery();
    }

    /// <inheritdoc cref="ExecuteNonQuery" />
    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) => RunAsync(ExecuteNonQuery, cancellationToken);

    /// <summary>Runs the statement and gives the first value of the first row; null when there is none.</summary>
    public override object? ExecuteScalar()
    {
        using var reader = ExecuteReader();
        var value = reader.Read() ? reader.GetValue(0) : null;
        reader.ReadToEnd();
        return value;
    }

    /// <inheritdoc cref="ExecuteScalar" />
    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) => RunAsync(ExecuteScalar, cancellationToken);

    /// <summary>Runs the statements and reads their rows as DuckDB computes them, so that big results need no memory.</summary>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior)
    {
        InlineTextsWithNul();
        UseStreamingMode = true;
        return base.ExecuteDbDataReader(behavior);
    }

    /// <inheritdoc cref="ExecuteDbDataReader" />
    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        var reader = await RunAsync(() => ExecuteDbDataReader(behavior), cancellationToken);
        if (!cancellationToken.IsCancellationRequested)
        {
            return reader;
        }

        // The interrupt may have reached the stream just after its start.
        await reader.DisposeAsync();
        throw new OperationCanceledException(cancellationToken);
    }

    private async Task<T> RunAsync<T>(Func<T> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return await Task.Run(() => Interruptible(work, cancel), CancellationToken.None);
    }

    private T Interruptible<T>(Func<T> work, CancellationToken cancel)
    {
        using var scope = new InterruptScope(this, cancel);
        try
        {
            return work();
        }
        catch (Exception error) when (cancel.IsCancellationRequested && IsInterrupt(error))
        {
            throw new OperationCanceledException("The statement was cancelled.", error, cancel);
        }
    }

    // An interrupt that meets the statement while it is prepared is an error like others.
    private static bool IsInterrupt(Exception error) =>
        error is OperationCanceledException || (error is DuckDBException && error.Message.StartsWith("INTERRUPT Error", StringComparison.Ordinal));

    // The package binds text up to its first U+0000 only, which would cut it off without a word.
    private void InlineTextsWithNul()
    {
        var texts = Parameters.Cast<DuckDBParameter>()
            .Where(parameter => parameter.Value is string text && text.Contains('\0', StringComparison.Ordinal))
            .ToDictionary(parameter => $"${parameter.ParameterName}", StringComparer.Ordinal);
        if (texts.Count > 0)
        {
            CommandText = ParameterName()
                .Replace(CommandText, name => texts.TryGetValue(name.Value, out var found) ? DuckDBLiteral.Quote((string)found.Value!) : name.Value);
            texts.Values.ToList().ForEach(Parameters.Remove);
        }
    }

    [GeneratedRegex(@"\$\w+", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex ParameterName();
}

/// <summary>
/// While it lasts, cancelling the token interrupts what runs on the command's connection. DuckDB forgets an interrupt that comes
/// just before a statement starts, so it is repeated until the scope ends, and never reaches what runs after it.
/// </summary>
internal sealed class InterruptScope : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly DuckDBCommand _command;
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private bool _ended;

    public InterruptScope(DuckDBCommand command, CancellationToken cancel)
    {
        _command = command;
        _registration = cancel.UnsafeRegister(static scope => ((InterruptScope)scope!).Start(), this);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _timer?.Dispose();
        }

        _registration.Dispose();
    }

    private void Start()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _timer = TimeProvider.System.CreateTimer(static scope => ((InterruptScope)scope!).Interrupt(), this, TimeSpan.Zero, Interval);
            }
        }
    }

    private void Interrupt()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _command.Cancel();
            }
        }
    }
}

/// <summary>How DuckDB is opened: bounded memory, and times shown in UTC.</summary>
public static class DuckDbSettings
{
    /// <summary>
    /// What DuckDB must not do, for it makes wrong rows: 1.5.6 pushes a join's filter below LIMIT by race. Queries that are not Sluice's own may need
    /// more to be off.
    /// </summary>
    public const string WrongOptimizers = "join_filter_pushdown";

    /// <summary>What is set on each connection.</summary>
    internal const string Session = "SET TimeZone = 'UTC'";

    /// <summary>Opens a database file, and makes it when there is none.</summary>
    public static async Task<InterruptibleConnection> OpenAsync(string path, CancellationToken cancel)
    {
        var connection = new InterruptibleConnection(ConnectionString(path));
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The connection string for a file.</summary>
    public static string ConnectionString(string path)
    {
        var builder = new DuckDBConnectionStringBuilder { DataSource = RealPath(path) };
        builder["memory_limit"] = string.Create(CultureInfo.InvariantCulture, $"{MemoryBudget.OfProcess.DuckDb}B");

        // One thread: it compresses while the other core reads pages; two would spill to disk under this memory limit and be slower.
        builder["threads"] = "1";

        // DuckDB's allocator keeps what it has freed: without these a million rows leave 140 MB more in the process than they need.
        builder["allocator_flush_threshold"] = "8MB";
        builder["allocator_bulk_deallocation_flush_threshold"] = "16MB";
        // To see whether a dictionary would be smaller, DuckDB gathers it outside of the memory limit: 150 MB more for a million rows of 1 kB, and a
        // fifth more processor time. Files are no smaller for it, for texts that repeat are short in FSST too.
        builder["disabled_compression_methods"] = "dictionary,dict_fsst";
        builder["disabled_optimizers"] = WrongOptimizers;

        // Nothing is fetched behind anybody's back.
        builder["autoinstall_known_extensions"] = "false";
        builder["autoload_known_extensions"] = "false";
        return builder.ConnectionString;
    }

    // One name for one file: DuckDB would open it a second time by another name, and two instances spoil it.
    private static string RealPath(string path)
    {
        var full = Path.GetFullPath(path);
        return File.Exists(full) && File.ResolveLinkTarget(full, returnFinalTarget: true) is { } target ? target.FullName : full;
    }
}

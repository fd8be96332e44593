using System.Collections.Concurrent;
using System.Data.Common;
using DuckDB.NET.Data;
using Sluice.Destinations;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;

namespace Sluice.ServerTests.Destinations.Example;

/// <summary>Connections to one Example file.</summary>
internal sealed class ExampleDatabase(FileAddress address) : RelationalDatabase, IRowWriter
{
    private const string Incoming = "_sluice_incoming";
    private const string Again = "What was fetched is kept: run the same command again.";

    // Only one process has a file open, so that all who write to it meet here; a server has locks for that.
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Writers = new(StringComparer.Ordinal);

    private readonly InterruptibleConnection _first = new(DuckDbSettings.ConnectionString(address.Path));

    public override SqlDialect Dialect { get; } = new ExampleDialect();

    /// <summary>Opens the file, and keeps it open.</summary>
    public Task ConnectAsync(CancellationToken cancel) => _first.OpenAsync(cancel);

    public override Task<DbSession> OpenAsync(CancellationToken cancel) => OpenAsync(null, cancel);

    public override async Task<DbSession> BeginAsync(CancellationToken cancel)
    {
        var writer = Writers.GetOrAdd(address.Path, _ => new SemaphoreSlim(1));
        await writer.WaitAsync(cancel);
        var session = await OpenAsync(new Turn(writer), cancel);
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

    public async Task<long> WriteAsync(
        DbSession session, string table, IReadOnlyList<LoadColumn> columns, bool isNew, DuckDBDataReader rows, CancellationToken cancel)
    {
        var defined = columns.Select(column => $"{Dialect.Quote(column.Name)} {Dialect.Type(column.Type)}");
        await session.RunAsync(Dialect.CreateTemporary(Incoming, string.Join(", ", defined)), cancel);
        using (var appender = ((InterruptibleConnection)session.Connection).CreateAppender("temp", null, Incoming))
        {
            while (await rows.ReadAsync(cancel))
            {
                var row = appender.CreateRow();
                for (var place = 0; place < columns.Count; place++)
                {
                    Append(row, rows, place, columns[place].Type);
                }

                row.EndRow();
            }
        }

        var names = string.Join(", ", columns.Select(column => Dialect.Quote(column.Name)));
        var written = await session.RunAsync($"INSERT INTO {table} ({names}) SELECT {names} FROM {Dialect.Temporary(Incoming)}", cancel);
        await session.RunAsync($"DROP TABLE {Dialect.Temporary(Incoming)}", cancel);
        return written;
    }

    // The driver's appender cuts text at U+0000.
    public override string? UnsupportedWhen(string column, ColumnType type) => type == ColumnType.Text ? $"contains({column}, chr(0))" : null;

    public override SluiceException Explain(string doing, DbException error) =>
        error is DuckDBException busy && DuckDbErrors.LockHolderOf(busy) is var (_, process)
            ? new SluiceException(
                SluiceErrorKind.Destination, $"{address.Path} is in use by process {process}.", $"Wait for it or close it. {Again}", error)
            {
                IsTransient = true,
            }
            : new SluiceException(SluiceErrorKind.Destination, $"{doing} failed at {address.Path}: {error.Message.Split('\n')[0]}", Again, error);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _first.DisposeAsync();
    }

    // If it can't be opened, the session gives the turn back.
    private async Task<DbSession> OpenAsync(IDisposable? turn, CancellationToken cancel)
    {
        var session = new DbSession(new InterruptibleConnection(_first.ConnectionString), Dialect, turn);
        try
        {
            await session.Connection.OpenAsync(cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    private static IDuckDBAppenderRow Append(IDuckDBAppenderRow row, DuckDBDataReader rows, int place, ColumnType type) => type switch
    {
        _ when rows.IsDBNull(place) => row.AppendNullValue(),
        ColumnType.Bigint => row.AppendValue(rows.GetInt64(place)),
        ColumnType.Double => row.AppendValue(rows.GetDouble(place)),
        ColumnType.Boolean => row.AppendValue(rows.GetBoolean(place)),
        ColumnType.Timestamp => row.AppendValue(DateTime.UnixEpoch.AddTicks(rows.GetInt64(place) * TimeSpan.TicksPerMicrosecond)),
        _ => row.AppendValue(rows.GetString(place)),
    };

    private sealed class Turn(SemaphoreSlim writer) : IDisposable
    {
        public void Dispose() => writer.Release();
    }
}

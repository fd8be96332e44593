using System.Collections.Concurrent;
using System.Data.Common;
using Sluice.Destinations;
using Sluice.Destinations.Relational;
using Sluice.DuckDb;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.ServerTests.Destinations.Example;

/// <summary>Connections to one Example file.</summary>
internal sealed class ExampleDatabase(FileAddress address) : RelationalDatabase
{
    private const string Again = "What was fetched is kept: run the same command again.";

    // Only one process has a file open, so that all who write to it meet here; a server has locks for that.
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Writers = new(StringComparer.Ordinal);

    private readonly string _connection = new DuckDBConnectionStringBuilder
    {
        DataSource = address.Path,
        ["memory_limit"] = "128MB",
        ["threads"] = "1",
        ["TimeZone"] = "UTC",
    }.ConnectionString;

    public override SqlDialect Dialect { get; } = new ExampleDialect();

    public override Task<Session> OpenAsync(CancellationToken cancel) => OpenAsync(null, cancel);

    public override async Task<Session> BeginAsync(CancellationToken cancel)
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

    public override async Task<long> WriteAsync(
        Session session, string table, IReadOnlyList<LoadColumn> columns, bool isNew, DuckDBDataReader rows, CancellationToken cancel)
    {
        var names = string.Join(", ", columns.Select(column => Dialect.Quote(column.Name)));
        var values = columns.Select((_, place) => (Name: $"v{place}", Value: (object?)null)).ToArray();
        var places = string.Join(", ", values.Select(value => Dialect.Parameter(value.Name)));
        await using var insert = session.Command($"INSERT INTO {table} ({names}) VALUES ({places})", values);
        await insert.PrepareAsync(cancel);
        var written = 0L;
        while (await rows.ReadAsync(cancel))
        {
            for (var place = 0; place < columns.Count; place++)
            {
                insert.Parameters[place].Value = ValueOf(rows, place, columns[place].Type);
            }

            written += await insert.ExecuteNonQueryAsync(cancel);
        }

        return written;
    }

    public override SluiceException Explain(string doing, DbException error) => error is DuckDBException { LockHolderPid: { } process }
        ? new SluiceException(SluiceErrorKind.Destination, $"{address.Path} is in use by process {process}.", $"Wait for it or close it. {Again}", error) { IsTransient = true }
        : new SluiceException(SluiceErrorKind.Destination, $"{doing} failed at {address.Path}: {error.Message.Split('\n')[0]}", Again, error);

    // If it can't be opened, the session gives the turn back.
    private async Task<Session> OpenAsync(IDisposable? turn, CancellationToken cancel)
    {
        var session = new Session(new DuckDBConnection(_connection), Dialect, turn);
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

    private static object ValueOf(DuckDBDataReader rows, int place, ColumnType type) =>
        rows.IsDBNull(place) ? DBNull.Value
        : type == ColumnType.Timestamp ? DateTimeOffset.UnixEpoch.AddTicks(rows.GetInt64(place) * TimeSpan.TicksPerMicrosecond)
        : rows.GetValue(place);

    private sealed class Turn(SemaphoreSlim writer) : IDisposable
    {
        public void Dispose() => writer.Release();
    }
}

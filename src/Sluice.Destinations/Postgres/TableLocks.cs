using System.Globalization;
using Sluice.Destinations.Merge;
using Sluice.Engine;

namespace Sluice.Destinations.Postgres;

/// <summary>
/// The tables that this run loads, held by advisory locks in one transaction that stays open and changes nothing: a second run is told before it
/// reads a page. Should the connection break, what is committed is still safe by the table's epoch.
/// </summary>
internal sealed class TableLocks(PostgresDatabase database) : IAsyncDisposable
{
    // Of the transaction, not of the session: behind a connection pool a session's locks would outlive the run.
    private const string Take = "SELECT CASE WHEN pg_try_advisory_xact_lock(hashtextextended(@name, 0)) THEN 1 ELSE 0 END";

    private const string Holder = """
        SELECT a.pid, coalesce(host(a.client_addr), 'this machine'), a.backend_start
        FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
        WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
          AND (l.classid::bigint << 32) | l.objid::bigint = hashtextextended(@name, 0)
        """;

    private const int Attempts = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly SemaphoreSlim _turn = new(1);
    private DbSession? _session;

    /// <exception cref="SluiceException">Another run loads the table (kind Destination, transient).</exception>
    public async Task TakeAsync(string schema, string table, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            var name = ("name", (object?)$"sluice run of {schema}.{table}");
            _session ??= await database.BeginAsync(cancel);
            if (!await TryAsync(_session, name, cancel))
            {
                throw Taken($"{schema}.{table}", await _session.ListAsync(
                    Holder,
                    row => string.Create(
                        CultureInfo.InvariantCulture,
                        $" (process {row.GetInt32(0)} from {row.GetString(1)}, since {row.GetDateTime(2):yyyy-MM-dd HH:mm:ss}Z)"),
                    cancel,
                    name));
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    // A run that was killed a moment ago may still have its connection.
    private static async Task<bool> TryAsync(DbSession session, (string Name, object? Value) name, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await session.ScalarAsync(Take, cancel, name) == 1)
            {
                return true;
            }

            if (attempt == Attempts)
            {
                return false;
            }

            await Task.Delay(Pause, cancel);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _turn.Dispose();
        await (_session?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static SluiceException Taken(string table, IReadOnlyList<string> holders) => new(
        SluiceErrorKind.Destination,
        $"{table} is being loaded by another run{string.Concat(holders.Take(1))}: nothing was read for it.",
        "Run the same command again when that one has ended; SELECT * FROM pg_stat_activity shows it.")
    {
        IsTransient = true,
    };
}

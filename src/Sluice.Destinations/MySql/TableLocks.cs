using System.Globalization;
using Sluice.Engine;
using Sluice.Destinations.Merge;

namespace Sluice.Destinations.MySql;

/// <summary>
/// The tables that this run loads, held by locks of one connection that stays open: a second run is told before it reads a page. Should the
/// connection break, what is committed is still safe by the table's epoch.
/// </summary>
internal sealed class TableLocks(MySqlDatabase database) : IAsyncDisposable
{
    // A run that was killed a moment ago may still have its connection.
    private const int PatienceSeconds = 2;

    private readonly SemaphoreSlim _turn = new(1);
    private DbSession? _session;

    /// <exception cref="SluiceException">Another run loads the table (kind Destination, transient).</exception>
    public async Task TakeAsync(string schema, string table, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            var lockOf = $"run of {database.Dialect.Table(schema, table)}";
            _session ??= await database.OpenAloneAsync(cancel);
            if (!await NamedLock.TryAsync(_session, lockOf, PatienceSeconds, cancel))
            {
                throw Taken($"{schema}.{table}", await _session.ScalarAsync(
                    "SELECT coalesce(IS_USED_LOCK(@name), 0)", cancel, ("name", NamedLock.NameOf(lockOf))));
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _turn.Dispose();
        await (_session?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static SluiceException Taken(string table, long connection) => new(
        SluiceErrorKind.Destination,
        $"{table} is being loaded by another run" + (connection > 0
            ? string.Create(CultureInfo.InvariantCulture, $" (connection {connection}): nothing was read for it.")
            : ": nothing was read for it."),
        "Run the same command again when that one has ended; SHOW PROCESSLIST shows it.")
    {
        IsTransient = true,
    };
}

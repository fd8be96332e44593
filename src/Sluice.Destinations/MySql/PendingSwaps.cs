using Sluice.Destinations.Merge;

namespace Sluice.Destinations.MySql;

/// <summary>
/// New tables that wait to take their place. RENAME TABLE can't be part of a transaction; so the transaction that writes the ledger notes here that
/// it is to be done, and whoever comes next does it: the load itself, or, should it die in between, whoever looks at the schema then. Until the
/// commit there is no note, and the new table is nothing but a leftover that the next load drops.
/// </summary>
internal sealed class PendingSwaps(MySqlNames names)
{
    private const string Notes = "_sluice_swaps";
    private const string Old = "_sluice_old_";

    /// <summary>Makes the table of notes.</summary>
    public Task CreateAsync(DbSession session, string schema, CancellationToken cancel) => session.RunAsync(
        $"CREATE TABLE IF NOT EXISTS {names.Table(schema, Notes)} (table_name VARCHAR(64) NOT NULL PRIMARY KEY, made VARCHAR(64) NOT NULL) " +
            "COLLATE utf8mb4_bin",
        cancel);

    /// <summary>Notes that a new table takes the place of another one, as soon as the transaction is committed.</summary>
    public async Task AddAsync(DbSession session, string schema, string made, string table, CancellationToken cancel)
    {
        await RemoveAsync(session, schema, table, cancel);
        await session.RunAsync(
            $"INSERT INTO {names.Table(schema, Notes)} (table_name, made) VALUES (@table, @made)", cancel, ("table", table), ("made", made));
    }

    /// <summary>Does what is noted, each under the lock of its table.</summary>
    public async Task FinishAsync(DbSession session, string schema, CancellationToken cancel)
    {
        if (!await HasAsync(session, schema, Notes, cancel))
        {
            return;
        }

        foreach (var (table, _) in await ReadAsync(session, schema, cancel))
        {
            var what = LockOf(schema, table);
            await NamedLock.TakeAsync(session, what, cancel);
            try
            {
                await FinishAsync(session, schema, table, cancel);
            }
            finally
            {
                await NamedLock.ReleaseAsync(session, what);
            }
        }
    }

    /// <summary>The lock that whoever changes a table holds.</summary>
    public string LockOf(string schema, string table) => $"table {names.Table(schema, table)}";

    // Another one may have done it while this one waited for the lock.
    private async Task FinishAsync(DbSession session, string schema, string table, CancellationToken cancel)
    {
        if ((await ReadAsync(session, schema, cancel)).FirstOrDefault(note => note.Table == table) is not { Made: { } made })
        {
            return;
        }

        var (live, old) = (names.Table(schema, table), names.Table(schema, MySqlNames.Limit.Short(Old, table, "")));
        if (await HasAsync(session, schema, made, cancel))
        {
            await session.RunAsync($"DROP TABLE IF EXISTS {old}", cancel);
            var away = await HasAsync(session, schema, table, cancel) ? $"{live} TO {old}, " : "";
            await session.RunAsync($"RENAME TABLE {away}{names.Table(schema, made)} TO {live}", cancel);
        }

        await session.RunAsync($"DROP TABLE IF EXISTS {old}", cancel);
        await RemoveAsync(session, schema, table, cancel);
        await session.RunAsync("COMMIT", cancel);
    }

    private Task<IReadOnlyList<(string Table, string Made)>> ReadAsync(DbSession session, string schema, CancellationToken cancel) =>
        session.ListAsync(
            $"SELECT table_name, made FROM {names.Table(schema, Notes)}", row => (row.GetString(0), row.GetString(1)), cancel);

    private Task<long> RemoveAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        session.RunAsync($"DELETE FROM {names.Table(schema, Notes)} WHERE table_name = @table", cancel, ("table", table));

    private async Task<bool> HasAsync(DbSession session, string schema, string table, CancellationToken cancel) =>
        await session.ScalarAsync(
            MySqlCatalog.HasTable, cancel, ("schema", names.DatabaseOf(schema)), ("table", names.Bare(schema, table))) > 0;
}

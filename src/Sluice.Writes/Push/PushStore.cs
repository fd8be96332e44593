using DuckDB.NET.Data;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Writes.Journal;

namespace Sluice.Writes.Push;

/// <summary>
/// What a push has sent for each key: a file of its own in the work folder, which only one process has at a time. A fingerprint tells changed rows;
/// what was sent is kept beside it, unless it is long, so that a dry run can show what a row was.
/// </summary>
internal sealed class PushStore : IAsyncDisposable
{
    // A fingerprint that no row has: what Customer.io has for this key is not known for sure, and the next push sends it in any case.
    private const int Uncertain = 0;

    private readonly InterruptibleConnection _connection;
    private readonly FileStream _lock;
    private readonly string? _forgotten;

    private PushStore(InterruptibleConnection connection, FileStream held, ItemFile items, string? forgotten) =>
        (_connection, _lock, Items, _forgotten) = (connection, held, items, forgotten);

    /// <summary>What is to be sent for each row of the source.</summary>
    public ItemFile Items { get; }

    /// <summary>Opens what is known of a push; for a dry run of one that was never made nothing is left of it.</summary>
    /// <exception cref="SluiceException">Another process has it, or the work folder can't be written.</exception>
    public static async Task<PushStore> OpenAsync(PushSettings settings, CancellationToken cancel)
    {
        var path = PathOf(settings);
        var isNew = !File.Exists(path);
        var held = Lock(path, settings.Name);
        try
        {
            if (isNew)
            {
                await MakeAsync(path, cancel);
            }

            var connection = await DuckDbSettings.OpenAsync(path, cancel);
            await connection.RunAsync(
                """
                CREATE TABLE IF NOT EXISTS sent (key VARCHAR, fingerprint UBIGINT, filled INTEGER, item VARCHAR, journal VARCHAR);
                CREATE TABLE IF NOT EXISTS begun (token VARCHAR);
                CREATE OR REPLACE TABLE now (
                    file INTEGER, line BIGINT, key VARCHAR, fingerprint UBIGINT, filled INTEGER, item VARCHAR, start BIGINT, length INTEGER)
                """,
                cancel);
            return new PushStore(connection, held, new ItemFile(path + ".items"), isNew && settings.IsDryRun ? path : null);
        }
        catch (DuckDBException error)
        {
            await held.DisposeAsync();
            throw DuckDbErrors.Opening(path, error);
        }
        catch
        {
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says of errors of the store what to do.</summary>
    /// <exception cref="SluiceException">The file can't be read or written (kind Destination).</exception>
    public static async Task<T> TellAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is DuckDBException or IOException)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"What was pushed before can't be read or kept: {error.Message.Split('\n')[0]}",
                error is DuckDBException failed && DuckDbErrors.IsOutOfMemory(failed)
                    ? MemoryBudget.OfProcess.Advice
                    : "Make room on the disk of the work folder, then run the same command again: it goes on.",
                error);
        }
    }

    /// <summary>What an earlier run was about to send when it ended; null for nothing.</summary>
    public async Task<string?> BegunAsync(CancellationToken cancel) =>
        await _connection.ListAsync("SELECT token FROM begun", row => row.GetString(0), cancel) is [var token, ..] ? token : null;

    /// <summary>Notes that what is pending is about to be sent, under the name by which its journal is found.</summary>
    public Task BeginAsync(string token, CancellationToken cancel) =>
        _connection.RunAsync("DELETE FROM begun; INSERT INTO begun VALUES ($token)", cancel, ("token", token));

    /// <summary>Takes the rows of the source.</summary>
    public DuckDBAppender Appender() => _connection.CreateAppender("now");

    /// <summary>Adds numbers of rows to a temporary table.</summary>
    public void Add(string table, IEnumerable<long> numbers)
    {
        using var appender = _connection.CreateAppender("temp", "main", table);
        foreach (var number in numbers)
        {
            appender.CreateRow().AppendValue(number).EndRow();
        }
    }

    public Task<int> RunAsync(string sql, CancellationToken cancel) => _connection.RunAsync(sql, cancel);

    public Task<long> CountAsync(string sql, CancellationToken cancel) => _connection.ScalarAsync(sql, cancel);

    public Task<IReadOnlyList<T>> ListAsync<T>(string sql, Func<DuckDBDataReader, T> read, CancellationToken cancel) =>
        _connection.ListAsync(sql, read, cancel);

    /// <summary>Rows that were pushed before.</summary>
    public Task<long> KnownAsync(CancellationToken cancel) => CountAsync("SELECT count(*) FROM sent", cancel);

    /// <summary>
    /// Takes over what became of the pending rows, in one step: done twice it does nothing. What Customer.io has not taken is left as it was and
    /// tried again by the next push, and so is what has no answer, unless it may not be repeated.
    /// </summary>
    /// <param name="journal">What is known of the requests; null when none was made.</param>
    /// <param name="isWhole">Whether the rows were replaced as a whole.</param>
    /// <param name="differing">The numbers of rows that were not read back as they were sent: the next push sends them again.</param>
    public async Task TakeOverAsync(JournalState? journal, bool isWhole, IReadOnlyCollection<long> differing)
    {
        await using var transaction = await _connection.BeginTransactionAsync(CancellationToken.None);
        if (journal is not null)
        {
            await (isWhole ? ReplaceAsync(journal) : TakeOverAsync(journal));
            await DoubtAsync(differing, isWhole);
        }

        await RunAsync("DELETE FROM begun; DROP TABLE IF EXISTS pending", CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }

    /// <summary>The keys that are unknown by some journals.</summary>
    public Task<IReadOnlyList<string>> UnknownKeysAsync(IEnumerable<string> journals, int most, CancellationToken cancel) => ListAsync(
        $"SELECT replace(key, chr(31), ' ') FROM sent WHERE journal IN ({Quoted(journals)}) ORDER BY key LIMIT {most}",
        row => row.GetString(0),
        cancel);

    /// <summary>Lets rows be sent again that are unknown by a journal that somebody has removed.</summary>
    public Task ForgetUnknownAsync(IEnumerable<string> journals, CancellationToken cancel) => RunAsync(
        $"DELETE FROM sent WHERE journal IS NOT NULL AND journal NOT IN ({Quoted(journals)})", cancel);

    public async ValueTask DisposeAsync()
    {
        Items.Dispose();
        try
        {
            await RunAsync("DROP TABLE IF EXISTS now", CancellationToken.None);
        }
        catch (DuckDBException)
        {
            // On a full disk; the next push begins with it.
        }

        await _connection.DisposeAsync();
        if (_forgotten is not null)
        {
            File.Delete(_forgotten);
        }

        await _lock.DisposeAsync();
    }

    private static string Quoted(IEnumerable<string> texts) => string.Join(", ", texts.Append("").Select(DuckDBLiteral.Quote));

    private async Task TakeOverAsync(JournalState journal)
    {
        await RunAsync("CREATE OR REPLACE TEMP TABLE refused (n BIGINT)", CancellationToken.None);
        Add("refused", journal.Batches.SelectMany(batch => batch.Failed ?? []).Select(row => row.Row));
        foreach (var (first, last, state) in RowStates.Of(journal))
        {
            var rows = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"FROM pending p WHERE p.n BETWEEN {first} AND {last} AND p.n NOT IN (SELECT n FROM refused)");
            var fingerprint = state == RowState.Uncertain ? $"{Uncertain}" : "p.fingerprint";
            var unknown = state == RowState.Unknown ? DuckDBLiteral.Quote(journal.Id) : "NULL";
            await RunAsync($"DELETE FROM sent WHERE key IN (SELECT p.key {rows})", CancellationToken.None);
            await RunAsync(
                $"INSERT INTO sent SELECT p.key, {fingerprint}, p.filled, p.item, {unknown} {rows}"
                    + (state == RowState.Uncertain ? "" : " AND NOT p.is_removal"),
                CancellationToken.None);
        }
    }

    private async Task DoubtAsync(IReadOnlyCollection<long> differing, bool isWhole)
    {
        if (differing.Count == 0)
        {
            return;
        }

        await RunAsync("CREATE OR REPLACE TEMP TABLE differing (n BIGINT)", CancellationToken.None);
        Add("differing", differing);
        var rows = isWhole ? "true" : "key IN (SELECT key FROM pending WHERE n IN (SELECT n FROM differing))";
        await RunAsync($"UPDATE sent SET fingerprint = {Uncertain} WHERE {rows}", CancellationToken.None);
    }

    private async Task ReplaceAsync(JournalState journal)
    {
        var isDone = journal.Batches.All(batch => batch.Kind == JournalEntry.Done);
        await RunAsync(
            isDone && journal.Batches.Any()
                ? "DELETE FROM sent; INSERT INTO sent SELECT key, fingerprint, filled, item, NULL FROM pending WHERE NOT is_removal"
                : journal.Batches.Any(batch => batch.Kind != JournalEntry.Refused) ? $"UPDATE sent SET fingerprint = {Uncertain}" : "SELECT 1",
            CancellationToken.None);
    }

    // Made under another name: a kill, or a full disk, would leave a file that DuckDB opens never again.
    private static async Task MakeAsync(string path, CancellationToken cancel)
    {
        var half = path + ".half";
        File.Delete(half);
        await using (await DuckDbSettings.OpenAsync(half, cancel))
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(half, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }

        File.Move(half, path);
    }

    private static string PathOf(PushSettings settings)
    {
        var what = JournalFolder.Hash(string.Join('\n', [settings.Import.Workspace, settings.Import.Target, .. settings.Key]))[..8];
        return Path.GetFullPath(Path.Combine(settings.Import.WorkFolder, "pushes", $"{settings.Name}-{what}.duckdb"));
    }

    private static FileStream Lock(string path, string name)
    {
        try
        {
            // Its owner's alone, for the files that DuckDB makes beside its own.
            WriteJournal.MakeFolder(Path.GetDirectoryName(path)!);
            return new FileStream(RegularFile.Require(path + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when ((error.HResult & 0xFFFF) is 11 or 35 or 32)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"Another process is at work on the push {name}.",
                "Wait for its end, or stop it: the next run goes on.",
                error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The work folder {Path.GetDirectoryName(path)} can't be written: {error.Message}",
                "Name another one in SLUICE_HOME.",
                error);
        }
    }
}

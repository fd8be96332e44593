using System.Diagnostics;
using System.Globalization;
using Sluice.Engine;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// One writer of a table at a time. ClickHouse has no locks, but making a table succeeds for one only: its comment names the maker, and its rows are
/// signs that the maker is alive.
/// </summary>
internal sealed class WriterLock : IAsyncDisposable
{
    private const int StaleSeconds = 60;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LockWait = TimeSpan.FromMinutes(10);

    private readonly ClickHouseDatabase _database;
    private readonly string _bare;
    private readonly CancellationTokenSource _end = new();
    private Task _beating = Task.CompletedTask;

    private WriterLock(ClickHouseDatabase database, string bare, string load)
    {
        _database = database;
        _bare = bare;
        Owner = $"{load} {Guid.NewGuid():N} {WriterOwner.Machine} {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Who holds the lock: the load, a number that nobody else has, and the process by which it is known to be dead.</summary>
    public string Owner { get; }

    private string Name => _database.Schema.Qualify(_bare);

    private (string, string)[] Values => [("database", _database.Schema.Database), ("table", _bare), ("owner", Owner)];

    /// <summary>Waits for the table to be free, and takes it.</summary>
    /// <param name="database">The schema.</param>
    /// <param name="tables">The table.</param>
    /// <param name="load">The load: what a stopped run of the same load holds is this one's.</param>
    /// <param name="time">The clock for waiting.</param>
    /// <param name="cancel">Stops waiting.</param>
    public static async Task<WriterLock> TakeAsync(
        ClickHouseDatabase database, ScratchTables tables, string load, TimeProvider time, CancellationToken cancel)
    {
        var one = new WriterLock(database, $"_sluice_lock_{tables.Bare}", load);
        var began = time.GetTimestamp();
        while (!await one.TryAsync(load, cancel))
        {
            if (time.GetElapsedTime(began) > LockWait)
            {
                throw new SluiceException(
                    SluiceErrorKind.Destination,
                    $"Another run writes {tables.Live} at {database.Server.Address} and has not come to its end in {LockWait.TotalMinutes:0} " +
                        $"minutes.",
                    $"Run the same command later. If no other run is at work: DROP TABLE {one.Name}")
                { IsTransient = true };
            }

            await Task.Delay(Pause, time, cancel);
        }

        one._beating = one.BeatAsync(time);
        return one;
    }

    /// <summary>Whether no other run has thought this one dead.</summary>
    public async Task<bool> IsHeldAsync(CancellationToken cancel) => await _database.Server.CountAsync($"SELECT count() {Mine}", cancel, Values) > 0;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _beating;
        _end.Dispose();
        try
        {
            if (await IsHeldAsync(CancellationToken.None))
            {
                await _database.Server.RunAsync(_database.Ddl.Drop(Name), CancellationToken.None);
            }
        }
        catch (ClickHouseException error) when (error.IsTransient)
        {
            // The connection is gone, and what made the run fail has been said: the lock grows old by itself.
            return;
        }
    }

    // In one statement with what it guards: a sign of life in the lock of somebody else would keep that one alive.
    private static string Mine => "FROM system.tables WHERE database = {database:String} AND name = {table:String} AND comment = {owner:String}";

    private async Task<bool> TryAsync(string load, CancellationToken cancel)
    {
        try
        {
            await _database.Server.RunAsync(_database.Ddl.CreateLock(Name, Owner), cancel);
            return true;
        }
        catch (ClickHouseException error) when (error.Code == ClickHouseException.TableExists)
        {
            await TakeOverAsync(load, cancel);
            return false;
        }
    }

    // Who takes over moves the old lock away first: that, too, succeeds for one only.
    private async Task TakeOverAsync(string load, CancellationToken cancel)
    {
        try
        {
            var found = await _database.Server.ListAsync(
                "SELECT comment, toInt64(now()) - toInt64(metadata_modification_time) FROM system.tables WHERE database = {database:String} AND " +
                    "name = {table:String}",
                row => (Owner: row.GetString(0), Age: row.GetInt64(1)),
                cancel,
                Values);
            if (
                found.Count > 0
                && (WriterOwner.IsDead(found[0].Owner, load) || (found[0].Age > StaleSeconds && await SilenceAsync(cancel) > StaleSeconds)))
            {
                var away = _database.Schema.Qualify($"{_bare}_{Guid.NewGuid():N}");
                await _database.Server.RunAsync(_database.Ddl.Rename(Name, away), cancel);
                await _database.Server.RunAsync(_database.Ddl.Drop(away), CancellationToken.None);
            }
        }
        catch (ClickHouseException error) when (error.Code == ClickHouseException.UnknownTable)
        {
            // It has been given back, or another one has taken it over, in this very moment.
            return;
        }
    }

    private Task<long> SilenceAsync(CancellationToken cancel) =>
        _database.Server.CountAsync($"SELECT toInt64(now()) - toInt64(max(at)) FROM {Name}", cancel);

    private async Task BeatAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Beat, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await SignAsync(time);
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
            return;
        }
    }

    // A server that can't be reached for a moment is asked again at the next beat; whether the lock was lost is looked at before rows become visible.
    private async Task SignAsync(TimeProvider time)
    {
        using var limit = new CancellationTokenSource(Beat, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _end.Token);
        try
        {
            await _database.Server.RunAsync($"INSERT INTO {Name} SELECT now() {Mine}", stop.Token, Values);
        }
        catch (Exception error) when (error is ClickHouseException || (error is OperationCanceledException && !_end.IsCancellationRequested))
        {
            return;
        }
    }
}

/// <summary>Tells whether the owner of a lock is dead.</summary>
internal static class WriterOwner
{
    private const string Unknown = "-";

    /// <summary>
    /// Where process numbers mean the same as here: this start of this machine, and, for containers, this space of process numbers. Names of machines
    /// don't tell: two containers can have the same. Where the system has no such number, only time can tell that an owner is dead.
    /// </summary>
    public static string Machine { get; } = Read();

    /// <summary>Whether it was a stopped run of the same load, or a process of this machine that is no more.</summary>
    public static bool IsDead(string owner, string load)
    {
        var words = owner.Split(' ');
        return owner.StartsWith($"{load} ", StringComparison.Ordinal)
            || (
                words.Length > 2
                && words[^2] == Machine
                && Machine != Unknown
                && int.TryParse(words[^1], CultureInfo.InvariantCulture, out var id)
                && !IsRunning(id));
    }

    private static string Read()
    {
        const string boot = "/proc/sys/kernel/random/boot_id";
        return File.Exists(boot) && new FileInfo("/proc/self/ns/pid").LinkTarget is { } space ? $"{File.ReadAllText(boot).Trim()}/{space}" : Unknown;
    }

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

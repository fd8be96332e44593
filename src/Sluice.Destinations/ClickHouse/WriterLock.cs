using System.Diagnostics;
using System.Globalization;
using Sluice.Engine;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// One writer of a table at a time. ClickHouse has no locks, but making a table succeeds for one only; a sign of life in it tells whether its maker is
/// still there.
/// </summary>
internal sealed class WriterLock : IAsyncDisposable
{
    private const int StaleSeconds = 60;

    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ClickHousePlace _place;
    private readonly string _bare;
    private readonly string _owner;
    private readonly CancellationTokenSource _end = new();
    private Task _beating = Task.CompletedTask;

    private WriterLock(ClickHousePlace place, string bare, string owner)
    {
        _place = place;
        _bare = bare;
        _owner = owner;
    }

    private ClickHouseClient Client => _place.Client;

    private string Name => _place.Schema.Qualify(_bare);

    /// <summary>Waits for the table to be free, and takes it.</summary>
    /// <param name="place">The schema.</param>
    /// <param name="tables">The publication.</param>
    /// <param name="load">The load: what a stopped run of the same load holds is this one's.</param>
    /// <param name="time">The clock for waiting.</param>
    /// <param name="cancel">Stops waiting.</param>
    public static async Task<WriterLock> TakeAsync(ClickHousePlace place, WorkTables tables, string load, TimeProvider time, CancellationToken cancel)
    {
        var one = new WriterLock(place, $"_sluice_lock_{tables.Bare}", $"{load} {tables.Attempt} {Environment.MachineName} {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
        var began = time.GetTimestamp();
        while (!await one.TryAsync(load, cancel))
        {
            if (time.GetElapsedTime(began) > Patience)
            {
                throw new SluiceException(
                    SluiceErrorKind.Destination,
                    $"Another run writes {tables.Live} at {place.Client.Address} and has not come to its end in {Patience.TotalMinutes:0} minutes.",
                    $"Run the same command later. If no other run is at work: DROP TABLE {one.Name}")
                { IsTransient = true };
            }

            await Task.Delay(Pause, time, cancel);
        }

        one._beating = one.BeatAsync(time);
        return one;
    }

    /// <summary>Fails if another run has thought this one dead.</summary>
    public async Task RequireAsync(CancellationToken cancel)
    {
        var isMine = (await _place.TablesAsync(cancel)).Contains(_bare)
            && await Client.CountAsync($"SELECT count() FROM {Name} WHERE owner = {{owner:String}}", cancel, ("owner", _owner)) > 0;
        if (!isMine)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination, $"Another run has taken over the table that {Name} stands for, for this one gave no sign of life.", "What was fetched is kept: run the same command again.")
            { IsTransient = true };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _beating;
        _end.Dispose();
        try
        {
            if (await IsMineAsync())
            {
                await Client.RunAsync(_place.Ddl.Drop(Name), CancellationToken.None);
            }
        }
        catch (ClickHouseException error) when (error.IsTransient || error.Code == ClickHouseException.UnknownTable)
        {
            // The connection is gone, and what made the run fail has been said: the lock grows old by itself.
            return;
        }
    }

    private async Task<bool> IsMineAsync() => await Client.CountAsync($"SELECT count() FROM {Name} WHERE owner = {{owner:String}}", CancellationToken.None, ("owner", _owner)) > 0;

    private async Task<bool> TryAsync(string load, CancellationToken cancel)
    {
        try
        {
            await Client.RunAsync(_place.Ddl.CreateLock(Name), cancel);
            await SignAsync(CancellationToken.None);
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
            var found = await Client.RowsAsync($"SELECT any(owner), toInt64(now()) - toInt64(max(at)), toInt64(count()) FROM {Name}", cancel);
            var isUnsigned = found[0][2] == "0";
            var age = isUnsigned ? await AgeAsync(cancel) : long.Parse(found[0][1]!, CultureInfo.InvariantCulture);
            if (age > StaleSeconds || (!isUnsigned && IsDead(found[0][0]!, load)))
            {
                var away = _place.Schema.Qualify($"{_bare}_{Guid.NewGuid():N}");
                await Client.RunAsync(_place.Ddl.Rename(Name, away), cancel);
                await Client.RunAsync(_place.Ddl.Drop(away), CancellationToken.None);
            }
        }
        catch (ClickHouseException error) when (error.Code == ClickHouseException.UnknownTable)
        {
            // It has been given back, or another one has taken it over, in this very moment.
            return;
        }
    }

    // A stopped run of the same load, or of a process of this machine that is no more; of others only time can tell.
    private static bool IsDead(string owner, string load)
    {
        var words = owner.Split(' ');
        return owner.StartsWith($"{load} ", StringComparison.Ordinal) || (words[^2] == Environment.MachineName && !IsRunning(int.Parse(words[^1], CultureInfo.InvariantCulture)));
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

    private Task<long> AgeAsync(CancellationToken cancel) => Client.CountAsync(
        "SELECT toInt64(now()) - toInt64(max(metadata_modification_time)) FROM system.tables WHERE database = {database:String} AND name = {table:String}",
        cancel, ("database", _place.Schema.Database), ("table", _bare));

    private Task SignAsync(CancellationToken cancel) => Client.RunAsync($"INSERT INTO {Name} (owner) SELECT {{owner:String}}", cancel, ("owner", _owner));

    private async Task BeatAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(Beat, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                await SignAsync(_end.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ClickHouseException)
        {
            // Over; or the server can't be reached, which the publication finds out by itself.
            return;
        }
    }
}

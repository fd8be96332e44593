using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sluice.Engine.Runs;

/// <summary>
/// Keeps a second run from the same workspace into the same destination away while a first one is at work: two would write one spool.
/// The operating system's lock on an open file decides, so that a run that died holds nothing, whatever process has its id now and on
/// whatever host; the file beside it only tells who it is.
/// </summary>
public sealed class RunLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _holderPath;

    private RunLock(FileStream file, string holderPath, LockOwner? former)
    {
        _file = file;
        _holderPath = holderPath;
        Former = former;
    }

    /// <summary>The run that held the lock before and ended without giving it back, or null.</summary>
    public LockOwner? Former { get; }

    /// <summary>Takes the lock of a request's workspace and destination.</summary>
    /// <exception cref="SluiceException">Another run holds it (kind Destination, transient), or the work folder can't be written (kind
    /// Config).</exception>
    public static RunLock Take(IngestRequest request, TimeProvider time)
    {
        var place = request.SpoolFolder;
        var holderPath = place + ".holder.json";
        FileStream? file = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            file = new FileStream(RegularFile.Require(place + ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            var former = ReadHolder(holderPath);
            WriteHolder(holderPath, LockOwner.OfThisProcess(request, time));
            return new RunLock(file, holderPath, former);
        }
        catch (IOException error) when (file is null && IsHeldByAnother(error))
        {
            throw Busy(ReadHolder(holderPath), time);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The work folder {Path.GetFullPath(request.WorkFolder)} can't be written: {error.Message}",
                "Name another one in SLUICE_HOME.",
                error);
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        try
        {
            // While the lock is still ours: afterwards the file is another run's. The lock file itself stays, or two runs could hold two of the
            // same name.
            File.Delete(_holderPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next run says that it took over, which is all that the file is for.
        }
        finally
        {
            _file.Dispose();
        }
    }

    // EWOULDBLOCK on Linux, on macOS, and Windows' sharing violation.
    private static bool IsHeldByAnother(IOException error) => (error.HResult & 0xFFFF) is 11 or 35 or 32;

    private static SluiceException Busy(LockOwner? holder, TimeProvider time) => new(
        SluiceErrorKind.Destination,
        holder is null
            ? "Another run is reading this workspace into this destination."
            : $"Another run is reading this workspace into this destination: {holder}, since {holder.SinceWhen(time)}.",
        "Run it again with --wait to wait for its end, or stop the other one.")
    {
        IsTransient = true,
    };

    private static LockOwner? ReadHolder(string path)
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(RegularFile.Require(path)), RunHolderJson.Default.LockOwner)
                : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            // It has just been given back, or a machine died while it was written: nobody can be named.
            return null;
        }
    }

    private static void WriteHolder(string path, LockOwner holder)
    {
        var draft = path + ".new";
        File.WriteAllBytes(RegularFile.Require(draft), JsonSerializer.SerializeToUtf8Bytes(holder, RunHolderJson.Default.LockOwner));
        File.Move(draft, path, overwrite: true);
    }
}

/// <summary>The locks of a run that reads several workspaces: one for each, so that no other run writes any of their spools.</summary>
public sealed class RunLocks : IDisposable
{
    private readonly List<RunLock> _locks = [];

    private RunLocks()
    {
    }

    /// <summary>The runs that held a lock before and ended without giving it back.</summary>
    public IEnumerable<LockOwner> Former => _locks.Select(one => one.Former).OfType<LockOwner>();

    /// <summary>Takes all or none.</summary>
    /// <param name="request">The request; its own pair is locked, too.</param>
    /// <param name="workspaces">The workspaces that it reads.</param>
    /// <param name="time">The clock, to tell others since when.</param>
    /// <exception cref="SluiceException">Another run holds one (kind Destination, transient), or the work folder can't be written (kind
    /// Config).</exception>
    public static RunLocks Take(IngestRequest request, IReadOnlyList<Workspace> workspaces, TimeProvider time) =>
        Take(request, workspaces.Select(workspace => workspace.PairId), time);

    /// <summary>The same for workspaces that are not opened, by the names of their pairs.</summary>
    public static RunLocks Take(IngestRequest request, IEnumerable<string> pairs, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(request);
        var taken = new RunLocks();
        try
        {
            // Always in the same order: two runs that take the same ones never wait for each other.
            foreach (
                var pair in pairs
                    .Append(request.PairId)
                    .Distinct(StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal))
            {
                taken._locks.Add(RunLock.Take(request with { PairId = pair }, time));
            }

            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Gives the locks back.</summary>
    public void Dispose()
    {
        foreach (var one in _locks)
        {
            one.Dispose();
        }
    }
}

/// <summary>Who runs, for those who have to wait: never more of the command line than the tables, because arguments may hold keys.</summary>
/// <param name="Program">The command and its tables.</param>
/// <param name="Pid">The process's id on its host.</param>
/// <param name="User">Who started it.</param>
/// <param name="Host">The machine, since a work folder may be shared.</param>
/// <param name="Since">When it began.</param>
public sealed record LockOwner(string Program, int Pid, string User, string Host, DateTimeOffset Since)
{
    private const int TablesNamed = 3;

    /// <summary>The program and where it runs, as a part of a sentence.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Program} (process {Pid}, user {User}, host {Host})");

    internal static LockOwner OfThisProcess(IngestRequest request, TimeProvider time)
    {
        var names = request.Tables.Select(job => job.Source.ToString()).ToList();
        var more = names.Count > TablesNamed ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - TablesNamed} more") : "";
        return new LockOwner(
            $"sluice ingest {string.Join(',', names.Take(TablesNamed))}{more}",
            Environment.ProcessId,
            Environment.UserName,
            Environment.MachineName,
            time.GetUtcNow());
    }

    internal string SinceWhen(TimeProvider time)
    {
        // The clock of another host may be ahead of ours.
        var age = time.GetUtcNow() - Since;
        var local = TimeZoneInfo.ConvertTime(Since, time.LocalTimeZone);
        return local.ToString(age < TimeSpan.FromHours(20) ? "HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) + ", " + Ago(age);
    }

    private static string Ago(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "less than a minute ago",
        { TotalHours: < 2 } => Count((long)age.TotalMinutes, "minute"),
        { TotalDays: < 2 } => Count((long)age.TotalHours, "hour"),
        _ => Count((long)age.TotalDays, "day"),
    };

    private static string Count(long number, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {unit}{(number == 1 ? "" : "s")} ago");
}

[JsonSerializable(typeof(LockOwner))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
internal sealed partial class RunHolderJson : JsonSerializerContext;

/// <summary>How long a run waits for what another program holds, and who hears of it.</summary>
/// <param name="time">The clock that is looked at, about once a second.</param>
/// <param name="atMost">The longest wait in all, zero for none, <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
/// <param name="tell">Takes one sentence for each thing that is waited for.</param>
public sealed class LockWait(TimeProvider time, TimeSpan atMost, Action<string> tell)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly long _began = time.GetTimestamp();

    private TimeSpan Left => atMost == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : atMost - time.GetElapsedTime(_began);

    /// <summary>Waits for nothing.</summary>
    public static LockWait None(TimeProvider time) => new(time, TimeSpan.Zero, _ => { });

    /// <summary>Takes something, again and again as long as another program holds it and there is time left.</summary>
    /// <exception cref="SluiceException">It is held (kind Destination, transient) and the time is over, or it can't be taken for another
    /// reason.</exception>
    public async Task<T> UntilFreeAsync<T>(Func<Task<T>> take, CancellationToken cancel)
    {
        for (var told = false; ; told = true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return await take();
            }
            catch (SluiceException busy) when (IsHeld(busy) && Left > TimeSpan.Zero)
            {
                if (!told)
                {
                    tell($"Waiting: {busy.Message}");
                }
            }
            catch (SluiceException busy) when (IsHeld(busy) && atMost > TimeSpan.Zero)
            {
                throw new SluiceException(busy.Kind, $"The time to wait is over. {busy.Message}", busy.Hint, busy) { IsTransient = true };
            }

            await Task.Delay(Left < Look ? TimeSpan.FromMilliseconds(Math.Max(1, Left.TotalMilliseconds)) : Look, time, cancel);
        }
    }

    private static bool IsHeld(SluiceException error) => error is { IsTransient: true, Kind: SluiceErrorKind.Destination };
}

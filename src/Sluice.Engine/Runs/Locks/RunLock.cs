using System.Text.Json;

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
            file = new FileStream(place + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
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
            return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), RunHolderJson.Default.LockOwner) : null;
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
        File.WriteAllBytes(draft, JsonSerializer.SerializeToUtf8Bytes(holder, RunHolderJson.Default.LockOwner));
        File.Move(draft, path, overwrite: true);
    }
}

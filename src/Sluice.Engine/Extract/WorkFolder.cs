using System.Globalization;

namespace Sluice.Engine.Extract;

/// <summary>What can be wrong with the work folder, each with what to do: it is the user's disk, so none of it is a bug.</summary>
internal static class WorkFolder
{
    private const string MakeRoom = "Free disk space or set SLUICE_HOME to a folder with room, then run the same command again: it goes on.";

    /// <exception cref="SluiceException">The folder's disk has less free space than that.</exception>
    public static void RequireSpace(string folder, long bytes)
    {
        if (FreeSpace(folder) is { } free && free < bytes)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The work folder {folder} needs {Megabytes(bytes):0.#} MB of free disk for the next pages, but there are only " +
                        $"{Megabytes(free):0.#} MB."
                ),
                MakeRoom);
        }
    }

    public static SluiceException Unwritable(string folder, Exception cause) =>
        new(SluiceErrorKind.Config, $"Writing to the work folder {folder} failed: {cause.Message}", MakeRoom, cause);

    public static SluiceException Incomplete(string segment, Exception? cause = null) => new(
        SluiceErrorKind.Config,
        $"{segment} is missing or shorter than its manifest says: something else changed the work folder.",
        $"Remove {Path.GetDirectoryName(segment)} and run the same command again: its pages are fetched anew.",
        cause);

    // Null where the system does not tell, as on some network drives: then only writing shows.
    private static long? FreeSpace(string folder)
    {
        try
        {
            var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(Path.GetFullPath(folder))! : folder);
            return drive.TotalSize > 0 ? drive.AvailableFreeSpace : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static double Megabytes(long bytes) => bytes / (1024.0 * 1024);
}

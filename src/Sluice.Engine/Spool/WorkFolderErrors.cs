namespace Sluice.Engine.Spool;

/// <summary>What can be wrong with the work folder, each with what to do: it is the user's disk, so none of it is a bug.</summary>
internal static class WorkFolderErrors
{
    private const string MakeRoom = "Free disk space or set SLUICE_HOME to a folder with room, then run the same command again: it goes on.";

    public static SluiceException Writing(string folder, Exception cause) =>
        new(SluiceErrorKind.Config, $"Writing to the work folder {folder} failed: {cause.Message}", MakeRoom, cause);

    public static SluiceException NoRoom(string folder, long needed, long free) => new(
        SluiceErrorKind.Config,
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The work folder {folder} needs {Megabytes(needed):0.#} MB of free disk for the next pages, but there are only {Megabytes(free):0.#} MB."),
        MakeRoom);

    public static SluiceException Incomplete(string segment, Exception? cause = null) => new(
        SluiceErrorKind.Config,
        $"{segment} is missing or shorter than its manifest says: something else changed the work folder.",
        $"Remove {Path.GetDirectoryName(segment)} and run the same command again: its pages are fetched anew.",
        cause);

    private static double Megabytes(long bytes) => bytes / (1024.0 * 1024);
}

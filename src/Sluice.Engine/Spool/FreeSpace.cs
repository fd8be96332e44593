namespace Sluice.Engine.Spool;

/// <summary>Looks at the free space of the disk that a folder is on.</summary>
internal static class FreeSpace
{
    /// <exception cref="SluiceException">There is less free space than that.</exception>
    public static void Require(string folder, long bytes)
    {
        if (Of(folder) is { } free && free < bytes)
        {
            throw WorkFolderErrors.NoRoom(folder, bytes, free);
        }
    }

    // Null where the system does not tell, as on some network drives: then only writing shows.
    private static long? Of(string folder)
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
}

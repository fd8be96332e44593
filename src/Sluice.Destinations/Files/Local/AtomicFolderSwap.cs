namespace Sluice.Destinations.Files.Local;

/// <summary>Puts a new version of a folder in the place of the old one. Whoever looks sees one of them, whole.</summary>
/// <param name="place">Where the folder stands.</param>
/// <param name="aside">Where the new version is made and the old one goes.</param>
/// <param name="canExchange">Whether the system may be asked to exchange folders in one step.</param>
internal sealed class AtomicFolderSwap(string place, string aside, bool canExchange = true)
{
    /// <summary>What follows the name of a folder that has gone aside.</summary>
    public const string OldEnding = ".old";

    /// <summary>What follows the name of a folder that is being made.</summary>
    public const string NewEnding = ".new";

    private readonly string _old = aside + OldEnding;

    /// <summary>Where the new version is made.</summary>
    public string New => aside + NewEnding;

    /// <summary>
    /// Ends what a crash has interrupted, so that the folder is in its place, and removes what is left of a change that did not come to its end.
    /// </summary>
    /// <param name="isWhole">Tells whether a folder is a whole version.</param>
    public void Recover(Func<string, bool> isWhole)
    {
        if (!Directory.Exists(place))
        {
            // Between the two renames: the old version has gone aside only because the new one was whole.
            if (Directory.Exists(_old))
            {
                Directory.Move(Directory.Exists(New) && isWhole(New) ? New : _old, place);
            }
        }

        Remove(New);
        Remove(_old);
    }

    /// <summary>Lets the new version take the place. After it the old one is no more.</summary>
    public void Commit()
    {
        FileModes.MakeSharedFolder(Path.GetDirectoryName(place)!);
        if (!Directory.Exists(place))
        {
            Directory.Move(New, place);
        }
        else if (!canExchange || !NativeFiles.TryExchange(New, place))
        {
            // For a moment there is no folder, which a reader takes for an error, not for an empty table.
            Directory.Move(place, _old);
            Directory.Move(New, place);
        }

        NativeFiles.Flush(Path.GetDirectoryName(place)!);
        Remove(New);
        Remove(_old);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

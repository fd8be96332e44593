using System.Globalization;
using Sluice.Engine;

namespace Sluice.Writes.Backup;

/// <summary>Files of a folder that may come from anybody: links are not followed, and nothing is read without an end.</summary>
internal static class SafeFiles
{
    /// <summary>Bytes of the longest text or list; a collection has 10 MB at most, two million members of a segment fit.</summary>
    public const long Longest = 256 * 1024 * 1024;

    /// <summary>Bytes of the longest file that says what something is.</summary>
    public const long LongestFacts = 4 * 1024 * 1024;

    private const int MostFolders = 100_000;

    /// <summary>The bytes of a file; null when there is none.</summary>
    /// <exception cref="SluiceException">It is a link, too long, or can't be read (kind Config).</exception>
    public static byte[]? Read(string path, long most)
    {
        var file = new FileInfo(path);
        RefuseLink(file);
        if (!file.Exists)
        {
            return null;
        }

        if (file.Length > most)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                string.Create(CultureInfo.InvariantCulture, $"{path} has {file.Length} bytes; such a file of a backup has {most} at most."));
        }

        try
        {
            return File.ReadAllBytes(RegularFile.Require(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"{path} can't be read: {error.Message}", inner: error);
        }
    }

    /// <summary>The names of the folders in a folder, in order; none when it is not there.</summary>
    /// <exception cref="SluiceException">It is a link, or can't be read (kind Config).</exception>
    public static IReadOnlyList<string> FoldersIn(string path)
    {
        var folder = new DirectoryInfo(path);
        RefuseLink(folder);
        if (!folder.Exists)
        {
            return [];
        }

        try
        {
            var names = folder.EnumerateDirectories().Select(one => one.Name).Take(MostFolders + 1).Order(StringComparer.Ordinal).ToList();
            return names.Count <= MostFolders ? names
                : throw new SluiceException(SluiceErrorKind.Config, $"{path} has more than {MostFolders} folders, which no backup has.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"{path} can't be read: {error.Message}", inner: error);
        }
    }

    /// <summary>Refuses what leads elsewhere.</summary>
    /// <exception cref="SluiceException">It is a link (kind Config).</exception>
    public static void RefuseLink(FileSystemInfo file)
    {
        if (file.LinkTarget is not null)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"{file.FullName} is a link, which no backup has: it is not followed.", "Remove it.");
        }
    }
}

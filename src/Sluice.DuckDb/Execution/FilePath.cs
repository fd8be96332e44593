namespace Sluice.DuckDb.Execution;

/// <summary>One name for one file, whichever relative path or link leads to it.</summary>
internal static class FilePath
{
    internal static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        var root = Path.GetPathRoot(full) ?? "";
        var real = root;
        foreach (var part in full[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (LinkTarget(real) is { } target)
                real = target;
        }
        return real;
    }

    private static string? LinkTarget(string path)
    {
        try
        {
            FileSystemInfo entry = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            return entry.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        }
        catch (IOException)
        {
            // Not there yet, or a loop of links: DuckDB will say what is wrong when it opens the path.
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }
    }
}

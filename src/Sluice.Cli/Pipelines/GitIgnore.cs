using Sluice.Engine;

namespace Sluice.Cli.Pipelines;

/// <summary>Keeps the work folder and the file with the keys out of git.</summary>
internal static class GitIgnore
{
    private static readonly string[] Lines = [".sluice/", ".env"];

    /// <summary>Adds missing lines to a folder's <c>.gitignore</c>; does nothing outside a git repository.</summary>
    public static async Task AddAsync(string folder, CancellationToken cancel)
    {
        if (!IsInGit(folder))
        {
            return;
        }

        var path = Path.Combine(folder, ".gitignore");
        var text = File.Exists(path) ? await File.ReadAllTextAsync(RegularFile.Require(path), cancel) : "";
        var known = text.Split('\n').Select(line => line.Trim().Trim('/')).ToList();
        var missing = Lines.Where(line => !known.Contains(line.Trim('/'), StringComparer.Ordinal)).ToList();
        if (missing.Count > 0)
        {
            var start = text.Length == 0 || text.EndsWith('\n') ? "" : "\n";
            await File.AppendAllTextAsync(path, start + string.Concat(missing.Select(line => line + "\n")), cancel);
        }
    }

    // In a worktree it is a file instead of a folder.
    private static bool IsInGit(string folder)
    {
        for (var one = new DirectoryInfo(folder); one is not null; one = one.Parent)
        {
            if (Path.Exists(Path.Combine(one.FullName, ".git")))
            {
                return true;
            }
        }

        return false;
    }
}

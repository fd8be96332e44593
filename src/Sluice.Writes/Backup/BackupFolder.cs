using Sluice.Engine;

namespace Sluice.Writes.Backup;

/// <summary>
/// A backup as it stands in a folder, which may come from a shared repository: names in its files lead nowhere, and only folders that are really
/// there are gone through.
/// </summary>
public sealed class BackupFolder
{
    private readonly string _folder;
    private readonly string _shown;

    private BackupFolder(string folder, string shown, BackupIndex index) => (_folder, _shown, Index) = (folder, shown, index);

    /// <summary>What the folder is.</summary>
    public BackupIndex Index { get; }

    /// <summary>The folder's full path.</summary>
    internal string FullPath => _folder;

    /// <summary>Opens a backup.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="shown">The folder as it was named.</param>
    /// <exception cref="SluiceException">There is none, or it was left half-way (kind Config).</exception>
    public static BackupFolder Open(string folder, string shown)
    {
        var index = BackupIndex.Find(folder) ?? throw new SluiceException(
            SluiceErrorKind.Config, $"There is no backup in {shown}: it has no {BackupIndex.FileName}.", $"'sluice backup {shown}' makes one.");
        return index.IsComplete
            ? new BackupFolder(Path.GetFullPath(folder), shown, index)
            : throw new SluiceException(
                SluiceErrorKind.Config,
                $"The last backup into {shown} did not come to its end: what is there may be of two times.",
                $"'sluice backup {shown}' brings it to its end; with git, 'git checkout' brings the last whole one back.");
    }

    /// <summary>The things of a kind, without what stands in files of their own.</summary>
    /// <exception cref="SluiceException">A file is not what a backup writes, or two are about one thing (kind Config).</exception>
    internal IReadOnlyList<BackupItem> List(BackupKind kind)
    {
        var items = new List<BackupItem>();
        foreach (var path in PathsIn(_folder, kind))
        {
            var file = Path.Combine(_folder, kind.Name, path, kind.File);
            items.Add(Reading(kind, path, kind.File, () => ItemFiles.Read(kind, path, SafeFiles.Read(file, SafeFiles.LongestFacts)!)));
        }

        var twice = items.GroupBy(item => item.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.ToList();
        return twice is null ? items : throw new SluiceException(
            SluiceErrorKind.Config,
            $"{_shown}/{kind.Name}/{twice[0].Path} and {_shown}/{kind.Name}/{twice[1].Path} are about the same thing.",
            "Remove one of them.");
    }

    /// <summary>The whole thing.</summary>
    /// <exception cref="SluiceException">A file is not what a backup writes (kind Config).</exception>
    internal BackupItem Load(BackupItem item) => Reading(
        item.Kind,
        item.Path,
        "",
        () => ItemFiles.With(item, name => SafeFiles.Read(Path.Combine(_folder, item.Kind.Name, item.Path, name), SafeFiles.Longest)));

    /// <summary>The folders that are things of a kind, below the kind's own; others are the user's.</summary>
    internal static IEnumerable<string> PathsIn(string folder, BackupKind kind)
    {
        var root = Path.Combine(folder, kind.Name);
        foreach (var name in SafeFiles.FoldersIn(root))
        {
            var inner = kind.Parent is null ? [name] : SafeFiles.FoldersIn(Path.Combine(root, name)).Select(one => $"{name}/{one}");
            foreach (var path in inner.Where(path => IsThing(Path.Combine(root, path), kind)))
            {
                yield return path;
            }
        }
    }

    private static bool IsThing(string path, BackupKind kind)
    {
        SafeFiles.RefuseLink(new DirectoryInfo(path));
        var file = new FileInfo(Path.Combine(path, kind.File));
        SafeFiles.RefuseLink(file);
        return file.Exists;
    }

    private BackupItem Reading(BackupKind kind, string path, string file, Func<BackupItem> read)
    {
        try
        {
            return read();
        }
        catch (FormatException error)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"{_shown}/{kind.Name}/{path}{(file.Length > 0 ? "/" : "")}{file}: {error.Message}",
                "Nothing was sent. 'git log' and 'git checkout' bring an earlier one back; 'sluice backup' writes it anew.",
                error);
        }
    }
}

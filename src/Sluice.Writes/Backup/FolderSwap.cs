using Sluice.Engine;

namespace Sluice.Writes.Backup;

/// <summary>The steps by which the things of a kind become those of a new backup; a file that is the same is not touched.</summary>
internal sealed class FolderSwap
{
    /// <summary>The file that keeps git from changing the ends of lines: a message would be another one afterwards.</summary>
    public const string AttributesName = ".gitattributes";

    private readonly string _folder;
    private readonly string _part;
    private readonly BackupKind _kind;
    private readonly List<Action> _steps = [];

    private FolderSwap(string folder, string part, BackupKind kind) =>
        (_folder, _part, _kind) = (Path.Combine(folder, kind.Name), Path.Combine(part, kind.Name), kind);

    /// <summary>What is to be done, one file at a time; nothing was done yet.</summary>
    public IReadOnlyList<Action> Steps => _steps;

    public KindChanges Changes { get; private set; } = null!;

    /// <exception cref="SluiceException">Something of the user's is in the way (kind Config).</exception>
    public static FolderSwap Plan(string folder, string part, BackupKind kind, IReadOnlySet<string> paths)
    {
        var swap = new FolderSwap(folder, part, kind);
        var former = BackupFolder.PathsIn(folder, kind).ToHashSet(StringComparer.Ordinal);
        var changed = paths.Order(StringComparer.Ordinal).Where(swap.Bring).ToList();
        var removed = former.Except(paths, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        removed.ForEach(swap.Remove);
        swap.BringAttributes();
        var added = changed.Count(path => !former.Contains(path));
        swap.Changes = new KindChanges(kind, paths.Count, added, changed.Count - added, removed);
        return swap;
    }

    // The file that says what a thing is comes first and goes last: what is left half-way is known as a thing, and is mended.
    private bool Bring(string path)
    {
        RequireFolders(path);
        var before = _steps.Count;
        var names = ItemFiles.NamesOf(_kind).Reverse().ToList();
        names.ForEach(name => Bring(path, name));
        Forget(path, names.Where(name => !File.Exists(Path.Combine(_part, path, name))).Reverse());
        return _steps.Count > before;
    }

    private void Bring(string path, string name)
    {
        var (from, to) = (Path.Combine(_part, path, name), Path.Combine(_folder, path, name));
        if (!File.Exists(from) || IsSame(from, to))
        {
            return;
        }

        if (Directory.Exists(to))
        {
            throw InTheWay(to);
        }

        var isPrivate = _kind.HasMembers && name == _kind.LinesFile;
        _steps.Add(() =>
        {
            var folder = Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            if (isPrivate && !OperatingSystem.IsWindows())
            {
                folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            }

            File.Move(from, to, overwrite: true);
        });
    }

    // One of the user's own stays.
    private void BringAttributes()
    {
        if (!File.Exists(Path.Combine(_folder, AttributesName)))
        {
            Bring("", AttributesName);
        }
    }

    private void Remove(string path)
    {
        Forget(path, ItemFiles.NamesOf(_kind));
        _steps.Add(() => RemoveEmpty(path));
    }

    private void Forget(string path, IEnumerable<string> names)
    {
        foreach (var file in names.Select(name => Path.Combine(_folder, path, name)).Where(file => new FileInfo(file) is { Exists: true }))
        {
            _steps.Add(() => File.Delete(file));
        }
    }

    // A file of the user's own keeps its folder.
    private void RemoveEmpty(string path)
    {
        for (var left = path; left.Length > 0; left = Path.GetDirectoryName(left) ?? "")
        {
            var folder = Path.Combine(_folder, left);
            if (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any())
            {
                return;
            }

            Directory.Delete(folder);
        }
    }

    private void RequireFolders(string path)
    {
        for (var part = path; part.Length > 0; part = Path.GetDirectoryName(part) ?? "")
        {
            var folder = new DirectoryInfo(Path.Combine(_folder, part));
            SafeFiles.RefuseLink(folder);
            if (File.Exists(folder.FullName))
            {
                throw InTheWay(folder.FullName);
            }
        }
    }

    private static bool IsSame(string from, string to) =>
        SafeFiles.Read(to, long.MaxValue) is { } there && there.AsSpan().SequenceEqual(File.ReadAllBytes(from));

    private static SluiceException InTheWay(string path) => new(
        SluiceErrorKind.Config, $"{path} is in the way of the backup: the folder is as it was.", "Move it, or name another folder.");
}

using Sluice.Engine;

namespace Sluice.Writes.Backup;

/// <summary>
/// Writes a backup beside the one that is there, and brings it into its place once all of it was read. While files change the index says so: a folder
/// that was left then is refused by a restore, and the next backup brings it to its end. What is not a file of a backup is left alone.
/// </summary>
public sealed class BackupWriter : IDisposable
{
    private const string PartName = ".sluice-backup";
    private const string LockName = "lock";

    private readonly string _folder;
    private readonly string _part;
    private readonly FileStream _lock;
    private readonly bool _isMade;
    private readonly BackupIndex _index;
    private readonly BackupIndex? _former;
    private readonly IReadOnlyList<BackupKind> _kinds;
    private readonly Dictionary<string, HashSet<string>> _paths = new(StringComparer.Ordinal);

    private BackupWriter(string folder, BackupIndex index)
    {
        _isMade = !Directory.Exists(folder);
        Directory.CreateDirectory(folder);
        _folder = folder;
        _former = BackupIndex.Find(folder);
        _kinds = [.. BackupKind.All.Where(kind => index.Kinds.Contains(kind.Name))];
        _index = index with
        {
            Kinds = [.. BackupKind.All.Select(kind => kind.Name).Where(name => index.Kinds.Contains(name) || _former?.Kinds.Contains(name) == true)],
            HasMembers = _kinds.Any(kind => kind.HasMembers) ? index.HasMembers : _former?.HasMembers == true,
        };
        RequireOwn();
        _part = Path.Combine(folder, PartName);
        _lock = Lock();
    }

    /// <summary>Called before each change of a file; only tests of kills want to know.</summary>
    internal Action? Changing { get; set; }

    /// <summary>Whether the folder had the members of segments, and will not have them.</summary>
    public bool DropsMembers => _former?.HasMembers == true && !_index.HasMembers;

    /// <summary>Makes ready a folder.</summary>
    /// <param name="folder">The folder; it is made if it is not there.</param>
    /// <param name="index">What it will be, with the kinds that will come.</param>
    /// <exception cref="SluiceException">The folder is something else, of another workspace, in use, or can't be written.</exception>
    public static BackupWriter Open(string folder, BackupIndex index) => Writing(folder, () => new BackupWriter(folder, index));

    /// <summary>Writes the things of a kind beside the backup that is there.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="rows">Its rows, as its query gives them.</param>
    /// <param name="cancel">Stops within a page.</param>
    /// <exception cref="SluiceException">The disk does not take them, or they can't be read.</exception>
    public async Task<int> AddAsync(BackupKind kind, IAsyncEnumerable<System.Text.Json.Nodes.JsonObject> rows, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(kind);
        var paths = _paths[kind.Name] = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var item in WorkspaceItems.ReadAsync(kind, rows, cancel))
        {
            if (WorkspaceItems.HasContent(item))
            {
                if (!paths.Add(item.Path))
                {
                    throw new SluiceException(
                        SluiceErrorKind.Api,
                        $"Customer.io lists {kind.Name}/{item.Path} twice: the folder is as it was.",
                        "Run the same command again.");
                }

                Writing(_folder, () => Write(item));
            }
        }

        return paths.Count;
    }

    /// <summary>Brings what was written into its place, and removes what the workspace no longer has.</summary>
    /// <exception cref="SluiceException">The disk does not take it, or something of the user's is in the way.</exception>
    public BackupChanges Complete() => Writing(_folder, () =>
    {
        var swaps = _kinds.Select(kind => FolderSwap.Plan(_folder, _part, kind, _paths[kind.Name])).ToList();
        if (_former is null || !_index.Write().AsSpan().SequenceEqual(_former.Write()) || swaps.Exists(swap => swap.Steps.Count > 0))
        {
            WriteIndex((_former ?? _index) with { IsComplete = false });
            foreach (var step in swaps.SelectMany(swap => swap.Steps))
            {
                Changing?.Invoke();
                step();
            }

            Changing?.Invoke();
            WriteIndex(_index);
        }

        return new BackupChanges([.. swaps.Select(swap => swap.Changes)]);
    });

    /// <summary>Removes what was written beside.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        try
        {
            Directory.Delete(_part, recursive: true);
            if (_isMade && !Directory.EnumerateFileSystemEntries(_folder).Any())
            {
                Directory.Delete(_folder);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next backup removes it.
        }
    }

    private void RequireOwn()
    {
        if (_former?.IsOfAnotherThan(_index) == true)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The backup in {_folder} is of {_former.Workspace}, and the key is of {_index.Workspace}: nothing was written.",
                "Name another folder for this workspace.");
        }

        if (_former is { IsComplete: false } && _former.Kinds.Any(name => _kinds.All(kind => kind.Name != name)))
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The last backup into {_folder} did not come to its end, and this one would leave out a part of it: nothing was written.",
                "Leave out --only.");
        }

        foreach (var path in BackupKind.All.Select(kind => Path.Combine(_folder, kind.Name)))
        {
            SafeFiles.RefuseLink(new DirectoryInfo(path));
            if (_former is null && (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())))
            {
                throw new SluiceException(
                    SluiceErrorKind.Config,
                    $"{path} is there, and {_folder} has no {BackupIndex.FileName}: it is not known as a backup, and nothing was written.",
                    "Name another folder, or move what is there.");
            }
        }
    }

    private void Write(BackupItem item)
    {
        var folder = Path.Combine(_part, item.Kind.Name, item.Path);
        Directory.CreateDirectory(folder);
        foreach (var (name, bytes) in ItemFiles.Write(item))
        {
            // Members are people: the file is for its owner's eyes alone, and so is the folder that it comes into.
            var isPrivate = item.Kind.HasMembers && name == item.Kind.LinesFile;
            using var file = new FileStream(Path.Combine(folder, name), isPrivate ? Import.PrivateFile.Options(FileMode.CreateNew) : Ordinary);
            file.Write(bytes);
            if (bytes.Length > SafeFiles.Longest)
            {
                throw new IOException(
                    $"{item.Kind.Name}/{item.Path}/{name} has {bytes.Length} bytes, and a restore reads {SafeFiles.Longest} at most");
            }
        }

        var attributes = Path.Combine(_part, item.Kind.Name, FolderSwap.AttributesName);
        if (!File.Exists(attributes))
        {
            File.WriteAllText(attributes, "* -text\n");
        }
    }

    private static FileStreamOptions Ordinary => new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };

    // A file that is half-written would be neither the former index nor the new one.
    private void WriteIndex(BackupIndex index)
    {
        var path = Path.Combine(_part, BackupIndex.FileName);
        using (var file = new FileStream(path, FileMode.Create, FileAccess.Write))
        {
            file.Write(index.Write());
            file.Flush(flushToDisk: true);
        }

        File.Move(path, Path.Combine(_folder, BackupIndex.FileName), overwrite: true);
    }

    private FileStream Lock()
    {
        SafeFiles.RefuseLink(new DirectoryInfo(_part));
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_part);
        }
        else
        {
            Directory.CreateDirectory(_part, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var held = Held(new FileInfo(Path.Combine(_part, LockName)));
        foreach (var left in new DirectoryInfo(_part).EnumerateFileSystemInfos().Where(left => left.Name != LockName))
        {
            Remove(left);
        }

        File.WriteAllText(Path.Combine(_part, ".gitignore"), "*\n");
        return held;
    }

    private FileStream Held(FileInfo file)
    {
        SafeFiles.RefuseLink(file);
        try
        {
            return new FileStream(RegularFile.Require(file.FullName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when ((error.HResult & 0xFFFF) is 11 or 35 or 32)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"Another backup into {_folder} is at work.", "Wait for its end, or name another folder.", error);
        }
    }

    // Of a killed backup, or of whoever has written the folder: a link is removed, and what it leads to stays.
    private static void Remove(FileSystemInfo left)
    {
        if (left is DirectoryInfo { LinkTarget: null } folder)
        {
            folder.Delete(recursive: true);
        }
        else
        {
            left.Delete();
        }
    }

    private static void Writing(string folder, Action write) => Writing(folder, () =>
    {
        write();
        return true;
    });

    private static T Writing<T>(string folder, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                SluiceErrorKind.Destination,
                $"The backup can't be written into {folder}: {error.Message}",
                "Make room, or name another folder; the same command then begins anew.",
                error);
        }
    }
}

/// <summary>What a backup has changed in its folder.</summary>
/// <param name="Kinds">By kind.</param>
public sealed record BackupChanges(IReadOnlyList<KindChanges> Kinds)
{
    /// <summary>Whether the folder was like the workspace already.</summary>
    public bool IsNothing => Kinds.All(kind => kind.New == 0 && kind.Changed == 0 && kind.Removed.Count == 0);
}

/// <summary>What has changed of one kind.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">Things of it.</param>
/// <param name="New">Those that were not in the folder.</param>
/// <param name="Changed">Those of which a file is another one.</param>
/// <param name="Removed">Those that the workspace no longer has.</param>
public sealed record KindChanges(BackupKind Kind, int Count, int New, int Changed, IReadOnlyList<string> Removed);

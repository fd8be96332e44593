using System.Security.Cryptography;
using System.Text;
using Sluice.Cli.Pipelines;
using Sluice.Destinations;
using Sluice.Destinations.Dbt;
using Sluice.Engine;

namespace Sluice.Cli.Commands;

/// <summary>The folder of a package, with the list of the files that Sluice has written there: a file that differs from it is its user's.</summary>
/// <param name="path">The folder.</param>
/// <param name="name">How its user calls it.</param>
internal sealed class DbtFolder(string path, string name)
{
    // As sha256sum writes and checks it.
    private const string List = ".sluice.sha256";
    private const int MostNamed = 5;

    /// <summary>Writes the files, and removes those of an earlier time that are none any more.</summary>
    /// <exception cref="SluiceException">Files are not as Sluice wrote them, or can't be written (kind Config).</exception>
    public async Task<DbtFolderChanges> WriteAsync(IReadOnlyList<DbtFile> files, bool isForced, CancellationToken cancel)
    {
        try
        {
            var own = await ReadListAsync(cancel);
            var there = new Dictionary<string, string?>(StringComparer.Ordinal);
            foreach (var file in files.Select(file => file.Path).Concat(own.Keys).Distinct(StringComparer.Ordinal))
            {
                there[file] = await ReadAsync(file, cancel);
            }

            var theirs = files.Where(file => there[file.Path] is { } text && text != file.Text && own.GetValueOrDefault(file.Path) != Hash(text))
                .ToList();

            // What has not changed here since the last time takes nothing from what they made of it.
            var kept = isForced ? [] : theirs.Where(file => own.GetValueOrDefault(file.Path) == Hash(file.Text)).ToList();
            if (theirs.Count > kept.Count && !isForced)
            {
                throw Refusal([.. theirs.Except(kept).Select(file => file.Path)]);
            }

            var changed = files.Where(file => there[file.Path] != file.Text).Except(kept).ToList();
            var stale = own.Keys.Except(files.Select(file => file.Path), StringComparer.Ordinal).Where(file => there[file] is not null).ToList();
            var left = stale.Where(file => own[file] != Hash(there[file]!)).ToList();
            await ApplyAsync(files, changed, [.. stale.Except(left, StringComparer.Ordinal)], cancel);
            return new DbtFolderChanges(
                changed.Count(file => there[file.Path] is null), changed.Count(file => there[file.Path] is not null), stale.Count - left.Count, left)
            {
                Kept = [.. kept.Select(file => file.Path)],
            };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SluiceException(
                SluiceErrorKind.Config, $"The package can't be written: {error.Message}", "Is it a folder, and may you write into it?", error);
        }
    }

    private async Task ApplyAsync(
        IReadOnlyList<DbtFile> files, IReadOnlyList<DbtFile> changed, IReadOnlyList<string> stale, CancellationToken cancel)
    {
        foreach (var file in changed)
        {
            await WriteAsync(file.Path, file.Text, cancel);
        }

        foreach (var file in stale)
        {
            File.Delete(At(file));
        }

        var list = string.Concat(files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(file => $"{Hash(file.Text)}  {file.Path}\n"));
        if (await ReadAsync(List, cancel) != list)
        {
            await WriteAsync(List, list, cancel);
        }
    }

    private SluiceException Refusal(List<string> files)
    {
        var named = string.Join(", ", files.Take(MostNamed)) + (files.Count > MostNamed ? $" and {files.Count - MostNamed} more" : "");
        return new SluiceException(
            SluiceErrorKind.Config,
            $"{PipelineText.Count(files.Count, "file")} in {name} {(files.Count == 1 ? "is" : "are")} not as Sluice wrote "
                + $"{(files.Count == 1 ? "it" : "them")}: {named}. Nothing was written.",
            "--force overwrites; another folder leaves everything here as it is: sluice dbt init FOLDER.");
    }

    private async Task<Dictionary<string, string>> ReadListAsync(CancellationToken cancel) =>
        (await ReadAsync(List, cancel) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split("  ", 2))
            .Where(parts => parts.Length == 2 && IsInside(parts[1]))
            .DistinctBy(parts => parts[1], StringComparer.Ordinal)
            .ToDictionary(parts => parts[1], parts => parts[0], StringComparer.Ordinal);

    // The list is a file like any other: what it names elsewhere is left alone.
    private bool IsInside(string file) =>
        At(file).StartsWith(Path.TrimEndingDirectorySeparator(path) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private string At(string file) => Path.GetFullPath(Path.Combine(path, file));

    // Git may have given it other ends of lines.
    private async Task<string?> ReadAsync(string file, CancellationToken cancel) =>
        File.Exists(At(file)) ? (await File.ReadAllTextAsync(RegularFile.Require(At(file)), cancel)).ReplaceLineEndings("\n") : null;

    private async Task WriteAsync(string file, string text, CancellationToken cancel)
    {
        var isNew = !File.Exists(At(file));
        FileModes.MakeSharedFolder(Path.GetDirectoryName(At(file))!);
        await File.WriteAllTextAsync(RegularFile.Require(At(file)), text, cancel);
        if (isNew)
        {
            FileModes.Share(At(file));
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>What became of the files of a package.</summary>
/// <param name="New">Files that were not there.</param>
/// <param name="Changed">Files that were overwritten.</param>
/// <param name="Removed">Files of tables that are not there any more.</param>
/// <param name="Left">Such files that their user has changed, so that they stay.</param>
internal sealed record DbtFolderChanges(int New, int Changed, int Removed, IReadOnlyList<string> Left)
{
    /// <summary>Files that their user has changed, and that stay so because there is nothing new for them.</summary>
    public IReadOnlyList<string> Kept { get; init; } = [];

    public bool Any => New + Changed + Removed > 0;

    private static string Told(string what, IReadOnlyList<string> files) => files.Count == 0 ? "" : $"\n{what}: {string.Join(", ", files)}";

    public override string ToString()
    {
        var did = string.Join(", ", new[] { (New, "written"), (Changed, "changed"), (Removed, "removed") }
            .Where(one => one.Item1 > 0)
            .Select(one => $"{PipelineText.Count(one.Item1, "file")} {one.Item2}"));
        return (did.Length == 0 ? "all files are as they were" : did) + Told("Kept as you have changed them", Kept)
            + Told("Of no use any more, but changed by you and kept", Left);
    }
}

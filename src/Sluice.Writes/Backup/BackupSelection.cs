using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Writes.Backup;

/// <summary>What of a backup is meant: kinds, or single things of them.</summary>
public sealed class BackupSelection
{
    private readonly List<(BackupKind Kind, string? Name)> _parts;

    private BackupSelection(List<(BackupKind Kind, string? Name)> parts) => _parts = parts;

    /// <summary>The kinds that are meant.</summary>
    public IReadOnlyList<BackupKind> Kinds => [.. BackupKind.All.Where(kind => _parts.Count == 0 || _parts.Exists(part => part.Kind == kind))];

    /// <summary>Reads words such as <c>collections,snippets/NAME</c>.</summary>
    /// <param name="words">The words; none for everything.</param>
    /// <param name="takesNames">Whether single things can be meant.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public static BackupSelection Read(IReadOnlyList<string> words, bool takesNames, ValidationErrors mistakes)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(mistakes);
        var parts = new List<(BackupKind, string?)>();
        foreach (var word in words.SelectMany(word => word.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            var slash = word.IndexOf('/', StringComparison.Ordinal);
            var (kind, name) = slash < 0 ? (word, null) : (word[..slash], word[(slash + 1)..].Trim('/'));
            if (BackupKind.Find(kind) is not { } found)
            {
                var names = BackupKind.All.Select(one => one.Name).ToList();
                mistakes.Add($"--only: a backup has no '{kind}'.", Suggestion.For(kind, names) ?? $"There are {string.Join(", ", names)}.");
            }
            else if (name is { Length: > 0 } && !takesNames)
            {
                mistakes.Add($"--only: a backup takes whole kinds, not '{word}'.", $"Write --only {found.Name}.");
            }
            else
            {
                parts.Add((found, name is { Length: > 0 } ? name : null));
            }
        }

        return new BackupSelection(parts);
    }

    /// <summary>The kinds that are meant and that a backup has.</summary>
    /// <exception cref="SluiceException">One that is named is not in it (kind Config).</exception>
    internal IReadOnlyList<BackupKind> In(BackupIndex index) =>
        _parts.Find(part => !index.Kinds.Contains(part.Kind.Name)).Kind is { } missing
            ? throw new SluiceException(
                SluiceErrorKind.Config, $"--only: the backup has no {missing.Name}.", $"It has {string.Join(", ", index.Kinds)}.")
            : [.. Kinds.Where(kind => index.Kinds.Contains(kind.Name))];

    /// <summary>Whether all things of a kind are meant.</summary>
    internal bool IsWhole(BackupKind kind) => _parts.Count == 0 || _parts.Contains((kind, null));

    /// <summary>The things of a kind that are meant.</summary>
    /// <exception cref="SluiceException">One that is named is not there (kind Config).</exception>
    internal IReadOnlyList<BackupItem> Of(BackupKind kind, IReadOnlyList<BackupItem> items)
    {
        if (IsWhole(kind))
        {
            return items;
        }

        var names = _parts.Where(part => part.Kind == kind).Select(part => part.Name!).ToList();
        if (names.Find(name => !items.Any(item => IsNamed(item, name))) is { } missing)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"--only: the backup has no {kind.Name}/{missing}.",
                Suggestion.For(missing, items.SelectMany(item => kind.Parent is null ? new[] { item.Path, item.Name! } : [item.Path]).Distinct())
                    ?? string.Create(CultureInfo.InvariantCulture, $"It has {items.Count} {kind.Name}; the names of their folders do."));
        }

        return [.. items.Where(item => names.Exists(name => IsNamed(item, name)))];
    }

    private static bool IsNamed(BackupItem item, string name) =>
        item.Path == name || item.Path.StartsWith(name + "/", StringComparison.Ordinal) || (item.Kind.Parent is null && item.Name == name);
}

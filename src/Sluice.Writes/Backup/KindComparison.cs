using System.Globalization;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Writes.Statements;

namespace Sluice.Writes.Backup;

/// <summary>Compares the things of one kind with those of the workspace, as they come.</summary>
internal sealed class KindComparison(
    BackupFolder folder, BackupKind kind, IReadOnlyList<BackupItem> all, IReadOnlyList<BackupItem> chosen, bool isWhole)
{
    private static readonly string[] Texts = ["value", "description"];

    private readonly Dictionary<string, BackupItem> _left = chosen.ToDictionary(item => item.Key, StringComparer.Ordinal);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<ItemResult> _results = [];

    /// <exception cref="SluiceException">The backup is damaged, or Customer.io refuses.</exception>
    public async Task<IReadOnlyList<ItemResult>> RunAsync(WorkspaceRows read, CancellationToken cancel)
    {
        // A whole list tells what is in Customer.io alone; for a few things only those are asked for.
        if (chosen.Count == 0 && !isWhole)
        {
            return [];
        }

        var withMembers = kind.HasMembers && folder.Index.HasMembers;
        await foreach (var present in WorkspaceItems.ReadAsync(kind, read(kind.Query(withMembers, isWhole ? null : chosen), cancel), cancel))
        {
            if (present.Name is { } name && kind.Parent is null)
            {
                _names[name] = present.Number;
            }

            Take(present);
        }

        foreach (var item in _left.Values.OrderBy(item => item.Path, StringComparer.Ordinal))
        {
            _results.Add(kind.Parent is null ? New(folder.Load(item)) : Gone(item));
        }

        var unclear = Unclear();
        return [.. _results.Select(one => one.Saved?.Name is { } name && unclear.Contains(name) ? Undecided(one) : one)];
    }

    private void Take(BackupItem present)
    {
        if (_left.Remove(present.Key, out var saved))
        {
            _results.Add(WorkspaceItems.HasContent(present) ? Compared(folder.Load(saved), present)
                : Impossible(saved, kind.HasMembers ? "a data-driven segment has its name" : "it has no content any more"));
        }
        else if (isWhole && WorkspaceItems.HasContent(present))
        {
            _results.Add(new ItemResult(new RestoreFinding($"{kind.Name}/{present.Path}", RestoreState.OnlyThere) { Name = NameOf(present) }));
        }
    }

    private ItemResult Compared(BackupItem saved, BackupItem present)
    {
        var comparison = Comparing(saved, () => ItemComparison.Of(saved, present));
        var state = comparison.Differences.Count > 0 ? RestoreState.Changed
            : comparison.Impossible.Count > 0 ? RestoreState.Impossible
            : RestoreState.Same;
        var finding = new RestoreFinding($"{kind.Name}/{saved.Path}", state)
        {
            Name = NameOf(saved),
            IsChangedThere = state == RestoreState.Changed && saved.Hash != present.ContentHash(),
            Differences = comparison.Differences,
            Impossible = comparison.Impossible,
        };
        return new ItemResult(finding)
        {
            Saved = saved with { Lines = null },
            Change = comparison.After.Count == 0 ? null : Update(present, comparison),
            Members = comparison.Members.Count == 0 ? null : new SegmentMembers(saved.Name!, present.Id, comparison.Members),
        };
    }

    private RowChange Update(BackupItem present, ItemComparison comparison)
    {
        foreach (var (name, value) in Known(present))
        {
            comparison.Before[name] = value?.DeepClone();
            comparison.After[name] = value?.DeepClone();
        }

        return new RowChange("update", 0, comparison.Before, comparison.After);
    }

    private IEnumerable<KeyValuePair<string, JsonNode?>> Known(BackupItem present) => kind.Parent is { } parent
        ? present.Values.Where(value => value.Key == parent || value.Key is "id" or "type" or "editor")
        : [new("id", present.Id), new("name", present.Name)];

    private ItemResult New(BackupItem saved)
    {
        var row = new JsonObject { ["name"] = saved.Name };
        foreach (var column in Texts.Where(column => saved.Values[column] is not null))
        {
            row[column] = saved.Values[column]!.DeepClone();
        }

        if (!kind.HasMembers && kind.LinesFile is not null)
        {
            row["data"] = ItemComparison.RowsOf(saved.Lines ?? []);
        }

        var members = kind.HasMembers ? Comparing(saved, () => (saved.Lines ?? []).Select(SavedMember.Read).ToList()) : [];
        return new ItemResult(new RestoreFinding($"{kind.Name}/{saved.Path}", RestoreState.New) { Name = NameOf(saved) })
        {
            Saved = saved with { Lines = null },
            Change = new RowChange("insert", 0, null, row),
            Members = members.Count == 0 ? null : new SegmentMembers(saved.Name!, null, members),
        };
    }

    private ItemResult Gone(BackupItem saved) => Impossible(saved, "Customer.io no longer has it, and no call makes one");

    private ItemResult Impossible(BackupItem saved, string why) =>
        new(new RestoreFinding($"{kind.Name}/{saved.Path}", RestoreState.Impossible) { Name = NameOf(saved), Impossible = [why] });

    // Which one of several of a name is which can only be told while there are as many of them.
    private HashSet<string> Unclear() => kind.Parent is not null ? [] :
    [
        .. all.GroupBy(item => item.Name!, StringComparer.Ordinal)
            .Where(group => _names.GetValueOrDefault(group.Key) is var there and > 0 && there != group.Count())
            .Select(group => group.Key),
    ];

    private static ItemResult Undecided(ItemResult result) => new(result.Finding with
    {
        State = RestoreState.Impossible,
        Differences = [],
        Impossible = ["the backup has more or fewer of that name: which is which can't be told"],
    });

    private string? NameOf(BackupItem item) => kind.Parent is null && item.Name != item.Path ? item.Name : null;

    private T Comparing<T>(BackupItem saved, Func<T> compare)
    {
        try
        {
            return compare();
        }
        catch (FormatException error)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                string.Create(CultureInfo.InvariantCulture, $"{kind.Name}/{saved.Path}/{kind.LinesFile}: {error.Message}"),
                "Nothing was sent.",
                error);
        }
    }
}

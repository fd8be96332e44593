using Sluice.Engine.Config.Pipeline.Yaml;

namespace Sluice.Engine.Config.Pipeline;

/// <summary>Reads one sync.</summary>
internal sealed class SyncReader(
    PipelineSurroundings around,
    IReadOnlyList<PipelineWorkspace> workspaces,
    IReadOnlyList<PipelineDestination> destinations,
    LandingPlaces places,
    PipelineMistakes mistakes)
{
    private const string Utc = "UTC";

    /// <summary>Gives the sync, or nothing when it is not known where it goes or what it reads.</summary>
    public IEnumerable<PipelineSync> Read(string name, Section sync)
    {
        var chosen = Workspaces(sync);
        var destination = Destination(name, sync);
        new SharedRules(mistakes).Check(sync, Section.None);
        var tables = new TableReader(around, sync, mistakes).ReadAll(destination);
        if (destination is null || chosen.Count == 0 || tables.Count == 0)
        {
            return [];
        }

        var combine = CombinationText.Read(sync.Text("combine"));
        var sets = Sets(sync, combine, chosen, tables).ToList();
        foreach (var (table, place) in sets.SelectMany(set => set.Tables.Zip(tables.Select(one => one.Place))))
        {
            places.Take(destination, table, name, place);
        }

        var read = new PipelineSync
        {
            Name = name,
            Destination = destination,
            Workspaces = chosen,
            Combine = combine,
            Sets = sets,
            Settings = TableReader.Shared(around, sync),
            Uri = Partitioned(sync, destination),
            Schedule = Schedule(sync),
        };
        return [read];
    }

    private List<PipelineWorkspace> Workspaces(Section sync)
    {
        if (!sync.Has("workspaces"))
        {
            return [.. workspaces];
        }

        var chosen = new List<PipelineWorkspace>();
        foreach (var item in sync.Items("workspaces"))
        {
            if (workspaces.FirstOrDefault(workspace => workspace.Name == item.Value) is not { } known)
            {
                mistakes.Add(item, $"There is no workspace '{item.Raw}'.", Hint(item, workspaces.Select(workspace => workspace.Name)));
            }
            else if (chosen.Contains(known))
            {
                mistakes.Add(item, $"The workspace {item.Raw} is named twice.", "Name it once.");
            }
            else
            {
                chosen.Add(known);
            }
        }

        return chosen;
    }

    private PipelineDestination? Destination(string name, Section sync)
    {
        if (sync.Value("destination") is YamlText { Value: { } wanted } text)
        {
            var known = destinations.FirstOrDefault(destination => destination.Name == wanted);
            if (known is null)
            {
                mistakes.Add(text, $"There is no destination '{text.Raw}'.", Hint(text, destinations.Select(destination => destination.Name)));
            }

            return known;
        }

        if (!sync.Has("destination") && destinations.Count > 1)
        {
            mistakes.Add(sync.Place, $"The sync {name} does not say which destination it writes to.", $"Add destination: with one of {string.Join(", ", destinations.Select(one => one.Name))}.");
        }

        return !sync.Has("destination") && destinations is [var only] ? only : null;
    }

    private string? Partitioned(Section sync, PipelineDestination destination)
    {
        var columns = sync.Texts("partition_by");
        if (destination.Uri is not { } uri || columns.Count == 0)
        {
            return destination.Uri;
        }

        var found = new Mistakes();
        var partitioned = found.Collect(() => around.WithPartitions(uri, string.Join(',', columns)), uri);
        mistakes.Take(found, _ => sync.PlaceOf("partition_by"));
        return partitioned;
    }

    private static string Hint(YamlText item, IEnumerable<string> names)
    {
        var known = names.ToList();
        return item.Raw.Contains(',', StringComparison.Ordinal) ? $"Write several as a list: [{item.Raw}]."
            : Suggestion.For(item.Raw, known) ?? (known.Count == 0 ? "None is defined." : $"There are {string.Join(", ", known)}.");
    }

    // A name of a workspace becomes a part of an identifier: a dash in it would need quotes in every question.
    private static IEnumerable<PipelineTableSet> Sets(Section sync, Combination combine, List<PipelineWorkspace> workspaces, List<(PipelineTable Table, Place Place)> tables)
    {
        var prefix = sync.Text("table_prefix") ?? "";
        return combine == Combination.Union
            ? [new PipelineTableSet(workspaces, [.. tables.Select(one => Named(one.Table, table => prefix + table, schema => schema ?? DestinationTable.DefaultSchema))])]
            : workspaces.Select(workspace => Set(workspace, workspace.Name.Replace('-', '_'), combine, prefix, tables));
    }

    private static PipelineTableSet Set(PipelineWorkspace workspace, string word, Combination combine, string prefix, List<(PipelineTable Table, Place Place)> tables) => new(
        [workspace],
        [
            .. tables.Select(one => combine == Combination.Prefix
                ? Named(one.Table, table => $"{prefix}{word}_{table}", schema => schema ?? DestinationTable.DefaultSchema)
                : Named(one.Table, table => prefix + table, schema => schema is null ? word : $"{schema}_{word}")),
        ]);

    private static PipelineTable Named(PipelineTable table, Func<string, string> name, Func<string?, string> schema) =>
        table with { Settings = table.Settings with { DestTable = name(table.Settings.DestTable!), DestSchema = schema(table.Settings.DestSchema) } };

    private static PipelineSchedule? Schedule(Section sync) =>
        sync.Below("schedule") is { } full ? full.Text("cron") is { } cron ? new PipelineSchedule(cron, full.Text("time_zone") ?? Utc) : null
        : sync.Text("schedule") is { } brief ? new PipelineSchedule(brief, Utc)
        : null;
}

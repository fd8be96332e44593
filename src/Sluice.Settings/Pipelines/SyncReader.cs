using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads one sync.</summary>
internal sealed class SyncReader(
    PipelineContext around,
    IReadOnlyList<PipelineWorkspace> workspaces,
    IReadOnlyList<PipelineDestination> destinations,
    TargetTableNames places,
    PipelineErrors mistakes)
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
        foreach (var (table, read) in sets.SelectMany(set => set.Tables.Zip(tables)).Where(one => one.Second.IsPlaceKnown))
        {
            places.Take(destination, table, name, read.Place);
        }

        var result = new PipelineSync
        {
            Name = name,
            Destination = destination,
            Workspaces = chosen,
            Combine = combine,
            IsOfNamedWorkspaces = chosen.Count > 1 || sync.Has("combine"),
            Sets = sets,
            Settings = TableReader.Shared(around, sync),
            Uri = Partitioned(sync, destination),
            Schedule = Schedule(sync),
        };
        return [result];
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
            mistakes.Add(
                sync.Place,
                $"The sync {name} does not say which destination it writes to.",
                $"Add destination: with one of {string.Join(", ", destinations.Select(one => one.Name))}.");
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

        var found = new ValidationErrors();
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
    private IEnumerable<PipelineTableSet> Sets(Section sync, Combination combine, List<PipelineWorkspace> chosen, List<ReadTable> tables)
    {
        var prefix = sync.Text("table_prefix") ?? "";
        return combine == Combination.Union
            ? [Set(chosen, prefix, schema => schema ?? DestinationTable.DefaultSchema, tables)]
            : chosen.Select(workspace => (Workspace: workspace, Word: workspace.Name.Replace('-', '_'))).Select(one => combine == Combination.Prefix
                ? Set([one.Workspace], $"{prefix}{one.Word}_", schema => schema ?? DestinationTable.DefaultSchema, tables)
                : Set([one.Workspace], prefix, schema => schema is null ? one.Word : $"{schema}_{one.Word}", tables));
    }

    private PipelineTableSet Set(List<PipelineWorkspace> chosen, string prefix, Func<string?, string> schema, List<ReadTable> tables) =>
        new(chosen, [.. tables.Select(read => Named(read.Table, prefix, schema(read.Table.Settings.DestSchema)))]);

    // The reader of commands has its own names for some tables, and puts a prefix before those alone.
    private PipelineTable Named(PipelineTable table, string prefix, string schema)
    {
        var settings = table.Settings with
        {
            DestTable = table.Settings.DestTable is { } name ? prefix + name : null,
            TablePrefix = prefix,
            DestSchema = schema,
        };
        return table with
        {
            Settings = settings,
            Table = IngestRequestReader.Read(settings, "", around.Catalog, new ValidationErrors()).Tables[0].Table,
        };
    }

    private static PipelineSchedule? Schedule(Section sync) =>
        sync.Below("schedule") is { } full ? full.Text("cron") is { } cron ? new PipelineSchedule(cron, full.Text("time_zone") ?? Utc) : null
        : sync.Text("schedule") is { } brief ? new PipelineSchedule(brief, Utc)
        : null;
}

/// <summary>Reads <c>combine</c>.</summary>
internal static class CombinationText
{
    public static IReadOnlyList<string> Words { get; } = [.. Enum.GetNames<Combination>().Select(name => name.ToLowerInvariant())];

    public static Combination Read(string? text) => text is null ? Combination.Union : Enum.Parse<Combination>(text, ignoreCase: true);
}

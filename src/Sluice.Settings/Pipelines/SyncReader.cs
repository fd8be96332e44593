using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines.Yaml;

namespace Sluice.Settings.Pipelines;

/// <summary>Reads the syncs of a file.</summary>
internal sealed class SyncReader(
    PipelineContext around, IReadOnlyList<PipelineWorkspace> workspaces, IReadOnlyList<PipelineDestination> destinations, PipelineErrors mistakes)
{
    // Two syncs or tables that write one table would undo each other's work. Most destinations find a table by its name in any case.
    private readonly Dictionary<(string Destination, string Table), (string Sync, TableName Source, Place Place)> _taken = [];

    /// <summary>Gives the sync, or nothing when it is not known where it goes or what it reads.</summary>
    public IEnumerable<PipelineSync> Read(string name, Section sync)
    {
        var chosen = Workspaces(sync);
        var destination = Destination(name, sync);
        var reader = new TableReader(around, sync, mistakes);
        var tables = reader.ReadAll();
        if (destination is null || chosen.Count == 0 || tables.Count == 0)
        {
            return [];
        }

        var combine = sync.Text("combine") is { } word ? Takes.Words<Combination>()[word] : Combination.Union;
        var isOfNamed = chosen.Count > 1 || sync.Has("combine");
        var jobs = new List<TableJob>();
        var limit = destination.Uri is { } uri ? around.TableNames(uri) : NameLimit.None;
        foreach (var set in combine == Combination.Union ? [chosen] : chosen.Select(workspace => new List<PipelineWorkspace> { workspace }))
        {
            foreach (var table in tables)
            {
                var job = Placed(table, reader.Shared.Prefix, destination, combine, set[0].Name);
                Take(destination, job, name, table);
                RequireLength(job, limit, table);
                jobs.Add(isOfNamed ? Of(set, combine, job) : job);
            }
        }

        var result = new PipelineSync
        {
            Name = name,
            Destination = destination,
            Workspaces = chosen,
            Combine = combine,
            IsOfNamedWorkspaces = isOfNamed,
            Request = Request(reader, jobs, limit) with { Models = Models(sync, destination) },
            Uri = Partitioned(sync, destination),
            Schedule = ScheduleKeys.Read(sync, mistakes),
        };
        return [result];
    }

    // A name of a workspace becomes a part of an identifier: a dash in it would need quotes in every question.
    private static TableJob Placed(ReadTable table, string prefix, PipelineDestination destination, Combination combine, string workspace)
    {
        var word = workspace.Replace('-', '_');
        var schema = table.Draft.Schema ?? destination.Schema;
        return table.Job with
        {
            Table = prefix + (combine == Combination.Prefix ? $"{word}_" : "") + table.Job.Table,
            Schema = combine != Combination.Schema ? schema ?? DestinationName.DefaultSchema
                : schema is null ? word
                : $"{schema}_{word}",
        };
    }

    private static TableJob Of(List<PipelineWorkspace> workspaces, Combination combine, TableJob job) =>
        (combine == Combination.Union ? WorkspaceColumn.Combine(job) : WorkspaceColumn.AddTo(job)) with
        {
            Workspaces = [.. workspaces.Select(workspace => workspace.Name)],
        };

    private static IngestRequest Request(TableReader reader, List<TableJob> jobs, NameLimit limit) => reader.Shared.Request with
    {
        Tables = jobs,
        ParentMasks = reader.Shared.MaskSet,
        NamedColumns = reader.NamedColumns,
        Notes = reader.Notes,
        TableNames = limit,
    };

    private bool Models(Section sync, PipelineDestination destination)
    {
        var key = IngestSettings.Models.InFile;
        var isOn = sync.Has(key) ? sync.IsOn(key) : destination.Models;
        if (isOn && destination.Uri is { } uri && !around.HasModels(uri))
        {
            mistakes.Add(
                sync.PlaceOf(key),
                $"Models are views, and {destination.Name} has none.",
                "Leave models out; for the files of a lake 'sluice ddl --models' prints them for a warehouse.");
        }

        return isOn;
    }

    private void RequireLength(TableJob job, NameLimit limit, ReadTable table)
    {
        if (TableNaming.Problem(job, limit) is { } problem)
        {
            mistakes.Add(table.Place, problem, "Give the table a shorter name with as:, or the sync a shorter schema or table_prefix.");
        }
    }

    private void Take(PipelineDestination destination, TableJob job, string sync, ReadTable table)
    {
        var key = (destination.Identity, job.Place.ToLowerInvariant());
        if (!table.IsPlaceKnown || _taken.TryAdd(key, (sync, job.Source, table.Place)))
        {
            return;
        }

        var first = _taken[key];
        var other = first.Sync == sync ? $"{first.Source}" : $"{first.Source} of the sync {first.Sync}";
        mistakes.Add(
            table.Place,
            $"{job.Source} would be written into {job.Place} of {destination.Name}, and so is {other} in line {first.Place.Line}.",
            first.Sync == sync
                ? "Give one of them another name with as:"
                : "Give one of the syncs another schema or table_prefix, or the table another name with as:");
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
}

using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Settings;

/// <summary>Makes the request of what a user said, with the defaults of the catalog.</summary>
public static class IngestRequestReader
{
    /// <summary>Makes the request, and notes everything that is wrong; with mistakes it is not to be used.</summary>
    /// <param name="words">What was said.</param>
    /// <param name="pairId">Names the pair of workspace and destination.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    public static IngestRequest Read(SettingWords words, string pairId, ValidationErrors mistakes)
    {
        var draft = new JobDraft().With(words, mistakes);
        if (draft.Table is not null && draft.Tables.Count > 1)
        {
            mistakes.Add(
                IngestSettings.Table,
                $"{IngestSettings.Table} names one table, but {draft.Tables.Count} are read.",
                $"Leave it out (each table gets its own name), or name only the schema with {IngestSettings.Schema}.");
        }

        OptionReader.NoteUnused(draft.Tables, draft.Options, mistakes);
        if (draft.TimeZone is not null && !draft.Tables.Any(MetricsZone.IsTakenBy))
        {
            mistakes.Add(
                IngestSettings.TimeZone,
                $"None of the tables can be asked for in a time zone.",
                "Customer.io takes one for campaign_metrics, campaign_action_metrics and campaign_action_language_metrics.");
        }

        var jobs = draft.Tables.Select(name => JobReader.Read(name, draft, mistakes)).ToList();
        MaskCheck.Look(jobs, draft.Masks, mistakes);
        return draft.Request with
        {
            Tables = [.. jobs.Select(job => Renaming.Apply(Named(job, draft), draft.Renames, mistakes))],
            NamedColumns = ColumnNames.Unknown(draft.Names, jobs, name => name.Key.OnCommandLine),
            ParentMasks = draft.MaskSet,
            PairId = pairId,
            Notes = TableOverlap.Notes(draft.Tables, TableList.NamesAll(words.Of(IngestSettings.SourceTable))),
        };
    }

    // A name that was said is the whole name.
    private static TableJob Named(TableJob job, JobDraft draft) => draft.Table is null ? job with { Table = draft.Prefix + job.Table } : job;
}

/// <summary>Makes the job of a table of what was said of it and what the catalog says.</summary>
internal static class JobReader
{
    private const string Step = "step_index";
    private const string Start = "period_start";

    /// <summary>Makes the job, whose table has no prefix and whose columns have the catalog's names yet, and notes what is wrong.</summary>
    public static TableJob Read(TableName name, JobDraft draft, ValidationErrors mistakes)
    {
        var options = MetricsZone.AddTo(new OptionReader(name, mistakes).Read(draft.Options), name, draft.TimeZone);
        var where = new WhereReader(name, mistakes).Read(draft.Where);
        var resource = ConfiguredResource.With(ResourceCatalog.Default.Find(name.Resource)!, options, where);
        if (!options.IsEmpty && resource is { PersonParent: { } people, Window: not null } && where.On(people).Count > 0)
        {
            mistakes.Add(
                IngestSettings.Where,
                $"{name}: deliveries of single people can't be asked for with {string.Join(", ", options.Names)}: Customer.io's reference names " +
                    $"no such parameter.",
                "Leave out the options, or the condition.");
        }

        var job = Activities(Plain(name, resource, draft) with { Options = options, Where = where }, isNamed: draft.Table is not null);
        job = FlattenReader.Apply(job, draft.Flatten, draft.Tables.Contains(name) ? draft.Tables : [name], mistakes);
        job = draft.IsArchive ? Archive(job, mistakes) : job;
        job = job with { KeepsVersions = draft.KeepsVersions, Observes = draft.Observes };
        CheckKeys(job, mistakes);
        return MaskCheck.WithText(draft.Columns.ApplyTo(job, mistakes), mistakes);
    }

    private static TableJob Plain(TableName name, Resource resource, JobDraft draft)
    {
        var key = draft.PrimaryKey.Count > 0 ? draft.PrimaryKey : resource.PrimaryKey;
        var strategy = draft.IsFullRefresh ? Strategy.Replace
            : draft.Mode.Strategy ?? (draft.Mode.IsIncremental && key.Count > 0 ? Strategy.Merge : resource.DefaultStrategy);
        var place = draft.Table?.Split('.');
        return new TableJob
        {
            Source = name,
            Resource = resource,
            Schema = (place is [var schema, _] ? schema : draft.Schema) ?? DestinationName.DefaultSchema,
            Table = place?[^1] ?? name.TableIdentifier,
            Strategy = strategy,
            PrimaryKey = key,
            // Tables that are asked for by windows of time have no cursor, but a range of time that can be deleted.
            IncrementalKey =
                draft.IncrementalKey ?? resource.CursorColumn ?? (strategy == Strategy.DeleteInsert ? resource.Window?.Column : null),
            Settings = draft.Settings with { FullRefresh = draft.IsFullRefresh, Masks = draft.MaskSet },
        };
    }

    // Two ways: one table with the data as JSON, or one for each type with the data as columns.
    private static TableJob Activities(TableJob job, bool isNamed) => job.Options.One("result") switch
    {
        "single_table" => isNamed ? job : job with { Table = "activities_all" },
        "parsed" => job with
        {
            Table = isNamed ? job.Table : "activity",
            Slicing = job.Options.IsOn("event_tables") ? Slicing.ByTypeAndName : Slicing.ByType,
            Flattening = new Flattening(job.Resource.Flatten!, []),
        },
        _ => job,
    };

    // Rows are known by when their step began instead of by its place in the series, which moves every day, and are merged: what slides out of
    // Customer.io's range stays, and a step whose counts still change is updated.
    private static TableJob Archive(TableJob job, ValidationErrors mistakes)
    {
        if (!job.Resource.Columns.Any(column => column.Name == Start))
        {
            mistakes.Add(
                IngestSettings.Archive,
                $"{job.Source} holds no metrics by period: there is nothing to archive.",
                "archive is for tables such as campaign_metrics:days; others keep their rows with the strategy merge.");
            return job;
        }

        return job with
        {
            Strategy = Strategy.Merge,
            KeepsHistory = true,
            PrimaryKey = [.. job.PrimaryKey.Select(column => column == Step ? Start : column)],
            Without = job.Without.Append(Step).ToHashSet(StringComparer.Ordinal),
        };
    }

    private static void CheckKeys(TableJob job, ValidationErrors mistakes)
    {
        if (job.Strategy == Strategy.Merge && job.PrimaryKey.Count == 0)
        {
            mistakes.Add(
                IngestSettings.Strategy,
                $"{job.Source} can't be merged: nothing identifies its rows.",
                $"Give {IngestSettings.PrimaryKey}, or choose {IngestSettings.Strategy} replace.");
        }

        if (job.KeepsVersions && (job.PrimaryKey.Count == 0 || job.Strategy is Strategy.Append or Strategy.DeleteInsert))
        {
            mistakes.Add(
                IngestSettings.History,
                job.PrimaryKey.Count == 0 ? $"{job.Source} can't have a history: nothing identifies its rows."
                    : $"{job.Source} can't have a history: its rows are added, and are no states that follow each other.",
                $"A history is for tables that are merged or replaced by a key: give {IngestSettings.PrimaryKey} or another " +
                    $"{IngestSettings.Strategy}, or leave this table out.");
        }

        if (job.Strategy == Strategy.DeleteInsert && job.IncrementalKey is null)
        {
            mistakes.Add(
                IngestSettings.Strategy,
                $"{job.Source} has no column whose range delete+insert could delete.",
                $"Give {IngestSettings.IncrementalKey}, or choose {IngestSettings.Strategy} replace or merge.");
        }
    }
}

/// <summary>The zone of a table's days among its options.</summary>
internal static class MetricsZone
{
    public static bool IsTakenBy(TableName table) => OptionOf(table) is not null;

    // The zone that is asked for anyway is no other question: what is remembered of the table holds for it.
    public static OptionValues AddTo(OptionValues options, TableName table, string? zone)
    {
        if (OptionOf(table) is not { Name: var name, Query: { } parameter })
        {
            return options;
        }

        var wanted = options.One(name) ?? zone;
        return wanted is null || wanted == ResourceCatalog.Default.Find(table.Resource)!.Query[parameter]
            ? options.Without(name)
            : options.With(name, wanted);
    }

    private static ResourceOption? OptionOf(TableName table) => ResourceCatalog.Default.Find(table.Resource)!.OptionOf(OptionKind.TimeZone);
}

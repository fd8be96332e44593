using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Settings;

/// <summary>Checks what a user said and fills in the defaults of the catalog.</summary>
public static class IngestRequestReader
{
    private static readonly Dictionary<string, Strategy> Strategies = new(StringComparer.OrdinalIgnoreCase)
    {
        ["replace"] = Strategy.Replace,
        ["merge"] = Strategy.Merge,
        ["append"] = Strategy.Append,
        ["delete+insert"] = Strategy.DeleteInsert,
    };

    /// <summary>The words for the strategies, as <c>--incremental-strategy</c> takes them.</summary>
    public static IReadOnlyCollection<string> StrategyWords => Strategies.Keys;

    /// <summary>Makes the request, and notes everything that is wrong; with mistakes it is not to be used.</summary>
    public static IngestRequest Read(IngestSettings settings, string pairId, ResourceCatalog catalog, ValidationErrors mistakes)
    {
        var names = TableList.Read(settings.SourceTable, catalog, mistakes);
        var place = DestinationTable.Read(settings.DestTable, settings.DestSchema, names.Count, mistakes);
        var strategy = StrategyOf(settings, mistakes);
        var columns = ColumnChoice.Read(settings.Columns, settings.ExcludeColumns, mistakes);
        var jobs = names.Select(name => Job(name, place, strategy, settings, catalog, mistakes)).ToList();
        TableOptionResolver.NoteUnused(names, settings, catalog, mistakes);
        var renames = Renaming.Read(settings.Renames, mistakes);
        var masks = MaskReader.Read(settings.Masks, settings.MaskSalt, mistakes);
        foreach (var job in jobs)
        {
            CheckKeys(job, mistakes);
        }

        var tables = MaskCheck
            .Apply([.. jobs.Select(job => columns.ApplyTo(job, mistakes))], masks, catalog, mistakes)
            .Select(job => Renaming.Apply(job, renames, mistakes))
            .ToList();
        var shared = new TableSettings
        {
            Masks = masks,
            Interval = IntervalText.Read(settings.IntervalStart, settings.IntervalEnd, mistakes),
            Limit = LimitOf(settings.Limit, mistakes),
            FullRefresh = settings.FullRefresh,
            LookBack = LookBackText.Read(settings.LookBack, settings.CutoffDays, mistakes),
            Deletes = DeletePolicyText.Read(settings.Deletes, mistakes),
            Contract = SchemaContractText.Read(settings.SchemaContract, mistakes),
        };
        return new IngestRequest
        {
            Tables = [.. tables.Select(job => job with { Settings = shared })],
            ParentMasks = masks,
            AllowPartial = settings.AllowPartial,
            KeepSpool = settings.KeepSpool,
            WorkFolder = settings.WorkFolder,
            PairId = pairId,
        };
    }

    private static TableJob Job(
        TableName name, DestinationTable place, Strategy? strategy, IngestSettings settings, ResourceCatalog catalog, ValidationErrors mistakes)
    {
        var job = Activities(Plain(name, place, strategy, settings, catalog, mistakes), isNamed: place.Table is not null, settings.TablePrefix);
        job = job with { Flattening = FlatteningText.Read(name, job.Resource, settings.Flatten, mistakes) ?? job.Flattening };
        return settings.Archive ? Archive.Apply(job, mistakes) : job;
    }

    private static TableJob Plain(
        TableName name, DestinationTable place, Strategy? strategy, IngestSettings settings, ResourceCatalog catalog, ValidationErrors mistakes)
    {
        var options = TableOptionResolver.Of(name, settings, catalog, mistakes);
        var where = new WhereReader(name, catalog, mistakes).Read(settings.Where);
        var resource = ConfiguredResource.With(catalog.Find(name.Resource)!, options, where);
        if (!options.IsEmpty && resource is { PersonParent: { } people, Window: not null } && where.On(people).Count > 0)
        {
            mistakes.Add(
                $"{name}: deliveries of single people can't be asked for with {string.Join(", ", options.Names)}: Customer.io's reference names " +
                    $"no such parameter.",
                "Leave out the options, or the condition.");
        }

        var key = ColumnChoice.Names(settings.PrimaryKey).ToList();
        var wanted = strategy ?? resource.DefaultStrategy;
        return new TableJob
        {
            Source = name,
            Resource = resource,
            Options = options,
            Where = where,
            Schema = place.Schema,
            Table = place.Table ?? settings.TablePrefix + name.TableIdentifier,
            Strategy = wanted,
            PrimaryKey = key.Count > 0 ? key : resource.PrimaryKey,
            // Tables that are asked for by windows of time have no cursor, but a range of time that can be deleted.
            IncrementalKey = settings.IncrementalKey ?? resource.CursorColumn ?? (wanted == Strategy.DeleteInsert ? resource.Window?.Column : null),
        };
    }

    // Two ways: one table with the data as JSON, or one for each type with the data as columns.
    private static TableJob Activities(TableJob job, bool isNamed, string? prefix) => job.Options.One("result") switch
    {
        "single_table" => isNamed ? job : job with { Table = prefix + "activities_all" },
        "parsed" => job with
        {
            Table = isNamed ? job.Table : prefix + "activity",
            Slicing = job.Options.IsOn("event_tables") ? Slicing.ByTypeAndName : Slicing.ByType,
            Flattening = new Flattening(job.Resource.Flatten!, []),
        },
        _ => job,
    };

    private static void CheckKeys(TableJob job, ValidationErrors mistakes)
    {
        if (job.Strategy == Strategy.Merge && job.PrimaryKey.Count == 0)
        {
            mistakes.Add(
                $"{job.Source} can't be merged: nothing identifies its rows.", "Give --primary-key, or choose --incremental-strategy replace.");
        }

        if (job.Strategy == Strategy.DeleteInsert && job.IncrementalKey is null)
        {
            mistakes.Add(
                $"{job.Source} has no column whose range delete+insert could delete.",
                "Give --incremental-key, or choose --incremental-strategy replace or merge.");
        }
    }

    private static Strategy? StrategyOf(IngestSettings settings, ValidationErrors mistakes)
    {
        var text = settings.Strategy?.Trim();
        if (text is not { Length: > 0 })
        {
            return settings.FullRefresh ? Strategy.Replace : null;
        }

        if (!Strategies.TryGetValue(text, out var strategy))
        {
            mistakes.Add(
                $"There is no incremental strategy '{text}'.",
                Suggestion.For(text, Strategies.Keys) ?? $"There are {string.Join(", ", Strategies.Keys)}.");
        }

        return settings.FullRefresh ? Strategy.Replace : strategy;
    }

    private static long? LimitOf(string? text, ValidationErrors mistakes)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0)
        {
            return limit;
        }

        mistakes.Add($"--limit is no number of rows above 0: '{text}'.", "Write it as --limit 1000.");
        return null;
    }
}

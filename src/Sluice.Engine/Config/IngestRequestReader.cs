using System.Globalization;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Config;

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
    public static IngestRequest Read(IngestSettings settings, string pairId, ResourceCatalog catalog, Mistakes mistakes)
    {
        var names = TableList.Read(settings.SourceTable, catalog, mistakes);
        var place = DestinationTable.Read(settings.DestTable, settings.DestSchema, names.Count, mistakes);
        var strategy = StrategyOf(settings, mistakes);
        var columns = ColumnChoice.Read(settings.Columns, settings.ExcludeColumns, mistakes);
        var jobs = names.Select(name => Job(name, catalog.Find(name.Resource)!, place, strategy, settings)).ToList();
        var masks = MaskReader.Read(settings.Masks, settings.MaskSalt, mistakes);
        foreach (var job in jobs)
        {
            CheckKeys(job, mistakes);
        }

        return new IngestRequest
        {
            Tables = MaskCheck.Apply([.. jobs.Select(job => columns.ApplyTo(job, mistakes))], masks, catalog, mistakes),
            Masks = masks,
            Interval = IntervalText.Read(settings.IntervalStart, settings.IntervalEnd, mistakes),
            Limit = LimitOf(settings.Limit, mistakes),
            FullRefresh = settings.FullRefresh,
            LookBack = LookBackText.Read(settings.LookBack, settings.CutoffDays, mistakes),
            Deletes = DeletePolicyText.Read(settings.Deletes, mistakes),
            AllowPartial = settings.AllowPartial,
            KeepSpool = settings.KeepSpool,
            Contract = SchemaContractText.Read(settings.SchemaContract, mistakes),
            WorkFolder = settings.WorkFolder,
            PairId = pairId,
        };
    }

    private static TableJob Job(TableName name, Resource resource, DestinationTable place, Strategy? strategy, IngestSettings settings)
    {
        var key = ColumnChoice.Names(settings.PrimaryKey).ToList();
        var wanted = strategy ?? resource.DefaultStrategy;
        return new TableJob
        {
            Source = name,
            Resource = resource,
            Schema = place.Schema,
            Table = place.Table ?? name.TableIdentifier,
            Strategy = wanted,
            PrimaryKey = key.Count > 0 ? key : resource.PrimaryKey,
            // Tables that are asked for by windows of time have no cursor, but a range of time that can be deleted.
            IncrementalKey = settings.IncrementalKey ?? resource.CursorColumn ?? (wanted == Strategy.DeleteInsert ? resource.Window?.Column : null),
        };
    }

    private static void CheckKeys(TableJob job, Mistakes mistakes)
    {
        if (job.Strategy == Strategy.Merge && job.PrimaryKey.Count == 0)
        {
            mistakes.Add($"{job.Source} can't be merged: nothing identifies its rows.", "Give --primary-key, or choose --incremental-strategy replace.");
        }

        if (job.Strategy == Strategy.DeleteInsert && job.IncrementalKey is null)
        {
            mistakes.Add(
                $"{job.Source} has no column whose range delete+insert could delete.",
                "Give --incremental-key, or choose --incremental-strategy replace or merge.");
        }
    }

    private static Strategy? StrategyOf(IngestSettings settings, Mistakes mistakes)
    {
        var text = settings.Strategy?.Trim();
        if (text is not { Length: > 0 })
        {
            return settings.FullRefresh ? Strategy.Replace : null;
        }

        if (!Strategies.TryGetValue(text, out var strategy))
        {
            mistakes.Add(
                $"There is no incremental strategy '{text}'.", Suggestion.For(text, Strategies.Keys) ?? $"There are {string.Join(", ", Strategies.Keys)}.");
        }

        return settings.FullRefresh ? Strategy.Replace : strategy;
    }

    private static long? LimitOf(string? text, Mistakes mistakes)
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

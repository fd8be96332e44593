using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>What stays of a row of messages when the App API or a webhook brings it once more.</summary>
internal static class WebhookRules
{
    /// <summary>The table with the events.</summary>
    public const string EventsTable = "webhook_events";

    private const string Metrics = "metrics";

    /// <summary>The request in which tables that take webhooks are merged so that no metric is lost which only an event has brought so far.</summary>
    public static IngestRequest Apply(IngestRequest request, StateSnapshot states) => request with
    {
        Tables = [.. request.Tables.Select(job => Takes(job) && states.HasWebhooks(job.Schema) ? job with { Rules = OfApi(job) } : job)],
    };

    /// <summary>Whether events are folded into a table: its rows are merged, and known by the delivery alone or with its workspace.</summary>
    public static bool Takes(TableJob job)
    {
        return job.Source.Resource == "messages" && job.Strategy == Strategy.Merge && job.Where.IsEmpty
            && job.PrimaryKey.Where(column => column != WorkspaceColumn.Name).Select(SourceOf).SequenceEqual(["id"], StringComparer.Ordinal);

        string SourceOf(string column) => job.Resource.Columns.FirstOrDefault(one => one.Name == column)?.Source ?? column;
    }

    /// <summary>
    /// What a webhook brings: what stands there came from the API, which knows better, or from an event before this one. Only what is missing is
    /// added.
    /// </summary>
    public static IReadOnlyDictionary<string, MergeRule> OfEvents(TableJob job) => job.Resource.Columns.ToDictionary(
        column => column.Name,
        column => IsMetrics(job, column) ? MergeRule.PatchUnder : MergeRule.Fill,
        StringComparer.OrdinalIgnoreCase);

    /// <summary>What the API brings: it wins, and a metric that it does not have yet is not taken away.</summary>
    public static IReadOnlyDictionary<string, MergeRule> OfApi(TableJob job) => job.Resource.Columns
        .Where(column => IsMetrics(job, column))
        .ToDictionary(column => column.Name, _ => MergeRule.Patch, StringComparer.OrdinalIgnoreCase);

    private static bool IsMetrics(TableJob job, Column column) =>
        column.Source == Metrics && job.TypeOverrides.GetValueOrDefault(column.Name, column.Type) == ColumnType.Json;
}

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
    public static IReadOnlyDictionary<string, MergeRule> OfEvents(TableJob job) => Columns(job).ToDictionary(
        column => column.Name,
        column => IsMetrics(job, column) ? MergeRule.PatchUnder : MergeRule.Fill,
        StringComparer.OrdinalIgnoreCase);

    /// <summary>What the API brings: it wins, and a metric that it does not have yet is not taken away, nor is its time.</summary>
    public static IReadOnlyDictionary<string, MergeRule> OfApi(TableJob job) => MetricsOf(job) is null
        ? new Dictionary<string, MergeRule>(StringComparer.OrdinalIgnoreCase)
        : Columns(job)
            .Where(column => IsMetrics(job, column) || MetricIn(column) is not null)
            .ToDictionary(
                column => column.Name, column => IsMetrics(job, column) ? MergeRule.Patch : MergeRule.Prefer, StringComparer.OrdinalIgnoreCase);

    /// <summary>The column with all metrics of a row, if it holds an object; null when there is none.</summary>
    public static string? MetricsOf(TableJob job) => job.Resource.Columns.FirstOrDefault(column => IsMetrics(job, column))?.Name;

    /// <summary>The columns with the time of a single metric, by their names.</summary>
    public static IReadOnlyDictionary<string, string> TimesOf(TableJob job) => Columns(job)
        .Where(column => MetricIn(column) is not null)
        .ToDictionary(column => column.Name, column => MetricIn(column)!, StringComparer.OrdinalIgnoreCase);

    // The table may have times of metrics from a run that asked for them.
    private static IEnumerable<Column> Columns(TableJob job) => job.Resource.Columns.Concat(
        (job.Resource.Flatten?.Columns ?? []).Where(member => !job.Resource.Columns.Any(column =>
            column.Source == member.Source || column.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase))));

    private static string? MetricIn(Column column) =>
        column.Source.StartsWith(Metrics + ".", StringComparison.Ordinal) ? column.Source[(Metrics.Length + 1)..] : null;

    private static bool IsMetrics(TableJob job, Column column) =>
        column.Source == Metrics && job.TypeOverrides.GetValueOrDefault(column.Name, column.Type) == ColumnType.Json;
}

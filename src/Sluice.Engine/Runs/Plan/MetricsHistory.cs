using Sluice.Engine.Catalog;
using Sluice.Engine.State;

namespace Sluice.Engine.Runs;

/// <summary>
/// Tables of metrics that hold the whole life of what they count: steps of another zone, or of another question, must not stand between theirs.
/// </summary>
internal static class MetricsHistory
{
    /// <summary>The request in which a table that holds something else is replaced by its first reading.</summary>
    /// <exception cref="SluiceException">The table holds the days of another zone and can't be replaced (kind Config).</exception>
    public static IngestRequest Begin(IngestRequest request, StateSnapshot states) =>
        request with { Tables = [.. request.Tables.Select(job => Begin(job, states.Recorded(job)))] };

    private static TableJob Begin(TableJob job, TableState? state)
    {
        if (job.Resource.Metrics != MetricsStyle.Range || job.Strategy != Strategy.Merge || state is null)
        {
            return job;
        }

        var isWhole = job.Settings.Interval.IsAll && job.Settings.Limit is null;
        if (isWhole && !job.KeepsHistory)
        {
            // The table had the last 45 days before, and no marks.
            return state.Source == job.Question && WorkspaceMarks.HasParents(state) ? job : job with { Strategy = Strategy.Replace };
        }

        return ZoneOf(state.Source) == ZoneOf(job.Question) ? job : throw new SluiceException(
            SluiceErrorKind.Config,
            $"{job.Place} holds the {TableName.Word(job.Source.Period!.Value)} of {Told(state.Source)}, and those of {Told(job.Question)} can't " +
                $"stand beside them.",
            "Name the zone of the table with --timezone, or another table with --dest-table; without --archive, an interval and a limit the " +
                "table is replaced.");
    }

    private static string Told(string question) => ZoneOf(question) ?? $"{MetricsCalendar.TimeZone} (UTC-5)";

    // A question has its options behind the table's name: campaign_metrics:days?metric_type=email&timezone=Europe/Berlin where …
    private static string? ZoneOf(string question)
    {
        const string option = "timezone=";
        var place = question.IndexOf(option, StringComparison.Ordinal);
        return place < 0 ? null : question[(place + option.Length)..].Split('&', ' ')[0];
    }
}

using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Settings;

/// <summary>
/// Turns a table of metrics into a history that grows: what slides out of Customer.io's range stays, and a step whose counts still change is updated.
/// </summary>
public static class Archive
{
    private const string Step = "step_index";
    private const string Start = "period_start";

    /// <summary>Keys the rows by when their step began instead of by its place in the series, which moves every day, and merges them.</summary>
    public static TableJob Apply(TableJob job, ValidationErrors mistakes)
    {
        if (!job.Resource.Columns.Any(column => column.Name == Start))
        {
            mistakes.Add(
                $"{job.Source} holds no metrics by period: there is nothing to archive.",
                "archive is for tables such as campaign_metrics:days; others keep their rows with the strategy merge.");
            return job;
        }

        return job with
        {
            Strategy = Strategy.Merge,
            PrimaryKey = [.. job.PrimaryKey.Select(column => column == Step ? Start : column)],
            Without = job.Without.Append(Step).ToHashSet(StringComparer.Ordinal),
        };
    }
}

namespace Sluice.Settings.Pipelines;

/// <summary>When a sync or a push is due, and what becomes of a time at which it can't run.</summary>
/// <param name="Cron">Minute, hour, day of the month, month and day of the week; what daily and every mean is written in these, too.</param>
/// <param name="TimeZone">The name of a time zone in the IANA database.</param>
public sealed record PipelineSchedule(string Cron, string TimeZone)
{
    /// <summary>How often a run is tried again when the pipeline does not say.</summary>
    public const int UsualRetries = 3;

    private readonly CronTimes _times = new(Cron, TimeZoneInfo.FindSystemTimeZoneById(TimeZone));

    /// <summary>Which of the times that passed while no server ran are made up for.</summary>
    public MissedRuns Missed { get; init; } = MissedRuns.Once;

    /// <summary>How old a missed time may be to be made up for.</summary>
    public TimeSpan MissedLimit { get; init; } = TimeSpan.FromDays(1);

    /// <summary>What becomes of a time at which the run before it is still at work.</summary>
    public Overlap Overlap { get; init; } = Overlap.Skip;

    /// <summary>How often a run that failed for a reason that may pass is tried again.</summary>
    public int Retries { get; init; } = UsualRetries;

    /// <summary>The schedule in words, as <c>at '0 6 * * *' America/Los_Angeles</c>.</summary>
    public string Words => $"at '{Cron}' {TimeZone}";

    /// <summary>The first due time after an instant, in the schedule's zone; null when there is none.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => _times.Next(after);

    /// <summary>The next due times after an instant.</summary>
    public IEnumerable<DateTimeOffset> Upcoming(DateTimeOffset after)
    {
        for (var next = Next(after); next is { } due; next = Next(due))
        {
            yield return due;
        }
    }

    /// <inheritdoc/>
    public bool Equals(PipelineSchedule? other) =>
        other is not null && (Cron, TimeZone, Missed, MissedLimit, Overlap, Retries)
            == (other.Cron, other.TimeZone, other.Missed, other.MissedLimit, other.Overlap, other.Retries);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Cron, TimeZone, Missed, MissedLimit, Overlap, Retries);
}

/// <summary>Which of the due times that passed while no server ran are made up for.</summary>
public enum MissedRuns
{
    /// <summary>One run stands for all of them: a sync reads on from where the last one ended.</summary>
    Once,

    /// <summary>None: the next run is at the next due time.</summary>
    None,
}

/// <summary>What becomes of a due time while the run before it is still at work.</summary>
public enum Overlap
{
    /// <summary>It is skipped.</summary>
    Skip,

    /// <summary>It waits for the end of that run; several that wait become one.</summary>
    Queue,
}

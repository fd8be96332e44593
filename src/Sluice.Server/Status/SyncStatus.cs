using Sluice.Settings.Pipelines;

namespace Sluice.Server.Status;

/// <summary>How it stands with a sync or a push: is its data fresh?</summary>
public enum Freshness
{
    /// <summary>The last time at which it was due has been done, or it has no schedule and its last run was good.</summary>
    Fresh,

    /// <summary>It was due, and what was due has not been done after an hour.</summary>
    Late,

    /// <summary>Its last run failed, or left named rows out.</summary>
    Failing,

    /// <summary>It runs now.</summary>
    Running,

    /// <summary>A run waits in the queue.</summary>
    Queued,

    /// <summary>Its schedule is paused.</summary>
    Paused,

    /// <summary>It has never run.</summary>
    New,

    /// <summary>The pipeline file says something about it that can't be right.</summary>
    Broken,
}

/// <summary>A sync or a push, with how it stands.</summary>
public sealed record SyncStatus
{
    /// <summary>The name in the pipeline.</summary>
    public required string Name { get; init; }

    /// <summary>sync or push.</summary>
    public required string Kind { get; init; }

    /// <summary>How it stands.</summary>
    public required Freshness Freshness { get; init; }

    /// <summary>From where to where, as the pipeline names them.</summary>
    public required string From { get; init; }

    /// <summary>To where.</summary>
    public required string Into { get; init; }

    /// <summary>When it is due; null when it runs by hand alone.</summary>
    public PipelineSchedule? Schedule { get; init; }

    /// <summary>The next due time, in the zone of the schedule; computed now, for a stored one would be wrong some day.</summary>
    public DateTimeOffset? Next { get; init; }

    /// <summary>The due time that has not been done, when it is late.</summary>
    public DateTimeOffset? LateSince { get; init; }

    /// <summary>Since when its runs fail.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>The run that goes on now.</summary>
    public RunView? Running { get; init; }

    /// <summary>The last run that ended.</summary>
    public RunView? Last { get; init; }

    /// <summary>When the last good run began: the data is as of then.</summary>
    public DateTimeOffset? DataAsOf { get; init; }

    /// <summary>Rows written on each of the last 30 days, the oldest first; empty where nobody has asked for them.</summary>
    public IReadOnlyList<DayCount> Days { get; init; } = [];

    /// <summary>Who paused it, and why.</summary>
    public Pause? Pause { get; init; }

    /// <summary>What is wrong with it in the pipeline, or with its schedule.</summary>
    public string? Problem { get; init; }
}

/// <summary>A pause of a schedule.</summary>
/// <param name="By">Who paused it.</param>
/// <param name="At">Since when.</param>
/// <param name="Note">Why.</param>
public sealed record Pause(string By, DateTimeOffset At, string? Note);

/// <summary>The runs of a day (UTC).</summary>
/// <param name="Day">The day.</param>
/// <param name="Runs">Runs that ended.</param>
/// <param name="Failed">... those of them that failed or left rows out.</param>
/// <param name="Rows">Rows that were written.</param>
public sealed record DayCount(DateOnly Day, long Runs, long Failed, long Rows);

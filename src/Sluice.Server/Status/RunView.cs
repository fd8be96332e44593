using Sluice.Server.Control;
using Sluice.Server.Runs;

namespace Sluice.Server.Status;

/// <summary>A run, as it is shown and served.</summary>
public sealed record RunView
{
    /// <summary>The id, which every row carries in <c>_sluice_run_id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The sync or push.</summary>
    public required string Name { get; init; }

    /// <summary>sync or push.</summary>
    public required string Kind { get; init; }

    /// <summary>running, stopping, done, partial, failed, stopped or interrupted.</summary>
    public required string State { get; init; }

    /// <summary>schedule, catch-up, manual, api, retry or resume.</summary>
    public required string Reason { get; init; }

    /// <summary>1 for the first attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The node that ran it.</summary>
    public required string Node { get; init; }

    /// <summary>The time at which it was due; null when somebody asked for it.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The exit code that it deserved.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Rows that were written.</summary>
    public long? Rows { get; init; }

    /// <summary>HTTP requests that were made.</summary>
    public long? Requests { get; init; }

    /// <summary>What happened, in a sentence.</summary>
    public string? Summary { get; init; }

    /// <summary>Where it is, while it runs.</summary>
    public RunPosition? Position { get; init; }

    /// <summary>When somebody asked it to stop.</summary>
    public DateTimeOffset? CancelAskedAt { get; init; }

    /// <summary>Who did.</summary>
    public string? CancelAskedBy { get; init; }

    internal static RunView Of(RunRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Kind = row.Kind,
        State = row is { State: RunState.Running, CancelAskedAt: not null } ? "stopping" : row.State,
        Reason = row.Reason,
        Attempt = (int)row.Attempt,
        Node = row.Node,
        DueAt = ControlTime.Read(row.DueAt),
        StartedAt = ControlTime.Read(row.StartedAt),
        EndedAt = ControlTime.Read(row.EndedAt),
        ExitCode = (int?)row.ExitCode,
        Rows = row.TableRows,
        Requests = row.Requests,
        Summary = row.Summary,
        Position = ProgressJson.Read(row.Progress),
        CancelAskedAt = ControlTime.Read(row.CancelAskedAt),
        CancelAskedBy = row.CancelAskedBy,
    };
}

using Sluice.Engine.Runs;

namespace Sluice.Cli.Output;

/// <summary>One table at one moment.</summary>
internal sealed record TableSpeed(string Table, TableStage Stage, long Pages, long Rows, long Requests, double RowsPerSecond)
{
    public long? Expected { get; init; }

    public bool IsOver => Stage is TableStage.Done or TableStage.Failed;

    /// <summary>Whether something has happened that is worth a line.</summary>
    public bool IsBusy => !IsOver && (Pages > 0 || Stage == TableStage.Committing);

    /// <summary>The time left at the present speed, if the end is known.</summary>
    public TimeSpan? Left => Expected is { } all && RowsPerSecond > 0 && all > Rows ? TimeSpan.FromSeconds((all - Rows) / RowsPerSecond) : null;
}

using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Pipelines;

/// <summary>How a sync ended.</summary>
/// <param name="Name">The sync.</param>
/// <param name="Code">Its exit code.</param>
internal sealed record SyncEnd(string Name, int Code)
{
    /// <summary>What was done, if it came to that.</summary>
    public RunReport? Report { get; init; }

    /// <summary>What would be done, if that was asked.</summary>
    public RunPlan? Plan { get; init; }

    /// <summary>Why nothing could be done.</summary>
    public SluiceException? Error { get; init; }
}

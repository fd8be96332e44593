namespace Sluice.CustomerIo;

/// <summary>What a request budget was used for so far: a snapshot.</summary>
public sealed record BudgetUsage
{
    /// <summary>Requests that were let through.</summary>
    public long Granted { get; init; }

    /// <summary>Time the callers waited for their turn, added up over all of them.</summary>
    public TimeSpan Waited { get; init; }

    /// <summary>How often the budget was told to slow down.</summary>
    public long SlowDowns { get; init; }

    /// <summary>Requests a second over the latest window.</summary>
    public double CurrentRate { get; init; }

    /// <summary>The share of the allowed requests that were made since the first one, 0 to 1.</summary>
    public double Utilisation { get; init; }
}

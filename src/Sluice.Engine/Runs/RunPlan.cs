namespace Sluice.Engine.Runs;

/// <summary>What a run would ask Customer.io for, and what that costs.</summary>
public sealed record RunPlan
{
    /// <summary>The tables in the order in which they were asked for; tables that share pages carry the cost once.</summary>
    public required IReadOnlyList<PlannedTable> Tables { get; init; }

    /// <summary>Requests that the run is expected to make, lists of parents included.</summary>
    public required long Requests { get; init; }

    /// <summary>The time that those requests take at the budget's rate, if nothing else uses it.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Requests that planning itself made.</summary>
    public required long RequestsSpent { get; init; }

    /// <summary>What the numbers rest on where that is not plain.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

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

/// <summary>One table of a plan.</summary>
/// <param name="Source">The table as it was asked for.</param>
/// <param name="Table">The destination table with its schema.</param>
/// <param name="Strategy">What is done with rows that are there.</param>
/// <param name="How">How it is read, in words.</param>
/// <param name="Requests">Requests that are expected for it alone; 0 when another table's pages serve it.</param>
/// <param name="Basis">What the number rests on.</param>
public sealed record PlannedTable(string Source, string Table, string Strategy, string How, long Requests, string Basis)
{
    /// <summary>The workspace that is read; empty when there is a single one that nobody has named.</summary>
    public string Workspace { get; init; } = "";

    /// <summary>Requests that its conditions save: so many more would be made without them.</summary>
    public long Saved { get; init; }
}

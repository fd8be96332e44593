namespace Sluice.Engine.Runs;

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

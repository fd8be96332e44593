namespace Sluice.Engine.Runs;

/// <summary>What a plan needs of a parent's row.</summary>
/// <param name="Key">Its id; empty if it is only known that it exists.</param>
/// <param name="Created">When the parent was created, if it says so.</param>
/// <param name="Actions">How many actions it says it has.</param>
internal sealed record ParentProbeRow(string Key, DateTimeOffset? Created, int Actions);


namespace Sluice.Engine.Runs;

/// <summary>Where rows of a table come from: a feed of one workspace.</summary>
internal sealed record TableSource(string Workspace, SpooledExtraction Feed, RunClock Clock)
{
    /// <summary>What is put before a sentence about it, when there are several workspaces.</summary>
    public string Prefix => Workspace.Length == 0 ? "" : $"{Workspace}: ";
}

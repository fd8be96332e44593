namespace Sluice.Cli.Pipelines;

/// <summary>What a new pipeline file is to say.</summary>
/// <param name="Workspace">The name of the workspace.</param>
/// <param name="Region">us or eu.</param>
/// <param name="KeyVariable">The variable that holds the App API key.</param>
/// <param name="Destination">The address of the destination, or a variable that holds it.</param>
/// <param name="Tables">What is read, as --source-table takes it.</param>
internal sealed record InitAnswers(string Workspace, string Region, string KeyVariable, string Destination, string Tables)
{
    /// <summary>Other settings of the workspace, by key, with the variables that hold them.</summary>
    public IReadOnlyList<(string Key, string Variable)> MoreOfWorkspace { get; init; } = [];
}

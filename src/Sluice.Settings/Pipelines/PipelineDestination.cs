namespace Sluice.Settings.Pipelines;

/// <summary>A destination of a pipeline.</summary>
/// <param name="Name">The name in the file.</param>
/// <param name="Uri">The address, which may hold a password; null when a variable is not set and nobody asked for it.</param>
/// <param name="Identity">What makes it the same destination, whatever it is called by.</param>
/// <param name="Schema">The schema for syncs that name none, or null.</param>
public sealed record PipelineDestination(string Name, string? Uri, string Identity, string? Schema)
{
    /// <summary>Gives the name alone, for the address may hold a password.</summary>
    public override string ToString() => Name;
}

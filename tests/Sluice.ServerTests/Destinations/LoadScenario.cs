using Sluice.Engine.Catalog;

namespace Sluice.ServerTests.Destinations;

/// <summary>What is wanted of one load besides its rows.</summary>
internal sealed record LoadScenario
{
    public static LoadScenario Plain { get; } = new();

    public DeletePolicy Deletes { get; init; } = DeletePolicy.Ignore;

    public SchemaContract Contract { get; init; } = SchemaContract.Evolve;

    public bool FullRefresh { get; init; }
}

using Sluice.CustomerIo;

namespace Sluice.Engine.Runs;

/// <summary>One workspace that a run reads, with the client whose budget is the workspace's own.</summary>
/// <param name="Name">Its name in the pipeline, which becomes the value of the column <c>workspace</c>; empty when a run reads a single one that
/// nobody has named.</param>
/// <param name="PairId">Names the pair of this workspace and the destination: spools of different pairs never meet.</param>
/// <param name="Client">The way to it.</param>
public sealed record Workspace(string Name, string PairId, CustomerIoClient Client)
{
    /// <summary>The one workspace of a run that names none.</summary>
    public static IReadOnlyList<Workspace> Alone(IngestRequest request, CustomerIoClient client) => [new Workspace("", request.PairId, client)];
}

using System.Globalization;
using System.Text.Json;
using Sluice.CustomerIo;

namespace Sluice.Engine.Runs;

/// <summary>The run's "now" by Customer.io's clock, and what the account says of itself: one request before all others.</summary>
internal sealed record WorkspaceInfo(DateTimeOffset Now, IReadOnlyList<WorkspaceCounts> Workspaces)
{
    private static async Task<WorkspaceInfo> ReadAsync(CustomerIoClient client, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var answer = await client.SendAsync(WorkspaceCounts.Request, cancel);
            return new WorkspaceInfo(answer.ServerTime ?? time.GetUtcNow(), WorkspaceCounts.ParseAll(answer.Body));
        }
        catch (CustomerIoException error) when (error.Kind is CustomerIoErrorKind.Forbidden or CustomerIoErrorKind.NotFound)
        {
            // A key with a narrow scope may read tables without being allowed to list workspaces: the refusal tells the time as well.
            return new WorkspaceInfo(error.ServerTime ?? time.GetUtcNow(), []);
        }
    }

    /// <summary>
    /// What is counted in the key's own workspace; null with several in the account, of which the key does not tell which is its own.
    /// </summary>
    public WorkspaceCounts? Own => Workspaces is [var only] ? only : null;

    public static async Task<IReadOnlyList<WorkspaceInfo>> ReadAsync(IReadOnlyList<Workspace> workspaces, TimeProvider time, CancellationToken cancel)
    {
        var infos = new List<WorkspaceInfo>();
        try
        {
            foreach (var workspace in workspaces)
            {
                infos.Add(await ReadAsync(workspace.Client, time, cancel));
            }
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }

        return infos;
    }
}

/// <summary>What Customer.io says of a workspace; counts are cached there for up to two hours.</summary>
/// <param name="Id">The workspace's id.</param>
/// <param name="Name">Its name.</param>
/// <param name="People">People in it.</param>
/// <param name="MessagesSent">Messages sent in the current billing period, all channels.</param>
/// <param name="Objects">Objects in it.</param>
public sealed record WorkspaceCounts(string Id, string Name, long People, long MessagesSent, long Objects)
{
    /// <summary>The request that asks for the workspaces of the key's account.</summary>
    public static ApiRequest Request { get; } = ApiRequest.Get("/v1/workspaces");

    /// <summary>Reads the answer to <see cref="Request"/>.</summary>
    public static IReadOnlyList<WorkspaceCounts> ParseAll(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("workspaces", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(Parse)]
            : [];
    }

    private static WorkspaceCounts Parse(JsonElement workspace) =>
        new(
            Text(workspace, "id"),
            Text(workspace, "name"),
            Number(workspace, "people"),
            Number(workspace, "messages_sent"),
            Number(workspace, "objects"));

    private static string Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.ToString() : "";

    private static long Number(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && long.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var number) ? number : 0;
}

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

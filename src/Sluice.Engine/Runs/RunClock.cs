using System.Text.Json;
using Sluice.CustomerIo;

namespace Sluice.Engine.Runs;

/// <summary>The run's "now" by Customer.io's clock, and what the account says of itself: one request before all others.</summary>
internal sealed record RunClock(DateTimeOffset Now, IReadOnlyList<WorkspaceCounts> Workspaces)
{
    private static readonly ApiRequest Request = ApiRequest.Get("/v1/workspaces");

    public static async Task<RunClock> ReadAsync(CustomerIoClient client, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var answer = await client.SendAsync(Request, cancel);
            return new RunClock(answer.ServerTime ?? time.GetUtcNow(), Parse(answer.Body));
        }
        catch (CustomerIoException error) when (error.Kind is CustomerIoErrorKind.Forbidden or CustomerIoErrorKind.NotFound)
        {
            // A key with a narrow scope may read tables without being allowed to list workspaces.
            return new RunClock(time.GetUtcNow(), []);
        }
    }

    private static List<WorkspaceCounts> Parse(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.TryGetProperty("workspaces", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(WorkspaceCounts.Parse)]
            : [];
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>The Track API says that a change is queued, and drops it later: all changes, or those whose JSON contains a text.</summary>
internal sealed class DropChangeFault(string text) : Fault
{
    private const string Batch = "batch";

    // It does nothing, and leaves the places of the others in a batch as they were.
    private static readonly JsonNode Nothing = JsonNode.Parse(
        """{"type":"delivery","action":"event","identifiers":{"id":"-"},"name":"opened","attributes":{"device_token":"-"}}""")!;

    public override bool Applies(SimulatedRequest request) =>
        request.Route is { Access: Access.Track, Writes: true }
        && Encoding.UTF8.GetString(request.Body.Span).Contains(text, StringComparison.Ordinal);

    public override SimulatedRequest RewriteRequest(SimulatedRequest request)
    {
        if (!IsBatch(request))
        {
            return request;
        }

        var kept = JsonNode.Parse(request.Body.Span)![Batch]!.AsArray()
            .Select(one => one!.ToJsonString().Contains(text, StringComparison.Ordinal) ? Nothing.DeepClone() : one.DeepClone());
        return request with { Body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { [Batch] = new JsonArray([.. kept]) }) };
    }

    public override ApiResponse? Respond(SimulatedRequest request)
    {
        if (IsBatch(request))
        {
            return null;
        }

        var response = new ApiResponse();
        response.Replace("{}"u8);
        return response;
    }

    private static bool IsBatch(SimulatedRequest request) => request.Path is [.., Batch];
}

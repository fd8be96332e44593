using System.Text.Json;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.TrackApi;

/// <summary>Version 2: a single operation, or a batch whose failed operations are reported by index.</summary>
internal static class TrackV2Routes
{
    private const int LargestBatch = 500 * 1024;

    public static void Map(Router router)
    {
        router.Write("POST", "/api/v2/entity", Entity, Access.Track);
        router.Write("POST", "/api/v2/batch", Batch, Access.Track);
    }

    private static void Entity(ApiCall call)
    {
        EntityOperation.Apply(call.World, Body(call));
        call.Object(_ => { });
    }

    private static JsonElement Body(ApiCall call)
    {
        try
        {
            return call.Json();
        }
        catch (ApiException problem)
        {
            throw TrackBody.Invalid("", problem.Message);
        }
    }

    private static void Batch(ApiCall call)
    {
        if (call.Body.Length > LargestBatch)
        {
            throw TrackBody.Invalid("batch", "a batch may be 500 kB at most");
        }

        if (!Body(call).TryGetProperty("batch", out var batch) || batch.ValueKind != JsonValueKind.Array || batch.GetArrayLength() == 0)
        {
            throw TrackBody.Invalid("batch", "batch must be a list that is not empty");
        }

        var failed = new List<(int Index, ApiException Problem)>();
        foreach (var (operation, index) in batch.EnumerateArray().Select((operation, index) => (operation, index)))
        {
            try
            {
                EntityOperation.Apply(call.World, operation);
            }
            catch (ApiException problem)
            {
                failed.Add((index, problem));
            }
        }

        call.Response.Status = failed.Count == 0 ? 200 : 207;
        call.Object(writer => WriteErrors(writer, failed));
    }

    private static void WriteErrors(Utf8JsonWriter writer, List<(int Index, ApiException Problem)> failed)
    {
        if (failed.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("errors");
        foreach (var (index, problem) in failed)
        {
            writer.WriteStartObject();
            writer.WriteNumber("batch_index", index);
            writer.WriteString("reason", "invalid");
            writer.WriteString("field", problem.Pointer);
            writer.WriteString("message", problem.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Responds with an error status and the API's error body for it.</summary>
internal sealed class StatusFault(int status, Action<ApiResponse>? more = null) : Fault
{
    public override ApiResponse Respond(SimulatedRequest request)
    {
        var response = new ApiResponse();
        response.Fail(new ApiException(status, $"pretended {status}", status % 2 == 0 ? ErrorEnvelope.Errors : ErrorEnvelope.Meta));
        more?.Invoke(response);
        return response;
    }
}

/// <summary>The HTML error page of a proxy in front of the API.</summary>
internal sealed class HtmlErrorFault(int status) : Fault
{
    public override ApiResponse Respond(SimulatedRequest request)
    {
        var response = new ApiResponse { Status = status, ContentType = "text/html" };
        response.Replace("<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"u8);
        return response;
    }
}

/// <summary>A good body with a wrong content type.</summary>
internal sealed class ContentTypeFault(string contentType) : Fault
{
    public override void RewriteResponse(SimulatedRequest request, ApiResponse response) => response.ContentType = contentType;
}

/// <summary>A Date header behind the clock, as if the clock of the server or of a proxy had been set back.</summary>
internal sealed class LateDateFault(TimeSpan behind) : Fault
{
    public override void RewriteResponse(SimulatedRequest request, ApiResponse response) => response.DateShift = -behind;
}

/// <summary>What an account of the other region gets: a redirect or an error.</summary>
internal sealed class WrongDatacenterFault(int status) : Fault
{
    public override ApiResponse Respond(SimulatedRequest request)
    {
        var response = new ApiResponse();
        response.Fail(new ApiException(status, "wrong datacenter", ErrorEnvelope.Meta));
        if (status == 301)
        {
            response.Headers["Location"] = "https://api-eu.customer.io" + request.Http.Request.Path + request.Http.Request.QueryString;
        }

        return response;
    }
}

/// <summary>The parent of a child list was deleted after it was listed.</summary>
internal sealed class DeletedParentFault : Fault
{
    public override bool Applies(SimulatedRequest request)
        => request.Route is { Segments.Length: >= 4 } route && route.Segments[2].StartsWith('{');

    public override ApiResponse Respond(SimulatedRequest request)
    {
        var response = new ApiResponse();
        response.Fail(ApiException.NotFound());
        return response;
    }
}

/// <summary>Changes the bytes of a good response.</summary>
internal sealed class BytesFault(Func<ReadOnlyMemory<byte>, byte[]> change) : Fault
{
    /// <summary>A byte order mark before the JSON.</summary>
    public static byte[] ByteOrderMark(ReadOnlyMemory<byte> body) => [0xEF, 0xBB, 0xBF, .. body.Span];

    /// <summary>JSON that ends in the middle of a value.</summary>
    public static byte[] InvalidJson(ReadOnlyMemory<byte> body) => [.. body.Span[..(body.Length / 2)], .. "\u0001,]}"u8];

    /// <summary>An empty body.</summary>
    public static byte[] Nothing(ReadOnlyMemory<byte> body) => [];

    /// <summary>A list without the object around it.</summary>
    public static byte[] BareList(ReadOnlyMemory<byte> body)
    {
        var root = JsonNode.Parse(body.Span) as JsonObject;
        var list = root?.Select(pair => pair.Value).OfType<JsonArray>().FirstOrDefault();
        return list is null ? [.. "["u8, .. body.Span, .. "]"u8] : JsonSerializer.SerializeToUtf8Bytes(list);
    }

    /// <summary>An object without its lists.</summary>
    public static byte[] WithoutLists(ReadOnlyMemory<byte> body) =>
        JsonNode.Parse(body.Span) is JsonObject root
            ? JsonSerializer.SerializeToUtf8Bytes(
                new JsonObject(root.Where(pair => pair.Value is not JsonArray).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())))
            )
            : body.ToArray();

    /// <summary>A string with invalid UTF-8: a lead byte without a continuation byte.</summary>
    public static byte[] BrokenUtf8(ReadOnlyMemory<byte> body)
    {
        var text = body.Span.IndexOf(":\""u8) + 2;
        return text < 2 ? body.ToArray() : [.. body.Span[..text], 0xC3, 0x28, .. body.Span[text..]];
    }

    public override void RewriteResponse(SimulatedRequest request, ApiResponse response)
    {
        if (response.Status < 300)
        {
            response.Replace(change(response.Body));
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Changes the bytes of a good answer.</summary>
internal sealed class BytesFault(Func<ReadOnlyMemory<byte>, byte[]> change) : Fault
{
    /// <summary>A byte order mark before the JSON.</summary>
    public static byte[] ByteOrderMark(ReadOnlyMemory<byte> body) => [0xEF, 0xBB, 0xBF, .. body.Span];

    /// <summary>JSON that breaks in the middle of a value.</summary>
    public static byte[] InvalidJson(ReadOnlyMemory<byte> body) => [.. body.Span[..(body.Length / 2)], .. "\u0001,]}"u8];

    /// <summary>Nothing at all.</summary>
    public static byte[] Nothing(ReadOnlyMemory<byte> body) => [];

    /// <summary>A list without the object around it.</summary>
    public static byte[] BareList(ReadOnlyMemory<byte> body)
    {
        var root = JsonNode.Parse(body.Span) as JsonObject;
        var list = root?.Select(pair => pair.Value).OfType<JsonArray>().FirstOrDefault();
        return list is null ? [.. "["u8, .. body.Span, .. "]"u8] : JsonSerializer.SerializeToUtf8Bytes(list);
    }

    /// <summary>An object that lacks its lists.</summary>
    public static byte[] WithoutLists(ReadOnlyMemory<byte> body) => JsonNode.Parse(body.Span) is JsonObject root
        ? JsonSerializer.SerializeToUtf8Bytes(new JsonObject(root.Where(pair => pair.Value is not JsonArray).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))))
        : body.ToArray();

    /// <summary>A string with bytes in it that are no UTF-8: a lead byte without what must follow it.</summary>
    public static byte[] BrokenUtf8(ReadOnlyMemory<byte> body)
    {
        var text = body.Span.IndexOf(":\""u8) + 2;
        return text < 2 ? body.ToArray() : [.. body.Span[..text], 0xC3, 0x28, .. body.Span[text..]];
    }

    public override void Alter(Visit visit, Answer answer)
    {
        if (answer.Status < 300)
        {
            answer.Replace(change(answer.Body));
        }
    }
}

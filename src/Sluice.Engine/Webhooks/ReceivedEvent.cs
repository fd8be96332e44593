using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Webhooks;

/// <summary>An event of a reporting webhook as it waits to be folded: masked, and no longer than it may be.</summary>
/// <param name="EventId">What it is known by: the vendor's id, or a hash of the body when that has none.</param>
/// <param name="ReceivedAt">When it came first.</param>
/// <param name="Body">An object of JSON.</param>
/// <param name="Masks">The masks that were applied, by their names.</param>
public sealed record ReceivedEvent(string EventId, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Body, string Masks)
{
    /// <summary>Bytes of a body above which long values are left out of it.</summary>
    public const int MostBytes = 1 << 20;

    private const int MostValueBytes = 32 << 10;

    /// <summary>How often it came while it waited.</summary>
    public int Copies { get; init; } = 1;

    /// <summary>Whether long values were left out.</summary>
    public bool IsCut { get; private init; }

    /// <summary>Whether the body was no object of JSON, so that nothing but its length is known.</summary>
    public bool IsUnreadable { get; private init; }

    /// <summary>
    /// Reads the body of a request whose signature is right. Whatever it holds there is an event: a refusal would keep the vendor from sending all
    /// that comes after it.
    /// </summary>
    public static ReceivedEvent Read(ReadOnlyMemory<byte> raw, EventMasking masks, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(masks);
        try
        {
            using var document = JsonDocument.Parse(raw, RawJson.DocumentOptions);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                var isCut = raw.Length > MostBytes;
                var body = masks.Apply(isCut ? Cut(document.RootElement) : raw);
                return new ReceivedEvent(IdOf(document.RootElement) ?? HashOf(raw.Span), at, body.ToArray(), masks.Applied) { IsCut = isCut };
            }
        }
        catch (JsonException)
        {
            // What it is can be seen from the event that stands for it.
        }

        var length = Encoding.UTF8.GetBytes(FormattableString.Invariant($$"""{"unreadable_bytes":{{raw.Length}}}"""));
        return new ReceivedEvent(HashOf(raw.Span), at, length, masks.Applied) { IsUnreadable = true };
    }

    private static string? IdOf(JsonElement body) =>
        body.TryGetProperty(EventColumns.Key, out var id) && id.ValueKind == JsonValueKind.String
            && EngineJson.UnquoteOrNull(id.GetRawText()) is { Length: > 0 } text
            ? text
            : null;

    private static string HashOf(ReadOnlySpan<byte> raw) => $"sha256-{Convert.ToHexStringLower(SHA256.HashData(raw))}";

    // The bodies of messages and their headers are what makes an event long; its ids are short.
    private static ReadOnlyMemory<byte> Cut(JsonElement body)
    {
        var copy = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(copy))
        {
            Cut(body, writer);
        }

        return copy.WrittenMemory;
    }

    private static void Cut(JsonElement from, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var member in from.EnumerateObject())
        {
            var raw = JsonMarshal.GetRawUtf8Value(member.Value);
            if (member.Value.ValueKind == JsonValueKind.Object && writer.CurrentDepth == 1)
            {
                writer.WritePropertyName(member.Name);
                Cut(member.Value, writer);
            }
            else if (raw.Length <= MostValueBytes)
            {
                writer.WritePropertyName(member.Name);
                writer.WriteRawValue(raw);
            }
        }

        writer.WriteEndObject();
    }
}

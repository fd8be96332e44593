using System.Buffers;
using System.Text.Json.Nodes;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;

namespace Sluice.Writes.Push;

/// <summary>Makes of what was sent for a row what takes it away again.</summary>
internal static class RemovedItem
{
    public static ReadOnlyMemory<byte> Write(Operation removal, string sent)
    {
        var (json, to) = (JsonNode.Parse(sent)!, new ArrayBufferWriter<byte>());
        foreach (var piece in removal.Pieces)
        {
            ValueText.Raw(piece switch
            {
                "@value" => sent,
                "@person" => Members((json["cio_relationships"]?[0]?["identifiers"] ?? json["identifiers"])!.AsObject()),
                ['@', .. var name] => Text(json["identifiers"]![name]!),
                _ => piece,
            }, to);
        }

        return to.WrittenMemory;
    }

    private static string Members(JsonObject identifiers) => Text(identifiers)[1..^1];

    private static string Text(JsonNode value) => value.ToJsonString(RelaxedJson.Options);
}

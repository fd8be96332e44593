using System.Buffers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Extract;

/// <summary>Takes secrets out of records before they reach the disk.</summary>
internal sealed partial class RecordRewriter
{
    private readonly HashSet<string> _urlFields;

    private RecordRewriter(HashSet<string> urlFields) => _urlFields = urlFields;

    public static RecordRewriter? For(Resource resource)
    {
        var fields = resource.Redactions
            .Where(redaction => redaction.Rule == RedactionRule.UrlSecrets)
            .Select(redaction => redaction.Column)
            .ToHashSet(StringComparer.Ordinal);
        return fields.Count == 0 ? null : new RecordRewriter(fields);
    }

    public PageDraft Rewrite(string walk, Page page, byte[] stamp)
    {
        var next = string.IsNullOrEmpty(page.Next) ? null : page.Next;
        var draft = new PageDraft(walk, page.Body.Length) { Next = next, Last = next is null };
        for (var i = 0; i < page.Records.Count; i++)
        {
            draft.Add(Rewrite(page.Record(i)), stamp);
        }

        draft.Fields.Add(page.Fields);
        return draft;
    }

    /// <summary>Leaves of a URL what tells where it leads, not what opens it.</summary>
    internal static string RedactUrl(string url) => QueryValue().Replace(UserInfo().Replace(url, "$1***@"), "$1***");

    private ReadOnlySpan<byte> Rewrite(ReadOnlyMemory<byte> record)
    {
        using var document = JsonDocument.Parse(record, RecordDepth.OfDocument);
        var buffer = new ArrayBufferWriter<byte>(record.Length + 64);
        using (var writer = new Utf8JsonWriter(buffer, RecordDepth.OfWriter))
        {
            writer.WriteStartObject();
            foreach (var property in document.RootElement.EnumerateObject())
            {
                Write(writer, property);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }

    private void Write(Utf8JsonWriter writer, JsonProperty property)
    {
        if (_urlFields.Contains(property.Name) && property.Value.ValueKind == JsonValueKind.String)
        {
            writer.WriteString(property.Name, RedactUrl(property.Value.GetString()!));
        }
        else
        {
            property.WriteTo(writer);
        }
    }

    [GeneratedRegex(@"^([a-z][a-z0-9+.-]*://)[^/?#]*@", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"([?&][^=&#]*=)[^&#]*", RegexOptions.NonBacktracking)]
    private static partial Regex QueryValue();
}

using System.Text;
using System.Text.Json;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>Values that a record does not contain, such as its parent's id, are written in front of its fields under reserved names.</summary>
internal static class InjectedColumns
{
    public static string NameOf(string column) => Column.InjectedPrefix + column;

    public static bool IsInjected(string field) => field.StartsWith(Column.InjectedPrefix, StringComparison.Ordinal);

    /// <summary>Joins two prefixes, each of which can be empty.</summary>
    public static byte[] Join(byte[] first, byte[] second) => first.Length == 0 ? second : second.Length == 0 ? first : [.. first, .. second.AsSpan(1)];

    /// <summary>The values of a prefix as raw JSON by field.</summary>
    public static Dictionary<string, string> Read(byte[] prefix)
    {
        if (prefix.Length == 0)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(prefix.AsSpan(..^1)) + "}");
        return document.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetRawText(), StringComparer.Ordinal);
    }

    /// <summary>Builds <c>{"_sluice_p_campaign_id":7,</c> from columns and raw JSON values; empty when there are none.</summary>
    public static byte[] Build(IEnumerable<KeyValuePair<string, string>> rawValues)
    {
        var text = new StringBuilder();
        foreach (var (column, raw) in rawValues)
        {
            text.Append(text.Length == 0 ? '{' : ' ').Append(EngineJson.Quote(NameOf(column)))
                .Append(':').Append(raw).Append(',');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}

using System.Text;
using System.Text.Json;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Shape;

/// <summary>What a record does not say itself (its parent's id) is written in front of it under a reserved name.</summary>
internal static class InjectedColumns
{
    public static string NameOf(string column) => Column.InjectedPrefix + column;

    public static bool IsStamp(string field) => field.StartsWith(Column.InjectedPrefix, StringComparison.Ordinal);

    /// <summary>Puts two stamps together, of which each may be empty.</summary>
    public static byte[] Join(byte[] first, byte[] second) => first.Length == 0 ? second : second.Length == 0 ? first : [.. first, .. second.AsSpan(1)];

    /// <summary>The values of a stamp as raw JSON by field.</summary>
    public static Dictionary<string, string> Read(byte[] stamp)
    {
        if (stamp.Length == 0)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(stamp.AsSpan(..^1)) + "}");
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

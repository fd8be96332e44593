using System.Text;
using System.Text.Json;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>
/// Values that a record does not contain (its parent's id, what was asked for) are written in front of its fields under reserved names.
/// </summary>
internal static class InjectedColumns
{
    public static string NameOf(string column) => Column.InjectedPrefix + column;

    public static bool IsInjected(string field) => field.StartsWith(Column.InjectedPrefix, StringComparison.Ordinal);

    /// <summary>What records have from their parent and from the variant of the request.</summary>
    public static byte[] Of(Resource resource, ParentRow parent, RequestVariant? variant)
    {
        var own = resource.Parent?.Columns.Select(column => KeyValuePair.Create(column.Key, parent.Raw(column.Value))) ?? [];
        var asked = variant?.Columns.Select(column => KeyValuePair.Create(column.Key, EngineJson.Quote(column.Value))) ?? [];
        return Build(own.Concat(asked));
    }

    /// <summary>Puts two together, of which each may be empty.</summary>
    public static byte[] Join(byte[] first, byte[] second) =>
        first.Length == 0 ? second
        : second.Length == 0 ? first
        : [.. first, .. second.AsSpan(1)];

    /// <summary>The values as raw JSON by field.</summary>
    public static Dictionary<string, string> Read(byte[] injected)
    {
        if (injected.Length == 0)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(injected.AsSpan(..^1)) + "}");
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

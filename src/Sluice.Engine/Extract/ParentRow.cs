using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Extract;

/// <summary>A row of a parent resource, read only as far as a child needs it.</summary>
internal sealed class ParentRow
{
    private readonly Dictionary<string, string?> _raw = new(StringComparer.Ordinal);

    private ParentRow()
    {
    }

    /// <summary>A parent for resources that have none.</summary>
    public static ParentRow None { get; } = new();

    /// <summary>A parent of which nothing is known but the key that a user has named.</summary>
    public static ParentRow Named(string column, string key)
    {
        var row = new ParentRow();
        row._raw[column] = EngineJson.Quote(key);
        return row;
    }

    /// <summary>Reads the columns that a child needs from one spooled line of the parent.</summary>
    public static ParentRow Parse(ReadOnlyMemory<byte> line, Resource parent, IReadOnlyCollection<string> columns)
    {
        using var document = JsonDocument.Parse(line, RecordDepth.OfDocument);
        var row = new ParentRow();
        foreach (var column in columns)
        {
            row._raw[column] = Find(document.RootElement, parent, column);
        }

        return row;
    }

    /// <summary>The column's raw JSON, or "null".</summary>
    public string Raw(string column) => _raw.GetValueOrDefault(column) ?? "null";

    /// <summary>The column as text for a path or a query, or null when the parent has no value.</summary>
    public string? Text(string column) => _raw.GetValueOrDefault(column) switch
    {
        null or "null" or "\"\"" => null,
        ['"', ..] text => EngineJson.Unquote(text),
        var number => number,
    };

    private static string? Find(JsonElement record, Resource parent, string name)
    {
        if (record.TryGetProperty(InjectedColumns.NameOf(name), out var stamped))
        {
            return stamped.GetRawText();
        }

        var column = parent.Columns.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal));
        foreach (var source in column?.Sources ?? [name])
        {
            if (TryFollow(record, source, out var value))
            {
                return value.GetRawText();
            }
        }

        return null;
    }

    private static bool TryFollow(JsonElement record, string path, out JsonElement value)
    {
        value = record;
        foreach (var key in path.Split('.'))
        {
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(key, out value))
            {
                return false;
            }
        }

        return value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);
    }
}

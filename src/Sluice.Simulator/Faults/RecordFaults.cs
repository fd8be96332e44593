using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Changes the rows of a list.</summary>
internal sealed class RowsFault(Action<JsonArray> change) : Fault
{
    /// <summary>Repeats the first row at the end.</summary>
    public static void Duplicate(JsonArray rows) => rows.Add(rows[0]?.DeepClone());

    /// <summary>Drops the last rows, one by default.</summary>
    public static void Drop(JsonArray rows, string? count)
    {
        var many = count is null ? 1 : int.Parse(count, NumberStyles.None, CultureInfo.InvariantCulture);
        while (many-- > 0 && rows.Count > 0)
        {
            rows.RemoveAt(rows.Count - 1);
        }
    }

    /// <summary>Adds an unknown field to every row.</summary>
    public static void AddField(JsonArray rows)
    {
        foreach (var row in rows.OfType<JsonObject>())
        {
            row["brand_new_field"] = new JsonObject { ["a"] = 1, ["b"] = new JsonArray("x") };
        }
    }

    /// <summary>Replaces a scalar with an object in every row.</summary>
    public static void ChangeType(JsonArray rows, string? field)
    {
        foreach (var row in rows.OfType<JsonObject>())
        {
            var name = field ?? row.FirstOrDefault(pair => pair.Value is JsonValue && !pair.Key.EndsWith("id", StringComparison.Ordinal)).Key;
            if (name is not null && row.ContainsKey(name))
            {
                row[name] = new JsonObject { ["was"] = row[name]?.DeepClone() };
            }
        }
    }

    public override void RewriteResponse(SimulatedRequest request, ApiResponse response)
    {
        if (response.Status != 200 || Parse(response) is not { } body)
        {
            return;
        }

        foreach (var rows in body.Select(pair => pair.Value).OfType<JsonArray>().Where(rows => rows.Count > 0))
        {
            change(rows);
        }

        response.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
    }

    public static JsonObject? Parse(ApiResponse response)
    {
        try
        {
            return JsonNode.Parse(response.Body.Span) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Repeats the last row of a page as the first of the next, as if rows had moved while the list was read.</summary>
internal sealed class RepeatedRowFault : Fault
{
    private readonly Dictionary<string, JsonNode> _last = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public override void RewriteResponse(SimulatedRequest request, ApiResponse response)
    {
        if (response.Status != 200 || RowsFault.Parse(response) is not { } body
            || body.Select(pair => pair.Value).OfType<JsonArray>().FirstOrDefault(rows => rows.Count > 0) is not { } rows)
        {
            return;
        }

        var path = string.Join('/', request.Path);
        var last = rows[^1]!.DeepClone();
        lock (_gate)
        {
            if (request.Query["start"] is not null && _last.TryGetValue(path, out var repeated))
            {
                rows.Insert(0, repeated.DeepClone());
            }

            _last[path] = last;
        }

        response.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
    }
}

/// <summary>
/// Adds a record to a page: a copy of the last one with another id and some unusual JSON that no serializer would write,
/// as the first field, <c>raw</c>.
/// </summary>
internal sealed class RawRecordFault : Fault
{
    private const string Hole = "\"raw\":\"\"";
    private const long NewId = 999_000_001;
    private const int DeepLevels = 200;
    private const int TooDeepLevels = 8_000;
    private const int LargeBytes = 2 * 1024 * 1024;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly SortedDictionary<string, string> Raw = new(StringComparer.Ordinal)
    {
        ["big-integer"] = """ "raw":9007199254740993,"raw_inside":{"n":9007199254740993} """,
        ["deep"] = $"\"raw\":{string.Concat(Enumerable.Repeat("{\"a\":[", DeepLevels / 2))}1{string.Concat(Enumerable.Repeat("]}", DeepLevels / 2))}",
        ["huge-integer"] = """ "raw":9223372036854775808,"raw_inside":{"n":123456789012345678901234567890} """,
        ["large"] = $"\"raw\":\"{new string('x', LargeBytes)}\"",
        ["lone-surrogate"] = """ "raw":"left \ud800 right","raw_inside":{"t":"left \udfff right"} """,
        ["nul"] = """ "raw":"left \u0000 right","raw_inside":{"t":"left \u0000 right"} """,
        ["null-key"] = """ "raw":"null-key" """,
        ["repeated-key"] = """ "raw":"first","raw":"last" """,
        ["too-deep"] = $"\"raw\":{new string('[', TooDeepLevels)}{new string(']', TooDeepLevels)},\"raw_inside\":{{\"t\":1}}",
        ["unknown-enum"] = """ "raw":"unknown-enum" """,
    };

    private readonly string _name;

    public RawRecordFault(string name)
    {
        _name = Raw.ContainsKey(name) ? name : throw new FormatException($"'{name}' is no odd record: {string.Join(", ", Raw.Keys)}");
    }

    public override void RewriteResponse(SimulatedRequest request, ApiResponse response)
    {
        if (response.Status != 200 || RowsFault.Parse(response) is not { } body
            || body.Select(pair => pair.Value).OfType<JsonArray>().FirstOrDefault(rows => rows.Count > 0 && rows[^1] is JsonObject) is not { } rows)
        {
            return;
        }

        rows.Add((JsonNode)Like((JsonObject)rows[^1]!, request.Path is [.., "customers"] ? "cio_id" : "id"));
        var text = JsonSerializer.Serialize(body, Relaxed);
        response.Replace(Encoding.UTF8.GetBytes(text.Replace(Hole, Raw[_name].Trim(), StringComparison.Ordinal)));
    }

    private JsonObject Like(JsonObject row, string key)
    {
        var record = new JsonObject { ["raw"] = "" };
        foreach (var (name, value) in row)
        {
            record[name] = value?.DeepClone();
        }

        Rename(record, key);
        switch (_name)
        {
            case "unknown-enum":
                record["type"] = "telepathy";
                record["state"] = "hibernating";
                break;
            case "huge-integer":
                record["updated"] = JsonNode.Parse("9223372036854775808");
                break;
        }

        return record;
    }

    private void Rename(JsonObject record, string key)
    {
        record[key] = _name == "null-key" ? null
            : record[key]?.GetValueKind() == JsonValueKind.Number ? JsonValue.Create(NewId)
            : JsonValue.Create($"raw-{_name}");
    }
}

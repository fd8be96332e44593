using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>
/// One more record at the end of a page: the last one with another id and something odd in it, which no JSON writer would write so.
/// What is odd stands first in the record, under <c>raw</c>.
/// </summary>
internal sealed class RawRecordFault : Fault
{
    private const string Hole = "\"raw\":\"\"";
    private const long NewId = 999_000_001;
    private const int DeepLevels = 200;
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
        ["unknown-enum"] = """ "raw":"unknown-enum" """,
    };

    private readonly string _name;

    public RawRecordFault(string name)
    {
        _name = Raw.ContainsKey(name) ? name : throw new FormatException($"'{name}' is no odd record: {string.Join(", ", Raw.Keys)}");
    }

    public override void Alter(Visit visit, Answer answer)
    {
        if (answer.Status != 200 || RowsFault.Parse(answer) is not { } body
            || body.Select(pair => pair.Value).OfType<JsonArray>().FirstOrDefault(rows => rows.Count > 0 && rows[^1] is JsonObject) is not { } rows)
        {
            return;
        }

        rows.Add((JsonNode)Like((JsonObject)rows[^1]!, visit.Path is [.., "customers"] ? "cio_id" : "id"));
        var text = JsonSerializer.Serialize(body, Relaxed);
        answer.Replace(Encoding.UTF8.GetBytes(text.Replace(Hole, Raw[_name].Trim(), StringComparison.Ordinal)));
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

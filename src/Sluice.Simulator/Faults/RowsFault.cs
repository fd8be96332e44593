using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Changes the rows of a list.</summary>
internal sealed class RowsFault(Action<JsonArray> change) : Fault
{
    /// <summary>The first row once more at the end.</summary>
    public static void Duplicate(JsonArray rows) => rows.Add(rows[0]?.DeepClone());

    /// <summary>Leaves out the last rows, one unless a number is given, as if there were none.</summary>
    public static void Drop(JsonArray rows, string? count)
    {
        var many = count is null ? 1 : int.Parse(count, NumberStyles.None, CultureInfo.InvariantCulture);
        while (many-- > 0 && rows.Count > 0)
        {
            rows.RemoveAt(rows.Count - 1);
        }
    }

    /// <summary>A field that nobody has heard of, in every row.</summary>
    public static void AddField(JsonArray rows)
    {
        foreach (var row in rows.OfType<JsonObject>())
        {
            row["brand_new_field"] = new JsonObject { ["a"] = 1, ["b"] = new JsonArray("x") };
        }
    }

    /// <summary>An object where there was a plain value, in every row.</summary>
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

    public override void Alter(Visit visit, Answer answer)
    {
        if (answer.Status != 200 || Parse(answer) is not { } body)
        {
            return;
        }

        foreach (var rows in body.Select(pair => pair.Value).OfType<JsonArray>().Where(rows => rows.Count > 0))
        {
            change(rows);
        }

        answer.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
    }

    public static JsonObject? Parse(Answer answer)
    {
        try
        {
            return JsonNode.Parse(answer.Body.Span) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>The last row of a page once more as the first of the next, as when rows move while a list is read.</summary>
internal sealed class RepeatedRowFault : Fault
{
    private readonly Dictionary<string, JsonNode> _last = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public override void Alter(Visit visit, Answer answer)
    {
        if (answer.Status != 200 || RowsFault.Parse(answer) is not { } body
            || body.Select(pair => pair.Value).OfType<JsonArray>().FirstOrDefault(rows => rows.Count > 0) is not { } rows)
        {
            return;
        }

        var path = string.Join('/', visit.Path);
        var last = rows[^1]!.DeepClone();
        lock (_gate)
        {
            if (visit.Query["start"] is not null && _last.TryGetValue(path, out var repeated))
            {
                rows.Insert(0, repeated.DeepClone());
            }

            _last[path] = last;
        }

        answer.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
    }
}

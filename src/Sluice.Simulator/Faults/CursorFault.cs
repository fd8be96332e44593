using System.Text.Json;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Gives tokens out again that a walk has already had: A, A or A, B, A.</summary>
internal sealed class CursorFault(int different) : Fault
{
    private readonly Dictionary<string, List<string>> _given = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public override void Alter(Visit visit, Answer answer)
    {
        if (RowsFault.Parse(answer) is { } body && body["next"] is { } next)
        {
            var token = next.GetValue<string>();
            body["next"] = token.Length == 0 && visit.Query["start"] is null ? token : Instead(visit, token);
            answer.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
        }
    }

    private string Instead(Visit visit, string token)
    {
        lock (_gate)
        {
            var path = string.Join('/', visit.Path);
            if (visit.Query["start"] is null || !_given.TryGetValue(path, out var given))
            {
                _given[path] = given = [];
            }

            if (given.Count < different && token.Length > 0)
            {
                given.Add(token);
                return token;
            }

            return given.Count == 0 ? token : given[^1] == visit.Query["start"] ? given[0] : given[^1];
        }
    }
}

using System.Globalization;
using System.Text.Json;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Gives tokens out as JSON numbers, and understands them when they come back.</summary>
internal sealed class NumberCursorFault : Fault
{
    private readonly List<string> _tokens = [];
    private readonly Lock _gate = new();

    public override Visit Incoming(Visit visit)
    {
        lock (_gate)
        {
            return int.TryParse(visit.Query["start"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= _tokens.Count
                ? visit with { Query = visit.Query.With("start", _tokens[number - 1]) }
                : visit;
        }
    }

    public override void Alter(Visit visit, Answer answer)
    {
        if (RowsFault.Parse(answer) is not { } body || body["next"]?.ToString() is not { Length: > 0 } token)
        {
            return;
        }

        lock (_gate)
        {
            _tokens.Add(token);
            body["next"] = _tokens.Count;
        }

        answer.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
    }
}

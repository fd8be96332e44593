using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>An empty page in the middle of a list; its token leads to the rows that it left out.</summary>
internal sealed class EmptyPageFault : Fault
{
    public override bool Applies(Visit visit) => visit.Query["start"]?.EndsWith(Cursors.Again) != true;

    public override void Alter(Visit visit, Answer answer)
    {
        if (RowsFault.Parse(answer) is not { } body || body["next"] is not { } next || next.GetValue<string>().Length == 0)
        {
            return;
        }

        foreach (var rows in body.Select(pair => pair.Value).OfType<JsonArray>())
        {
            rows.Clear();
        }

        body["next"] = (visit.Query["start"] ?? Cursors.Beginning) + Cursors.Again;
        answer.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
    }
}

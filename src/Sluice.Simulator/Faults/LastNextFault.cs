using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Ends a list in one form, whatever form the endpoint usually has: all of them occur.</summary>
internal sealed class LastNextFault : Fault
{
    private readonly string _form;

    public LastNextFault(string form)
    {
        _form = form is "null" or "empty" or "absent" ? form : throw new FormatException($"'{form}' is no end of a list: null, empty or absent");
    }

    public override void Alter(Visit visit, Answer answer)
    {
        if (answer.Status != 200 || RowsFault.Parse(answer) is not { } body || body["next"] is JsonValue next && next.ToString().Length > 0)
        {
            return;
        }

        body.Remove("next");
        if (_form != "absent")
        {
            body["next"] = _form == "empty" ? JsonValue.Create("") : null;
        }

        answer.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
    }
}

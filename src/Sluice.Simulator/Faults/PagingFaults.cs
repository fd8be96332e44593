using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Simulator.Http;

namespace Sluice.Simulator.Faults;

/// <summary>Repeats page tokens of the same list: A, A or A, B, A.</summary>
internal sealed class CursorFault(int different) : Fault
{
    private readonly Dictionary<string, List<string>> _given = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    public override void RewriteResponse(SimulatedRequest request, ApiResponse response)
    {
        if (RowsFault.Parse(response) is { } body && body["next"] is { } next)
        {
            var token = next.GetValue<string>();
            body["next"] = token.Length == 0 && request.Query["start"] is null ? token : Respond(request, token);
            response.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
        }
    }

    private string Respond(SimulatedRequest request, string token)
    {
        lock (_gate)
        {
            var path = string.Join('/', request.Path);
            if (request.Query["start"] is null || !_given.TryGetValue(path, out var given))
            {
                _given[path] = given = [];
            }

            if (given.Count < different && token.Length > 0)
            {
                given.Add(token);
                return token;
            }

            return given.Count == 0 ? token : given[^1] == request.Query["start"] ? given[0] : given[^1];
        }
    }
}

/// <summary>Returns page tokens as JSON numbers, and accepts them as such.</summary>
internal sealed class NumberCursorFault : Fault
{
    private readonly List<string> _tokens = [];
    private readonly Lock _gate = new();

    public override SimulatedRequest RewriteRequest(SimulatedRequest request)
    {
        lock (_gate)
        {
            return int.TryParse(request.Query["start"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= _tokens.Count
                ? request with { Query = request.Query.With("start", _tokens[number - 1]) }
                : request;
        }
    }

    public override void RewriteResponse(SimulatedRequest request, ApiResponse response)
    {
        if (RowsFault.Parse(response) is not { } body || body["next"]?.ToString() is not { Length: > 0 } token)
        {
            return;
        }

        lock (_gate)
        {
            _tokens.Add(token);
            body["next"] = _tokens.Count;
        }

        response.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
    }
}

/// <summary>Ends a list in the given form, whatever the endpoint usually does.</summary>
internal sealed class LastNextFault : Fault
{
    private readonly string _form;

    public LastNextFault(string form)
    {
        _form = form is "null" or "empty" or "absent" ? form : throw new FormatException($"'{form}' is no end of a list: null, empty or absent");
    }

    public override void RewriteResponse(SimulatedRequest request, ApiResponse response)
    {
        if (response.Status != 200 || RowsFault.Parse(response) is not { } body || body["next"] is JsonValue next && next.ToString().Length > 0)
        {
            return;
        }

        body.Remove("next");
        if (_form != "absent")
        {
            body["next"] = _form == "empty" ? JsonValue.Create("") : null;
        }

        response.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
    }
}

/// <summary>An empty page in the middle of a list; its token leads to the omitted rows.</summary>
internal sealed class EmptyPageFault : Fault
{
    public override bool Applies(SimulatedRequest request) => request.Query["start"]?.EndsWith(Cursors.Again) != true;

    public override void RewriteResponse(SimulatedRequest request, ApiResponse response)
    {
        if (RowsFault.Parse(response) is not { } body || body["next"] is not { } next || next.GetValue<string>().Length == 0)
        {
            return;
        }

        foreach (var rows in body.Select(pair => pair.Value).OfType<JsonArray>())
        {
            rows.Clear();
        }

        body["next"] = (request.Query["start"] ?? Cursors.Beginning) + Cursors.Again;
        response.Replace(JsonSerializer.SerializeToUtf8Bytes(body));
    }
}

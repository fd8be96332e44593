using System.Text.Json.Nodes;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Checks;

/// <summary>Prints what the endpoints of Customer.io said: names of fields and kinds of values, so that it can be handed on.</summary>
internal sealed class ApiView(CommandRun run, bool json)
{
    private readonly List<EndpointAnswer> _answers = [];

    public void Write(EndpointAnswer answer)
    {
        _answers.Add(answer);
        if (json)
        {
            return;
        }

        var name = answer.Resource.Name;
        run.Host.Out.WriteLine(answer.Outcome switch
        {
            EndpointOutcome.Answered => $"ok  {name}: {NumberFormat.Count(answer.Records)} {(answer.Records == 1 ? "record" : "records")}",
            EndpointOutcome.Empty => $"ok  {name}: no records, so no fields to compare",
            EndpointOutcome.NoParent => $"--  {name}: not asked: {answer.Detail}",
            EndpointOutcome.Refused => $"!!  {name}: refused, for the key lacks the scope ({answer.Detail})",
            _ => $"!!  {name}: failed ({answer.Detail})",
        });
        WriteFields("Not known to Sluice", answer.Unknown.Select(field => $"{field.Key} ({Kinds(field.Value)})"));
        WriteFields("In no record", answer.Lacking);
    }

    public void WriteEnd()
    {
        if (json)
        {
            run.Host.Out.WriteLine(JsonOutput.Write(new JsonObject { ["endpoints"] = JsonOutput.Array(_answers.Select(Json)) }));
            return;
        }

        run.Host.Out.WriteLine();
        run.Host.Out.WriteLine(
            $"{_answers.Count} endpoints: {Count(EndpointOutcome.Answered)} with records, {Count(EndpointOutcome.Empty)} without, "
                + $"{Count(EndpointOutcome.NoParent)} not asked, {Count(EndpointOutcome.Refused)} refused, {Count(EndpointOutcome.Failed)} failed.");
        run.Host.Out.WriteLine(
            $"{_answers.Sum(answer => answer.Unknown.Count)} unknown fields. The same as JSON, for a report: sluice check --api --json");
    }

    private int Count(EndpointOutcome outcome) => _answers.Count(answer => answer.Outcome == outcome);

    private void WriteFields(string what, IEnumerable<string> names)
    {
        var all = names.Select(VisibleText.Line).ToList();
        if (all.Count > 0)
        {
            run.Host.Out.WriteLine($"    {what}: {string.Join(", ", all)}");
        }
    }

    private static JsonObject Json(EndpointAnswer answer)
    {
        var found = new JsonObject
        {
            ["table"] = answer.Resource.Name,
            ["endpoint"] = $"{answer.Resource.Method} {answer.Resource.Path}",
            ["outcome"] = Word(answer.Outcome),
            ["records"] = answer.Records,
            ["unknown_fields"] = new JsonObject(answer.Unknown.Select(field => KeyValuePair.Create(field.Key, (JsonNode?)Kinds(field.Value)))),
            ["lacking_columns"] = JsonOutput.Array(answer.Lacking),
        };
        if (answer.Detail is { } detail)
        {
            found["detail"] = detail;
        }

        return found;
    }

    private static string Word(EndpointOutcome outcome) => outcome switch
    {
        EndpointOutcome.Answered => "answered",
        EndpointOutcome.Empty => "empty",
        EndpointOutcome.NoParent => "not_asked",
        EndpointOutcome.Refused => "refused",
        _ => "failed",
    };

    private static string Kinds(JsonKinds kinds) => kinds.ToString().ToLowerInvariant();
}

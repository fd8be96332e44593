using System.Text.Json.Nodes;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.Server.Checks;

namespace Sluice.Cli.Checks;

/// <summary>Prints the findings of a check: successes on stdout, errors on stderr.</summary>
internal static class CheckView
{
    public static void Write(IReadOnlyList<Finding> findings, CommandRun run, bool json)
    {
        if (json)
        {
            run.Host.Out.WriteLine(JsonOutput.Write(Json(findings)));
        }

        foreach (var finding in findings)
        {
            if (finding.Error is { } error)
            {
                run.Messages.Error($"{finding.About}: {error.Message}", error.Hint);
            }
            else if (!json)
            {
                run.Host.Out.WriteLine($"ok  {finding.About}: {VisibleText.Line(finding.Text)}");
            }
        }
    }

    private static JsonObject Json(IReadOnlyList<Finding> findings) => new()
    {
        ["ok"] = findings.All(finding => finding.Error is null),
        ["findings"] = JsonOutput.Array(findings.Select(Json)),
    };

    private static JsonObject Json(Finding finding)
    {
        var json = new JsonObject { ["about"] = finding.About, ["ok"] = finding.Error is null, ["text"] = finding.Text };
        if (finding.Error?.Hint is { } hint)
        {
            json["hint"] = hint;
        }

        return json;
    }
}

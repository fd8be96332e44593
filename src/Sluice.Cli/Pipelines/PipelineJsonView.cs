using System.Text.Json.Nodes;
using Sluice.Cli.Output;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Pipelines;

/// <summary>Describes a pipeline file and its errors for programs.</summary>
internal static class PipelineJsonView
{
    public static string Write(string name, PipelineFile file) => JsonOutput.Write(new JsonObject
    {
        ["file"] = name,
        ["ok"] = file.ValidationErrors.Count == 0,
        ["mistakes"] = JsonOutput.Array(file.ValidationErrors.Select(Json)),
        ["warnings"] = JsonOutput.Array(file.Warnings.Select(Json)),
        ["syncs"] = JsonOutput.Array(file.Syncs.Select(Json)),
    }) + "\n";

    private static JsonObject Json(PipelineError mistake)
    {
        var json = new JsonObject
        {
            ["file"] = mistake.File,
            ["line"] = mistake.Line,
            ["column"] = mistake.Column,
            ["message"] = mistake.Message,
        };
        if (mistake.Fix is { } fix)
        {
            json["fix"] = fix;
        }

        return json;
    }

    private static JsonObject Json(PipelineSync sync)
    {
        var json = new JsonObject
        {
            ["name"] = sync.Name,
            ["destination"] = sync.Destination.Name,
            ["combine"] = sync.Combine.ToString().ToLowerInvariant(),
        };
        if (sync.Schedule is { } schedule)
        {
            json["schedule"] = new JsonObject { ["cron"] = schedule.Cron, ["time_zone"] = schedule.TimeZone };
        }

        json["tables"] = JsonOutput.Array(sync.Request.Tables.Select(job => new JsonObject
        {
            ["source"] = job.Source.ToString(),
            ["table"] = job.Place,
            ["workspaces"] = JsonOutput.Array(sync.Workspaces.Select(workspace => workspace.Name).Where(job.IsReadFrom)),
        }));
        return json;
    }
}

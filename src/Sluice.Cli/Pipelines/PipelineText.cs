using System.Text;
using System.Text.Json.Nodes;
using Sluice.Cli.Output;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Pipelines;

/// <summary>Describes a pipeline file and its errors for people.</summary>
internal static class PipelineText
{
    private const int TablesShown = 6;

    public static string Write(string name, PipelineFile file)
    {
        var text = new StringBuilder();
        foreach (
            var (mistake, word) in file
                .ValidationErrors.Select(one => (one, ""))
                .Concat(file.Warnings.Concat(file.Doubts).Select(one => (one, "warning: ")))
                .OrderBy(one => one.one.Line)
                .ThenBy(one => one.one.Column))
        {
            text.Append(Lines(mistake, word));
        }

        if (file.ValidationErrors.Count > 0)
        {
            return text.Append(Count(file.ValidationErrors.Count, "mistake")).Append(" in ").Append(name).Append(".\n").ToString();
        }

        foreach (var sync in file.Syncs)
        {
            text.Append(Summary(sync)).Append('\n');
            text.AppendJoin("", TableNaming.Notes(sync.Request).Select(note => $"    {note}\n"));
        }

        foreach (var push in file.Pushes)
        {
            text.Append($"ok  {push.Name}: {SourceOf(push)} -> {push.Workspace.Name}, {push.Into}{At(push.Schedule)}\n");
        }

        text.AppendJoin("", file.TwoWays.Select(one => $"ok  {one.Name}: {one.Summary}\n"));
        return text.ToString();
    }

    /// <summary>What a push reads: the name of a destination, or a file.</summary>
    public static string SourceOf(PipelinePush push) => push.From?.Name ?? push.File!;

    private static string At(PipelineSchedule? schedule) => schedule is { } at ? $", {at.Words}" : "";

    /// <summary>An error with its position, and its fix on a line of its own.</summary>
    public static string Lines(PipelineError mistake, string word = "") =>
        $"{mistake.File}:{mistake.Line}:{mistake.Column}: {word}{mistake.Message}\n{(mistake.Fix is null ? "" : $"  {mistake.Fix}\n")}";

    public static string Count(int number, string word) => $"{number} {word}{(number == 1 ? "" : "s")}";

    private static string Summary(PipelineSync sync)
    {
        var tables = sync.Request.Tables.Select(job => job.Place).ToList();
        var shown = string.Join(", ", tables.Take(TablesShown)) + (tables.Count > TablesShown ? ", ..." : "");
        var workspaces = string.Join(", ", sync.Workspaces.Select(workspace => workspace.Name));
        return $"ok  {sync.Name}: {workspaces} -> {sync.Destination.Name}, {Count(tables.Count, "table")} ({shown}){At(sync.Schedule)}";
    }
}

/// <summary>Describes a pipeline file and its errors for programs.</summary>
internal static class PipelineJsonView
{
    public static string Write(string name, PipelineFile file) => JsonOutput.Write(new JsonObject
    {
        ["file"] = name,
        ["ok"] = file.ValidationErrors.Count == 0,
        ["mistakes"] = JsonOutput.Array(file.ValidationErrors.Select(Json)),
        ["warnings"] = JsonOutput.Array(file.Warnings.Concat(file.Doubts).Select(Json)),
        ["syncs"] = JsonOutput.Array(file.Syncs.Select(Json)),
        ["pushes"] = JsonOutput.Array(file.Pushes.Select(Json)),
        ["two_way"] = JsonOutput.Array(file.TwoWays.Select(one => new JsonObject
        {
            ["name"] = one.Name,
            ["workspace"] = one.Workspace.Name,
            ["database"] = one.Database.Name,
            ["table"] = one.Table,
            ["with"] = one.Collection is { } name ? $"collection:{name}" : "snippets",
        })),
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

    /// <summary>A push.</summary>
    public static JsonObject Json(PipelinePush push)
    {
        var json = new JsonObject
        {
            ["name"] = push.Name,
            ["source"] = PipelineText.SourceOf(push),
            ["workspace"] = push.Workspace.Name,
            ["into"] = push.Into,
        };
        if (push.Mode is { } mode)
        {
            json["mode"] = mode;
        }

        AddSchedule(json, push.Schedule);
        return json;
    }

    private static void AddSchedule(JsonObject json, PipelineSchedule? schedule)
    {
        if (schedule is { } at)
        {
            json["schedule"] = new JsonObject { ["cron"] = at.Cron, ["time_zone"] = at.TimeZone };
        }
    }

    private static JsonObject Json(PipelineSync sync)
    {
        var json = new JsonObject
        {
            ["name"] = sync.Name,
            ["destination"] = sync.Destination.Name,
            ["combine"] = sync.Combine.ToString().ToLowerInvariant(),
        };
        AddSchedule(json, sync.Schedule);
        json["tables"] = JsonOutput.Array(sync.Request.Tables.Select(job => new JsonObject
        {
            ["source"] = job.Source.ToString(),
            ["table"] = job.Place,
            ["workspaces"] = JsonOutput.Array(sync.Workspaces.Select(workspace => workspace.Name).Where(job.IsReadFrom)),
        }));
        return json;
    }
}

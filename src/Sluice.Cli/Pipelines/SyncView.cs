using System.Text.Json;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Pipelines;

/// <summary>Tells how syncs ended: each as it ends for people, all in one document for programs.</summary>
internal static class SyncView
{
    public static void Announce(SyncLoad load, CommandRun run, bool json)
    {
        if (json)
        {
            run.Messages.Info($"Sync {load.Name}");
        }
        else
        {
            run.Host.Out.WriteLine($"== {load.Name}");
            run.Host.Out.Flush();
        }
    }

    public static void Write(SyncEnd end, CommandRun run, bool json)
    {
        if (end.Error is { } error)
        {
            run.Messages.Error($"{end.Name}: {error.Message}", error.Hint);
        }
        else if (end.Report is { } report && json)
        {
            ReportView.Explain(report, run);
        }
        else if (end.Report is { } shown)
        {
            ReportView.Write(shown, run, json: false);
        }
        else if (end.Plan is { } plan && !json)
        {
            run.Host.Out.Write(PlanView.Write(plan, json: false));
            run.Host.Out.Flush();
        }
    }

    /// <summary>Says how all went together, and gives the exit code.</summary>
    public static int Close(IReadOnlyList<SyncEnd> ends, CommandRun run, bool json)
    {
        var code = ExitCode.Worst(ends.Select(end => end.Code));
        if (json)
        {
            run.Host.Out.WriteLine(Json(ends, code));
        }
        else if (ends.Count > 1)
        {
            var bad = ends.Where(end => end.Code != ExitCode.Done).Select(end => $"{end.Name} ({end.Code})").ToList();
            run.Host.Out.WriteLine($"{ends.Count} syncs, {(bad.Count == 0 ? "all done" : $"not done: {string.Join(", ", bad)}")}");
        }

        return code;
    }

    private static string Json(IReadOnlyList<SyncEnd> ends, int code) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("exit_code", code);
        writer.WriteStartArray("syncs");
        foreach (var end in ends)
        {
            Write(writer, end);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, SyncEnd end)
    {
        writer.WriteStartObject();
        writer.WriteString("sync", end.Name);
        writer.WriteNumber("exit_code", end.Code);
        if (end.Error is { } error)
        {
            writer.WriteString("error", error.Message);
            if (error.Hint is { } hint)
            {
                writer.WriteString("hint", hint);
            }
        }

        if (end.Report is { } report)
        {
            writer.WritePropertyName("report");
            writer.WriteRawValue(ReportJson.Serialize(report));
        }

        if (end.Plan is { } plan)
        {
            writer.WritePropertyName("plan");
            writer.WriteRawValue(PlanView.Write(plan, json: true));
        }

        writer.WriteEndObject();
    }
}

using System.Text.Json;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Pipelines;

/// <summary>Prints the outcome of syncs: one by one for people, as a single document for programs.</summary>
internal static class SyncView
{
    public static void Announce(PreparedSync sync, CommandRun run, bool json)
    {
        if (json)
        {
            run.Messages.Info($"Sync {sync.Name}");
        }
        else
        {
            run.Host.Out.WriteLine($"== {sync.Name}");
            run.Host.Out.Flush();
        }
    }

    public static void Write(SyncOutcome outcome, CommandRun run, bool json)
    {
        if (outcome.Error is { } error)
        {
            run.Messages.Error($"{outcome.Name}: {error.Message}", error.Hint);
        }
        else if (outcome.Report is { } report && json)
        {
            ReportView.Explain(report, run);
        }
        else if (outcome.Report is { } shown)
        {
            ReportView.Write(shown, run, json: false);
        }
        else if (outcome.Plan is { } plan && !json)
        {
            run.Host.Out.Write(PlanView.Write(plan, json: false, run.Host.Width));
            run.Host.Out.Flush();
        }
    }

    /// <summary>Prints the overall outcome and returns the exit code.</summary>
    public static int Close(IReadOnlyList<SyncOutcome> outcomes, CommandRun run, bool json)
    {
        var code = ExitCode.Worst(outcomes.Select(outcome => outcome.Code));
        if (json)
        {
            run.Host.Out.WriteLine(Json(outcomes, code));
        }
        else if (outcomes.Count > 1)
        {
            var bad = outcomes.Where(outcome => outcome.Code != ExitCode.Done).Select(outcome => $"{outcome.Name} ({outcome.Code})").ToList();
            run.Host.Out.WriteLine($"{outcomes.Count} syncs, {(bad.Count == 0 ? "all done" : $"not done: {string.Join(", ", bad)}")}");
        }

        return code;
    }

    private static string Json(IReadOnlyList<SyncOutcome> outcomes, int code) => JsonOutput.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("exit_code", code);
        writer.WriteStartArray("syncs");
        foreach (var outcome in outcomes)
        {
            Write(writer, outcome);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, SyncOutcome outcome)
    {
        writer.WriteStartObject();
        writer.WriteString("sync", outcome.Name);
        writer.WriteNumber("exit_code", outcome.Code);
        if (outcome.Error is { } error)
        {
            writer.WriteString("error", error.Message);
            if (error.Hint is { } hint)
            {
                writer.WriteString("hint", hint);
            }
        }

        if (outcome.Report is { } report)
        {
            writer.WritePropertyName("report");
            writer.WriteRawValue(ReportJson.Serialize(report));
        }

        if (outcome.Plan is { } plan)
        {
            writer.WritePropertyName("plan");
            writer.WriteRawValue(PlanView.Write(plan, json: true));
        }

        writer.WriteEndObject();
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Settings.Pipelines;
using Sluice.Writes.Import;
using Sluice.Writes.Push;

namespace Sluice.Cli.Pipelines;

/// <summary>Shows what pushes there are, what one would do, and what it did.</summary>
internal static class PushView
{
    private const int MostChanges = 5;
    private const int MostKeys = 5;

    public static string List(IReadOnlyList<PipelinePush> pushes, bool json)
    {
        if (json)
        {
            return JsonOutput.Write(new JsonObject { ["pushes"] = JsonOutput.Array(pushes.Select(PipelineJsonView.Json)) }) + "\n";
        }

        if (pushes.Count == 0)
        {
            return "The pipeline file has no pushes.\n";
        }

        var table = new TextTable("push", "from", "workspace", "into", "mode", "schedule");
        foreach (var push in pushes)
        {
            var mode = push.Mode ?? PushRules.UsualMode(push.Into);
            table.Add(push.Name, PipelineText.SourceOf(push), push.Workspace.Name, push.Into, mode, push.Schedule?.Cron ?? "");
        }

        return table.ToString();
    }

    public static string Write(PushPlan plan, PushSettings settings, (double Track, double App) rates, bool json) => json
        ? JsonOutput.Write(writer => Fields(writer, plan, rates.Track)) + "\n"
        : Text(plan, settings, rates);

    public static void Write(PushReport report, PushSettings settings, CommandRun run, bool json)
    {
        foreach (var warning in report.Warnings)
        {
            run.Messages.Warn(warning);
        }

        run.Host.Out.Write(json ? JsonOutput.Write(writer => Fields(writer, report)) + "\n" : Text(report, settings));
        if (report.Rejected > 0)
        {
            var path = Path.GetRelativePath(run.Host.Folder, settings.Import.RejectsPath);
            run.Messages.Warn(
                $"{ImportView.Rows(report.Rejected)} {(report.Rejected == 1 ? "was" : "were")} not taken: {path} tells which and why. "
                    + "The next push tries them again.",
                ImportView.First(report.FirstRejected));
        }

        if (report.Unknown > 0)
        {
            run.Messages.Warn(
                $"{ImportView.Rows(report.Unknown)} may or may not have arrived, and {(report.Unknown == 1 ? "is" : "are")} not sent again: "
                    + string.Join(", ", report.UnknownKeys.Take(MostKeys)) + (report.Unknown > MostKeys ? " and more." : "."),
                "Look in Customer.io whether they are there. 'sluice writes list' has the run's journal; 'sluice writes forget' with its id lets the "
                    + "next push send them once more.");
        }

        Warn(report.Verification, "The next push sends them again.", settings, run);
    }

    public static void Write(PushAuditReport report, PushSettings settings, CommandRun run, bool json)
    {
        run.Host.Out.Write(json
            ? JsonOutput.Write(writer =>
            {
                writer.WriteStartObject();
                Fields(writer, report.Counts);
                ImportView.Fields(writer, report.Verification);
                writer.WriteEndObject();
            }) + "\n"
            : Text(report, settings));
        Warn(report.Verification, $"'sluice push {settings.Name} --full-refresh' sends all rows again.", settings, run);
    }

    private static void Warn(VerificationReport? verification, string advice, PushSettings settings, CommandRun run)
    {
        if (verification is { Different: > 0 })
        {
            var path = Path.GetRelativePath(run.Host.Folder, settings.Import.UnverifiedPath);
            run.Messages.Warn(
                $"{ImportView.Rows(verification.Different)} {(verification.Different == 1 ? "is" : "are")} not in Customer.io as in the source, "
                    + $"after waiting {NumberFormat.Span(verification.Waited)}: {path} tells which and why.",
                $"Customer.io's activity log has why a change was dropped. {advice}");
        }

        if (verification?.Problem is { } problem)
        {
            run.Messages.Warn($"Not all could be read back: {problem}", "What was pushed is not touched by that.");
        }
    }

    private static string Text(PushPlan plan, PushSettings settings, (double Track, double App) rates)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{settings.Name} into {settings.Import.Target}, {PushRules.Word(plan.Mode)}: ");
        text.Append(CultureInfo.InvariantCulture, $"{ImportView.Rows(plan.Rows)}, {Counts(plan.Counts)}");
        text.Append(plan.Rejected > 0 ? $", {NumberFormat.Count(plan.Rejected)} that can't be sent" : "").Append(".\n");
        text.Append(plan.FirstRejected.Count > 0 ? $"  {ImportView.First(plan.FirstRejected)}\n" : "");
        AddSamples(text, plan);
        text.Append(CultureInfo.InvariantCulture, $"{ImportView.Rows(plan.Sent)} to send");
        text.Append(plan.Removed > 0 ? $", {NumberFormat.Count(plan.Removed)} to remove" : "");
        text.Append(CultureInfo.InvariantCulture, $": {ImportView.Requests(plan.Requests)}, {NumberFormat.Bytes(plan.Bytes)}, ");
        text.Append(CultureInfo.InvariantCulture, $"{NumberFormat.Span(Time(plan.Requests, rates.Track))} at {rates.Track} requests a second.\n");
        AddReads(text, plan.AskingRequests, "before, for people who are not there are left out", rates.App);
        AddReads(text, plan.ReadBackRequests, "afterwards, to read back", rates.App);
        foreach (var warning in plan.Warnings)
        {
            text.Append("Note: ").Append(warning).Append('\n');
        }

        text.Append(plan.Destruction is { } lost ? $"Needs --yes {lost.Rows}: {lost.What}\n" : "");
        text.AppendJoin("", plan.Undone.Select(undone => $"Can't be undone: {undone}\n"));
        return text.Append("Nothing was sent.\n").ToString();
    }

    private static void AddSamples(StringBuilder text, PushPlan plan)
    {
        var last = "";
        foreach (var sample in plan.Samples)
        {
            var call = sample.What == "gone" ? plan.RemovalCall! : plan.Call;
            text.Append(call == last ? "" : $"The first rows, as they go to {call}:\n");
            last = call;
            text.Append(CultureInfo.InvariantCulture, $"  {sample.What,-8} {VisibleText.Line(sample.Item)}\n");
            foreach (var change in sample.Changes.Take(MostChanges))
            {
                text.Append(CultureInfo.InvariantCulture, $"             {VisibleText.Line(change.Name)}: {WriteView.Changed(change)}\n");
            }
        }
    }

    private static void AddReads(StringBuilder text, long requests, string what, double rate) => text.Append(
        requests == 0 ? "" : $"{ImportView.Requests(requests)} to the App API {what}: {NumberFormat.Span(Time(requests, rate))}.\n");

    private static TimeSpan Time(long requests, double rate) => TimeSpan.FromSeconds(Math.Ceiling(requests / rate));

    private static string Counts(PushCounts counts)
    {
        var parts = new[]
        {
            (Count: counts.New, Word: "new"),
            (Count: counts.Changed, Word: "changed"),
            (Count: counts.Unchanged, Word: "unchanged"),
            (Count: counts.Vanished, Word: "no longer there"),
        };
        var told = parts.Where(part => part.Count > 0).Select(part => $"{NumberFormat.Count(part.Count)} {part.Word}");
        return string.Join(", ", told.DefaultIfEmpty("none"));
    }

    private static string Text(PushReport report, PushSettings settings)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{settings.Name}: {ImportView.Rows(report.Rows)}, {Counts(report.Counts)}.\n");
        if (report.JournalId is null)
        {
            text.Append("Nothing was to be sent");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{NumberFormat.Count(report.Taken)} taken by Customer.io");
        }

        text.Append(report.Removed > 0 ? $", {NumberFormat.Count(report.Removed)} removed" : "");
        text.Append(report.Absent > 0 ? $", {NumberFormat.Count(report.Absent)} left out because the people are not there" : "");
        text.Append(report.Rejected > 0 ? $", {NumberFormat.Count(report.Rejected)} not taken" : "");
        text.Append(report.Unknown > 0 ? $", {NumberFormat.Count(report.Unknown)} unknown" : "").Append('.');
        text.Append(report.JournalId is { } journal
            ? $" {ImportView.Requests(report.Requests)} in {NumberFormat.Seconds(report.Duration.TotalSeconds)} s. Journal {journal}."
            : "").Append('\n');
        text.Append(report.FormerContent is { } former ? $"The former rows are in {former}, which 'sluice import' brings back.\n" : "");
        return text.Append(ImportView.Text(report.Verification)).ToString();
    }

    private static string Text(PushAuditReport report, PushSettings settings)
    {
        var waiting = report.Counts.New + report.Counts.Changed;
        return $"{settings.Name}: {Counts(report.Counts)}.\n"
            + (waiting > 0 ? $"{ImportView.Rows(waiting)} that the next push sends {(waiting == 1 ? "is" : "are")} not compared.\n" : "")
            + ImportView.Text(report.Verification).Replace("not as sent", "not as in the source", StringComparison.Ordinal) + "Nothing was sent.\n";
    }

    private static void Fields(Utf8JsonWriter writer, PushCounts counts)
    {
        writer.WriteNumber("new", counts.New);
        writer.WriteNumber("changed", counts.Changed);
        writer.WriteNumber("unchanged", counts.Unchanged);
        writer.WriteNumber("vanished", counts.Vanished);
    }

    private static void Fields(Utf8JsonWriter writer, PushPlan plan, double rate)
    {
        writer.WriteStartObject();
        writer.WriteString("call", plan.Call);
        writer.WriteString("mode", PushRules.Word(plan.Mode));
        writer.WriteNumber("rows", plan.Rows);
        Fields(writer, plan.Counts);
        writer.WriteNumber("to_send", plan.Sent);
        writer.WriteNumber("to_remove", plan.Removed);
        writer.WriteNumber("rejected", plan.Rejected);
        writer.WriteNumber("requests", plan.Requests);
        writer.WriteNumber("bytes", plan.Bytes);
        writer.WriteNumber("seconds", Time(plan.Requests, rate).TotalSeconds);
        writer.WriteNumber("asking_requests", plan.AskingRequests);
        writer.WriteNumber("read_back_requests", plan.ReadBackRequests);
        if (plan.Destruction is { } lost)
        {
            writer.WriteNumber("needs_yes", lost.Rows);
        }

        writer.WritePropertyName("first");
        JsonOutput.Array(plan.Samples.Select(sample => new JsonObject
        {
            ["what"] = sample.What,
            ["item"] = JsonNode.Parse(sample.Item),
            ["changes"] = JsonOutput.Array(sample.Changes.Select(change => new JsonObject
            {
                ["name"] = change.Name,
                ["old"] = change.Old?.DeepClone(),
                ["new"] = change.New?.DeepClone(),
            })),
        })).WriteTo(writer);
        writer.WriteEndObject();
    }

    private static void Fields(Utf8JsonWriter writer, PushReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("journal", report.JournalId);
        writer.WriteNumber("rows", report.Rows);
        Fields(writer, report.Counts);
        writer.WriteNumber("taken", report.Taken);
        writer.WriteNumber("removed", report.Removed);
        writer.WriteNumber("absent", report.Absent);
        writer.WriteNumber("rejected", report.Rejected);
        writer.WriteNumber("unknown", report.Unknown);
        writer.WritePropertyName("unknown_keys");
        JsonOutput.Array(report.UnknownKeys).WriteTo(writer);
        writer.WriteNumber("requests", report.Requests);
        if (report.FormerContent is { } former)
        {
            writer.WriteString("former_rows", former);
        }

        writer.WriteNumber("seconds", Math.Round(report.Duration.TotalSeconds, 1));
        ImportView.Fields(writer, report.Verification);
        writer.WriteEndObject();
    }
}

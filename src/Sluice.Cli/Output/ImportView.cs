using System.Globalization;
using System.Text;
using System.Text.Json;
using Sluice.Cli.Commands;
using Sluice.Engine;
using Sluice.Writes.Import;

namespace Sluice.Cli.Output;

/// <summary>Shows what an import would do and what it did.</summary>
internal static class ImportView
{
    public static string Write(ImportPlan plan, double rate, double appRate, bool json) => json
        ? JsonOutput.Write(writer => Fields(writer, plan, rate)) + "\n"
        : Text(plan, rate, appRate);

    public static void Write(ImportReport report, ImportSettings settings, CommandRun run, bool json)
    {
        foreach (var warning in report.Warnings)
        {
            run.Messages.Warn(warning);
        }

        run.Host.Out.Write(json ? JsonOutput.Write(writer => Fields(writer, report)) + "\n" : Text(report));
        if (report.Rejected > 0)
        {
            var where = report.WasComplete ? "" : $": {Path.GetRelativePath(run.Host.Folder, settings.RejectsPath)} tells which and why";
            run.Messages.Warn($"{Rows(report.Rejected)} {(report.Rejected == 1 ? "was" : "were")} not taken{where}.", First(report.FirstRejected));
        }

        if (report.Unknown > 0)
        {
            run.Messages.Warn(
                $"{Rows(report.Unknown)} may or may not have arrived, and are not sent again: "
                + string.Join(", ", report.UnknownBatches.Take(5).Select(one => $"rows {one.FirstRow}-{one.LastRow}"))
                + (report.UnknownBatches.Count > 5 ? " and more." : "."),
                $"'sluice writes show {report.JournalId}' lists them; look in Customer.io whether they are there.");
        }

        if (report.Verification is { } verification)
        {
            Warn(verification, settings, run);
        }
    }

    private static void Warn(VerificationReport verification, ImportSettings settings, CommandRun run)
    {
        if (verification.Different > 0)
        {
            var (is1, path) = (verification.Different == 1, Path.GetRelativePath(run.Host.Folder, settings.UnverifiedPath));
            run.Messages.Warn(
                $"{Rows(verification.Different)} {(is1 ? "is" : "are")} not in Customer.io as {(is1 ? "it was" : "they were")} sent, after waiting "
                    + $"{NumberFormat.Span(verification.Waited)}: {path} tells which and why.",
                string.Join("\n  ", verification.First.Select(row => $"{row.Place}{(row.Column.Length > 0 ? $": {row.Column}" : "")}"))
                    + "\n  Customer.io's activity log has why a change was dropped; the same command with --verify reads back again, and "
                    + "--verify-wait waits longer.");
        }

        if (verification.Problem is { } problem)
        {
            run.Messages.Warn($"Not all that was sent could be read back: {problem}", "The import is not touched by that.");
        }
    }

    public static string Rows(long rows) => $"{NumberFormat.Count(rows)} row{(rows == 1 ? "" : "s")}";

    public static string Requests(long requests) => $"{NumberFormat.Count(requests)} request{(requests == 1 ? "" : "s")}";

    public static string? First(IReadOnlyList<RejectedRow> rows) => rows.Count == 0
        ? null
        : string.Join("\n  ", rows.Take(3).Select(row => $"{row.Place}: {(row.Column.Length > 0 ? row.Column + " " : "")}{row.Reason}"));

    private static string Text(ImportPlan plan, double rate, double appRate)
    {
        var text = new StringBuilder();
        var table = new TextTable("column", "becomes", "as");
        foreach (var (name, target, kind) in Mapped(plan.Mapping))
        {
            table.Add(name, target, kind);
        }

        text.Append(table).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"The first rows, as they go to {plan.Call}:\n");
        foreach (var sample in plan.Samples)
        {
            text.Append("  ").Append(VisibleText.Line(sample)).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{Rows(plan.Rows)}: {NumberFormat.Count(plan.Sent)} to send");
        text.Append(plan.Merged > 0 ? $", {NumberFormat.Count(plan.Merged)} joined with a later row of the same identifier" : "");
        text.Append(plan.Rejected > 0 ? $", {NumberFormat.Count(plan.Rejected)} that can't be sent" : "").Append(".\n");
        text.Append(plan.FirstRejected.Count > 0 ? $"  {First(plan.FirstRejected)}\n" : "");
        text.Append(CultureInfo.InvariantCulture, $"{Requests(plan.Requests)}, ");
        text.Append(plan.Done > 0 ? $"{NumberFormat.Count(plan.Done)} of them made before, " : "");
        text.Append(CultureInfo.InvariantCulture, $"{NumberFormat.Bytes(plan.Bytes)}, ");
        text.Append(CultureInfo.InvariantCulture, $"{NumberFormat.Span(Time(plan, rate))} at {rate} requests a second.\n");
        text.Append(ReadBack(plan, appRate));
        foreach (var warning in plan.Warnings)
        {
            text.Append("Note: ").Append(warning).Append('\n');
        }

        text.Append(plan.Mapping.IsRepeatable ? "" : "Without an id of each row's own, a request that gets no answer is not sent again.\n");
        text.Append("Can't be undone: ").Append(plan.Mapping.Operation.Undone).Append("\nNothing was sent.\n");
        return text.ToString();
    }

    private static string ReadBack(ImportPlan plan, double rate) =>
        !plan.CanReadBack ? "Nothing is read back: the App API does not find an event again.\n"
        : plan.ReadBackRows == 0 ? "Nothing is read back.\n"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{Rows(plan.ReadBackRows)} {(plan.ReadBackRows == 1 ? "is" : "are")} read back afterwards: {Requests(plan.ReadBackRequests)} to the "
                + $"App API, {NumberFormat.Span(TimeSpan.FromSeconds(Math.Ceiling(plan.ReadBackRequests / rate)))} at {rate} requests a second.\n");

    private static TimeSpan Time(ImportPlan plan, double rate) => TimeSpan.FromSeconds(Math.Ceiling((plan.Requests - plan.Done) / rate));

    private static IEnumerable<(string Name, string Target, string Kind)> Mapped(ImportMapping mapping)
    {
        foreach (var (slot, column) in mapping.Slots)
        {
            var source = mapping.Columns[column];
            var isPerson = slot is "person" or "value";
            yield return (source.Name, isPerson ? $"{mapping.IdentifierKind} (names the person)" : "@" + slot, isPerson ? "text" : KindOf(source));
        }

        foreach (var (column, attribute) in mapping.Attributes)
        {
            yield return (mapping.Columns[column].Name, attribute, KindOf(mapping.Columns[column]));
        }

        foreach (var (slot, value) in mapping.Constants)
        {
            yield return ("", $"@{slot} = {value}", "text");
        }

        foreach (var name in mapping.LeftOut)
        {
            yield return (name, "(not sent)", "");
        }
    }

    private static string KindOf(SourceColumn column) => column.Kind switch
    {
        ValueKind.Json when column.Type != "VARCHAR" => column.Type.ToLowerInvariant(),
        ValueKind.Json => "JSON",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static string Text(ImportReport report)
    {
        if (report.WasComplete)
        {
            return $"This import was finished before, begun {NumberFormat.Time(report.Began)}: {Rows(report.Taken)} taken. Nothing was sent; "
                + $"--again sends it once more.\n{Text(report.Verification)}";
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Rows(report.Rows)}: {NumberFormat.Count(report.Taken)} taken by Customer.io");
        text.Append(report.Merged > 0 ? $", {NumberFormat.Count(report.Merged)} joined with a later row of the same identifier" : "");
        text.Append(report.Rejected > 0 ? $", {NumberFormat.Count(report.Rejected)} not taken" : "");
        text.Append(report.Unknown > 0 ? $", {NumberFormat.Count(report.Unknown)} unknown" : "");
        text.Append(CultureInfo.InvariantCulture, $".\n{Requests(report.Requests)} in ");
        text.Append(CultureInfo.InvariantCulture, $"{NumberFormat.Seconds(report.Duration.TotalSeconds)} s");
        text.Append(report.AlreadyDone > 0 ? $", {NumberFormat.Count(report.AlreadyDone)} more were made before" : "");
        text.Append(CultureInfo.InvariantCulture, $". Journal {report.JournalId}.\n");
        text.Append(report.FormerContent is { } former ? $"The former rows are in {former}, which 'sluice import' brings back.\n" : "");
        return text.Append(Text(report.Verification)).ToString();
    }

    public static string Text(VerificationReport? verification) => verification is null
        ? ""
        : $"Read back: {Rows(verification.Rows)}{(verification.IsSample ? " of a sample" : "")}, "
            + $"{NumberFormat.Count(verification.Different)} not as sent.\n";

    private static void Fields(Utf8JsonWriter writer, ImportPlan plan, double rate)
    {
        writer.WriteStartObject();
        writer.WriteString("call", plan.Call);
        writer.WriteNumber("rows", plan.Rows);
        writer.WriteNumber("to_send", plan.Sent);
        writer.WriteNumber("joined", plan.Merged);
        writer.WriteNumber("rejected", plan.Rejected);
        writer.WriteNumber("requests", plan.Requests);
        writer.WriteNumber("requests_done", plan.Done);
        writer.WriteNumber("bytes", plan.Bytes);
        writer.WriteNumber("seconds", Time(plan, rate).TotalSeconds);
        writer.WriteNumber("read_back_rows", plan.ReadBackRows);
        writer.WriteNumber("read_back_requests", plan.ReadBackRequests);
        writer.WriteStartArray("columns");
        foreach (var (name, target, kind) in Mapped(plan.Mapping))
        {
            writer.WriteStartObject();
            writer.WriteString("column", name);
            writer.WriteString("becomes", target);
            writer.WriteString("as", kind);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("first");
        foreach (var sample in plan.Samples)
        {
            writer.WriteRawValue(sample);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Fields(Utf8JsonWriter writer, ImportReport report)
    {
        writer.WriteStartObject();
        writer.WriteString("journal", report.JournalId);
        writer.WriteBoolean("was_complete", report.WasComplete);
        writer.WriteNumber("rows", report.Rows);
        writer.WriteNumber("taken", report.Taken);
        writer.WriteNumber("joined", report.Merged);
        writer.WriteNumber("rejected", report.Rejected);
        writer.WriteNumber("unknown", report.Unknown);
        writer.WriteNumber("requests", report.Requests);
        writer.WriteNumber("requests_done_before", report.AlreadyDone);
        writer.WriteNumber("seconds", Math.Round(report.Duration.TotalSeconds, 1));
        if (report.FormerContent is { } former)
        {
            writer.WriteString("former_rows", former);
        }

        Fields(writer, report.Verification);
        writer.WriteEndObject();
    }

    /// <summary>What reading back has shown, as a member of the object that is being written.</summary>
    public static void Fields(Utf8JsonWriter writer, VerificationReport? verification)
    {
        if (verification is null)
        {
            return;
        }

        writer.WriteStartObject("read_back");
        writer.WriteBoolean("sample", verification.IsSample);
        writer.WriteNumber("rows", verification.Rows);
        writer.WriteNumber("different", verification.Different);
        writer.WriteNumber("waited_seconds", verification.Waited.TotalSeconds);
        writer.WriteString("problem", verification.Problem);
        writer.WriteEndObject();
    }
}

/// <summary>A line every few seconds while an import is at work.</summary>
internal static class ImportProgressView
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    public static async Task<T> ShowAsync<T>(ImportProgress progress, Task<T> run, Messages messages, TimeProvider time)
    {
        var started = time.GetTimestamp();
        while (await Task.WhenAny(run, Task.Delay(Interval, time)) != run)
        {
            var elapsed = time.GetElapsedTime(started);
            var line = progress.NotThereYet > 0
                ? $"{NumberFormat.Span(elapsed)}: waiting for {ImportView.Rows(progress.NotThereYet)} that Customer.io does not have yet"
                : progress.ReadBack > 0 ? $"{NumberFormat.Span(elapsed)}: {NumberFormat.Count(progress.ReadBack)} rows read back"
                : $"{NumberFormat.Span(elapsed)}: {NumberFormat.Count(progress.Rows)} of {NumberFormat.Count(progress.All)} rows, "
                    + $"{NumberFormat.Count(progress.Requests / elapsed.TotalSeconds)} requests/s";
            messages.Event("progress", line, writer =>
            {
                writer.WriteNumber("rows", progress.Rows);
                writer.WriteNumber("of", progress.All);
                writer.WriteNumber("requests", progress.Requests);
            });
        }

        return await run;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Sql.Dml;
using Sluice.Writes.Import;
using Sluice.Writes.Statements;

namespace Sluice.Cli.Output;

/// <summary>What a statement would change, and what became of it.</summary>
internal static class WriteView
{
    private const int MostCalls = 50;
    private const int MostChanges = 20;
    private const int LongestValue = 60;

    public static string Text(PlannedWrite write, VerifyMode verify)
    {
        var text = new StringBuilder(Calls(write.Calls));
        text.Append(write.Verb == "CALL" ? "" : $"{QueryPriceView.Count(write.Count, "row")} in {QueryPriceView.Count(write.Calls.Count, "call")}: ");
        text.Append(CultureInfo.InvariantCulture, $"{QueryPriceView.Count(write.Requests, "request")}, {NumberFormat.Span(write.Duration)} ");
        text.Append("at the rates of the APIs; ").Append(QueryPriceView.Count(write.Reads.Requests, "request")).Append(" made to read");
        var back = ChangeCheck.Requests(write.Calls, verify);
        text.Append(back == 0 ? ".\n" : $", {QueryPriceView.Count(back, "request")} or more to read back.\n");
        text.Append(ChangeCheck.NotReadBack(write.Calls, verify) is { } why ? $"{why}\n" : "");
        foreach (var warning in write.Warnings)
        {
            text.Append("Note: ").Append(VisibleText.Line(warning)).Append('\n');
        }

        foreach (var undone in write.Undone)
        {
            text.Append(CultureInfo.InvariantCulture, $"Can't be undone: {undone}\n");
        }

        text.Append(write.IsDestroying ? $"It needs the number of rows: --yes {write.Count.ToString(CultureInfo.InvariantCulture)}\n" : "");
        return text.Append("Nothing was sent.\n").ToString();
    }

    /// <summary>The calls with what each changes.</summary>
    public static string Calls(IReadOnlyList<PlannedCall> calls)
    {
        var text = new StringBuilder();
        foreach (var call in calls.Take(MostCalls))
        {
            text.Append(CultureInfo.InvariantCulture, $"{call.Path}  {VisibleText.Line(call.Key)}\n");
            if (call.Items.Count > 1)
            {
                Items(text, call);
            }
            else
            {
                Changes(text, call, call.Changes, "  ");
            }
        }

        var more = calls.Count - MostCalls;
        return text.Append(more > 0 ? $"and {QueryPriceView.Count(more, "call")} more; --json writes all\n" : "").ToString();
    }

    public static string Json(PlannedWrite write, VerifyMode verify) => JsonOutput.Write(new JsonObject
    {
        ["verb"] = write.Verb,
        ["target"] = write.Target,
        ["rows"] = write.Count,
        ["requests"] = write.Requests,
        ["requests_made"] = write.Reads.Requests,
        ["requests_to_read_back"] = ChangeCheck.Requests(write.Calls, verify),
        ["seconds"] = Math.Round(write.Duration.TotalSeconds, 1),
        ["is_of_all_rows"] = write.IsOfAllRows,
        ["is_destroying"] = write.IsDestroying,
        ["warnings"] = JsonOutput.Array(write.Warnings),
        ["cannot_be_undone"] = JsonOutput.Array(write.Undone),
        ["calls"] = JsonOutput.Array(write.Calls.Select(Json)),
    }) + "\n";

    /// <summary>Tells on stderr what became of the calls.</summary>
    /// <param name="what">The verb with its target.</param>
    /// <param name="report">What became of them.</param>
    /// <param name="messages">Where it is told.</param>
    public static void Tell(string what, CallReport report, Messages messages)
    {
        foreach (var one in report.Outcomes.Where(one => one.Reason is not null).Take(MostCalls))
        {
            messages.Warn($"{Word(one.State)}: {one.Call.Path} {one.Call.Key}: {one.Reason}");
        }

        var unknown = report.Count(CallState.Unknown);
        if (unknown > 0)
        {
            messages.Warn(
                $"{QueryPriceView.Count(unknown, "change")} may or may not have been made, and the same statement does not send them again.",
                $"Look in Customer.io. 'sluice writes forget {report.JournalId}' lets the statement be sent anew.");
        }

        messages.Info(Sum(what, report));
        Tell(report.Verification, messages);
    }

    private static void Tell(ChangeVerification? verification, Messages messages)
    {
        if (verification is null)
        {
            return;
        }

        if (verification.Different is { Count: > 0 } different)
        {
            var rows = different.Select(one => one.Key).Distinct(StringComparer.Ordinal).Count();
            messages.Warn(
                $"{QueryPriceView.Count(rows, "row")} of {NumberFormat.Count(verification.Rows)} that were read back "
                    + $"{(rows == 1 ? "is" : "are")} not as sent, after waiting {NumberFormat.Span(verification.Waited)}:",
                string.Join("\n  ", different.Take(MostCalls).Select(one => VisibleText.Line(one.Text)))
                    + (different.Count > MostCalls ? $"\n  and {NumberFormat.Count(different.Count - MostCalls)} more" : "")
                    + "\n  Customer.io's activity log has why a change was dropped; --verify-wait waits longer.");
        }
        else if (verification.Problem is null)
        {
            messages.Info(
                $"Read back: {QueryPriceView.Count(verification.Rows, "row")}{(verification.IsSample ? " of a sample" : "")}, all as sent.");
        }

        if (verification.Problem is { } problem)
        {
            messages.Warn($"Not all that was sent could be read back: {problem}", "The changes are not touched by that.");
        }
    }

    private static void Items(StringBuilder text, PlannedCall call)
    {
        foreach (var item in call.Items.Take(MostCalls))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {VisibleText.Line(item.Key)}\n");
            Changes(text, call, item.Changes, "    ");
        }

        var more = call.Items.Count - MostCalls;
        text.Append(more > 0 ? $"  and {NumberFormat.Count(more)} more; --json writes all\n" : "");
    }

    private static void Changes(StringBuilder text, PlannedCall call, IReadOnlyList<ValueChange> changes, string indent)
    {
        foreach (var change in changes.Take(MostChanges))
        {
            text.Append(CultureInfo.InvariantCulture, $"{indent}{VisibleText.Line(change.Name)}: {Change(call, change)}\n");
        }

        text.Append(changes.Count > MostChanges ? $"{indent}and {NumberFormat.Count(changes.Count - MostChanges)} more values\n" : "");
    }

    /// <summary>The counts of what became of the calls.</summary>
    public static string Sum(string what, CallReport report)
    {
        var isQueued = report.Outcomes.Any(one => one.Call.Call.IsTrack);
        var parts = new[]
        {
            (Count: report.Count(CallState.Done), Word: isQueued ? "queued by Customer.io" : "done"),
            (Count: report.Count(CallState.DoneBefore), Word: "done before"),
            (Count: report.Count(CallState.Refused), Word: "refused"),
            (Count: report.Count(CallState.Unknown), Word: "unknown"),
            (Count: report.Count(CallState.NotTried), Word: "not tried"),
        };
        var told = parts.Where(part => part.Count > 0).Select(part => $"{NumberFormat.Count(part.Count)} {part.Word}")
            .DefaultIfEmpty("nothing to change");
        return $"{what}: {string.Join(", ", told)}"
            + (report.JournalId is { } id ? $"; journal {id}" : "")
            + (isQueued && report.Verification is null && report.Count(CallState.Done) > 0
                ? ". A suppressed person, or an identifier of somebody else, is passed over without a word."
                : "");
    }

    /// <summary>How a line about a call begins.</summary>
    public static string Word(CallState state) => state switch
    {
        CallState.Unknown => "Unknown",
        CallState.Refused => "Refused",
        _ => "Note",
    };

    private static string Change(PlannedCall call, ValueChange change) => call.Verb is "insert" or "call"
        ? Value(change.New)
        : call.Verb == "delete" ? Value(change.Old)
        : Changed(change);

    /// <summary>A value as it was and as it is.</summary>
    public static string Changed(ValueChange change) => Changed(Text(change.Old), Text(change.New));

    // Of long texts the place is shown where they begin to differ.
    private static string Changed(string before, string after)
    {
        var same = before.Zip(after).TakeWhile(pair => pair.First == pair.Second).Count();
        var from = Math.Max(before.Length, after.Length) > LongestValue ? Math.Max(0, same - (LongestValue / 3)) : 0;
        return $"{Cut(before, from)} → {Cut(after, from)}";
    }

    private static string Value(JsonNode? value) => Cut(Text(value), 0);

    private static string Text(JsonNode? value) => value is null ? "NULL" : VisibleText.Line(JsonText(value));

    private static string Cut(string text, int from)
    {
        var rest = text[Math.Min(from, text.Length)..];
        var shown = rest.Length > LongestValue ? $"{rest[..LongestValue]}… ({NumberFormat.Count(text.Length)} characters)" : rest;
        return from > 0 ? $"…{shown}" : shown;
    }

    private static string JsonText(JsonNode value) =>
        value is JsonValue one && one.TryGetValue<string>(out var text) ? $"'{text}'" : value.ToJsonString(Relaxed);

    private static System.Text.Json.JsonSerializerOptions Relaxed { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static JsonObject Json(PlannedCall call) => new()
    {
        ["verb"] = call.Verb,
        ["call"] = call.Path,
        ["key"] = call.Key,
        ["rows"] = call.Count,
        ["is_repeatable"] = call.IsRepeatable,
        ["body"] = call.Body?.DeepClone(),
        ["changes"] = Json(call.Items.Count > 1 ? [] : call.Changes),
        ["items"] = JsonOutput.Array(call.Items.Count > 1
            ? call.Items.Select(item => new JsonObject { ["key"] = item.Key, ["changes"] = Json(item.Changes) })
            : []),
    };

    private static JsonArray Json(IReadOnlyList<ValueChange> changes) => JsonOutput.Array(changes.Select(change => new JsonObject
    {
        ["name"] = change.Name,
        ["old"] = change.Old?.DeepClone(),
        ["new"] = change.New?.DeepClone(),
    }));
}

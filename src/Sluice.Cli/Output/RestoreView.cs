using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Writes.Backup;
using Sluice.Writes.Statements;

namespace Sluice.Cli.Output;

/// <summary>What a restore would change, within 80 columns, and what became of it.</summary>
internal static class RestoreView
{
    private const int Columns = 80;
    private const int MostThings = 100;
    private const int MostOthers = 20;
    private const int MostLines = 12;

    public static string Text(RestorePlan plan, CustomerIoClient client, long requests)
    {
        var text = new StringBuilder();
        Write(text, plan.Findings.Where(one => one.State != RestoreState.OnlyThere).ToList(), MostThings);
        Write(text, plan.Findings.Where(one => one.State == RestoreState.OnlyThere).ToList(), MostOthers);
        text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 0 ? "\n" : "")}{Sum(plan)}\n");
        var calls = plan.Calls.SelectMany(table => table.Calls).ToList();
        if (!plan.HasChanges)
        {
            text.Append(CultureInfo.InvariantCulture, $"Nothing to send; {QueryPriceView.Count(requests, "request")} made to read.\n");
            return text.ToString();
        }

        var sent = calls.Sum(call => call.Requests) + plan.MemberCalls;
        var time = TimeSpan.FromSeconds(
            (calls.Sum(call => call.Requests) / client.Budget.RequestsPerSecond) + (plan.MemberCalls / client.TrackBudget.RequestsPerSecond));
        text.Append(CultureInfo.InvariantCulture, $"{QueryPriceView.Count(calls.Count + plan.MemberCalls, "call")}: ");
        text.Append(CultureInfo.InvariantCulture, $"{QueryPriceView.Count(sent, "request")}, {NumberFormat.Span(time)} at the rates of the APIs; ");
        return text.Append(CultureInfo.InvariantCulture, $"{QueryPriceView.Count(requests, "request")} made to read.\n").ToString();
    }

    public static string Json(RestorePlan plan) => JsonOutput.Write(new JsonObject
    {
        ["same"] = plan.Count(RestoreState.Same),
        ["new"] = plan.Count(RestoreState.New),
        ["changed"] = plan.Count(RestoreState.Changed),
        ["impossible"] = plan.Count(RestoreState.Impossible),
        ["only_in_customer_io"] = plan.Count(RestoreState.OnlyThere),
        ["things"] = JsonOutput.Array(plan.Findings.Select(Json)),
    }) + "\n";

    /// <summary>Tells on stderr what became of the calls.</summary>
    public static void Tell(RestoreReport report, Messages messages)
    {
        foreach (var one in report.Tables.SelectMany(table => table.Report.Outcomes).Where(one => one.Reason is not null).Take(MostThings))
        {
            messages.Warn($"{WriteView.Word(one.State)}: {one.Call.Path} {one.Call.Key}: {one.Reason}");
        }

        foreach (var path in report.NotAsSent.Take(MostThings))
        {
            messages.Warn($"{path}: Customer.io has taken the call, and what it has is not what was sent.");
        }

        foreach (var table in report.Tables)
        {
            messages.Info(WriteView.Sum($"restore {table.Table}", table.Report));
        }

        if (report.Tables.Any(table => table.Report.Count(CallState.Refused, CallState.Unknown, CallState.NotTried) > 0))
        {
            messages.Info("The same command looks at what there is, and does what is left.");
        }
    }

    private static void Write(StringBuilder text, List<RestoreFinding> findings, int most)
    {
        foreach (var finding in findings.Take(most))
        {
            Write(text, finding);
        }

        text.Append(findings.Count > most ? $"and {QueryPriceView.Count(findings.Count - most, "thing")} more; --json writes all\n" : "");
    }

    private static void Write(StringBuilder text, RestoreFinding finding)
    {
        var name = finding.Name is null ? "" : $" ({finding.Name})";
        var state = finding.State switch
        {
            RestoreState.New => "new",
            RestoreState.Impossible => "can't be brought back",
            RestoreState.OnlyThere => "only in Customer.io: left alone",
            _ => finding.IsChangedThere ? "changed in Customer.io since the backup" : "changed in the backup",
        };
        var head = VisibleText.Line($"{finding.Path}{name}");
        var isShort = head.Length + state.Length + 2 <= Columns;
        text.Append(isShort ? $"{head}: " : $"{Cut(head, Columns)}\n  ").Append(state).Append('\n');
        foreach (var difference in finding.Differences)
        {
            Write(text, difference);
        }

        foreach (var why in finding.Impossible)
        {
            var lead = finding.State == RestoreState.Impossible ? "" : "can't be brought back: ";
            text.Append("  ").Append(Cut(lead + why, Columns - 2)).Append('\n');
        }
    }

    private static void Write(StringBuilder text, RestoreDifference difference)
    {
        text.Append("  ").Append(Cut(difference.What, Columns - 2)).Append('\n');
        var lines = difference.Lines.SelectMany(Lines).ToList();
        foreach (var line in lines.Take(MostLines))
        {
            text.Append("  ").Append(line).Append('\n');
        }

        text.Append(lines.Count > MostLines ? $"  … and {QueryPriceView.Count(lines.Count - MostLines, "line")} more\n" : "");
    }

    // Of long lines the place is shown where they begin to differ.
    private static IEnumerable<string> Lines(DifferentLines place)
    {
        for (var i = 0; i < place.Before.Count; i++)
        {
            yield return "- " + Part(place.Before[i], place.After.ElementAtOrDefault(i));
        }

        for (var i = 0; i < place.After.Count; i++)
        {
            yield return "+ " + Part(place.After[i], place.Before.ElementAtOrDefault(i));
        }
    }

    private static string Part(string line, string? other)
    {
        const int Room = Columns - 4;
        var same = other is null ? 0 : line.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        var isLong = Math.Max(line.Length, other?.Length ?? 0) > Room;
        var from = isLong && same > Room / 2 ? same - (Room / 4) : 0;
        return from == 0 ? Cut(line, Room) : "…" + Cut(line[from..], Room - 1);
    }

    private static string Cut(string text, int room)
    {
        var visible = VisibleText.Line(text);
        return visible.Length <= room ? visible : visible[..Math.Max(room - 1, 0)] + "…";
    }

    private static string Sum(RestorePlan plan)
    {
        var parts = new[]
        {
            (State: RestoreState.Changed, Word: "changed"),
            (State: RestoreState.New, Word: "new"),
            (State: RestoreState.Same, Word: "the same"),
            (State: RestoreState.OnlyThere, Word: "only in Customer.io"),
            (State: RestoreState.Impossible, Word: "can't be brought back"),
        };
        return string.Join(
            ", ",
            parts.Where(part => plan.Count(part.State) > 0)
                .Select(part => $"{NumberFormat.Count(plan.Count(part.State))} {part.Word}")
                .DefaultIfEmpty("The backup is empty"));
    }

    private static JsonObject Json(RestoreFinding finding) => new()
    {
        ["path"] = finding.Path,
        ["name"] = finding.Name,
        ["state"] = finding.State switch
        {
            RestoreState.New => "new",
            RestoreState.Changed => "changed",
            RestoreState.Impossible => "impossible",
            _ => "only_in_customer_io",
        },
        ["is_changed_in_customer_io"] = finding.IsChangedThere,
        ["differences"] = JsonOutput.Array(finding.Differences.Select(one => new JsonObject
        {
            ["what"] = one.What,
            ["lines"] = JsonOutput.Array(one.Lines.Select(place => new JsonObject
            {
                ["now"] = JsonOutput.Array(place.Before),
                ["then"] = JsonOutput.Array(place.After),
            })),
        })),
        ["impossible"] = JsonOutput.Array(finding.Impossible),
    };
}

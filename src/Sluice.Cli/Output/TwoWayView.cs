using System.Text;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Settings.Pipelines;
using Sluice.Writes.Sync;

namespace Sluice.Cli.Output;

/// <summary>What keeping two sides the same has changed, or would change.</summary>
internal static class TwoWayView
{
    private const int MostRows = 50;
    private const int LongestValue = 60;

    /// <summary>Everything that can be run, with when it was.</summary>
    public static string List(IEnumerable<(PipelineTwoWay Said, TwoWaySettings Settings)> all, bool json)
    {
        var known = all.Select(one => (one.Said, Last: TwoWayStatus.Read(one.Settings))).ToList();
        if (json)
        {
            return JsonOutput.Write(JsonOutput.Array(known.Select(one => new JsonObject
            {
                ["name"] = one.Said.Name,
                ["last_run"] = one.Last.At,
                ["rows"] = one.Last.Rows,
            }))) + "\n";
        }

        return known.Count == 0
            ? "The pipeline file has nothing below two_way; docs/pipelines.md has an example.\n"
            : string.Concat(known.Select(one => $"{one.Said.Name}: {one.Said.Summary}{Last(one.Last)}\n"));
    }

    public static string Text(TwoWayReport report, TwoWaySettings settings, bool isDryRun)
    {
        var text = new StringBuilder();
        foreach (var side in new[] { SyncSide.CustomerIo, SyncSide.Database })
        {
            AppendRows(text, $"To {(side == SyncSide.Database ? settings.TableTitle : settings.TargetTitle)}", side, report);
        }

        Append(text, "In conflict, and left as it is on both sides", report.Conflicts, conflict => $"{conflict.Name}: {conflict.Reason}"
            + Difference(conflict.InDatabase, conflict.InCustomerIo, " in the database", " in Customer.io"));
        Append(text, "Gone on one side, and left on the other (deletes is not said)", report.Kept, name => name);
        Append(text, "Held in another way by the database", report.Notes, note => note);
        Append(
            text, "Not arrived", [.. report.Moved.Where(row => row.Failure is not null)], row => $"{row.Name}: {row.Failure}");
        return text.Append(Sum(report, settings, isDryRun)).Append('\n').ToString();
    }

    public static string Json(TwoWayReport report, TwoWaySettings settings) => JsonOutput.Write(new JsonObject
    {
        ["name"] = settings.Name,
        ["exit_code"] = report.ExitCode,
        ["alike"] = report.Alike,
        ["moved"] = JsonOutput.Array(report.Moved.Select(row => new JsonObject
        {
            ["row"] = row.Name,
            ["to"] = row.To == SyncSide.Database ? "database" : "customerio",
            ["verb"] = row.Verb,
            ["old"] = row.Old?.DeepClone(),
            ["new"] = row.New?.DeepClone(),
            ["failure"] = row.Failure,
        })),
        ["conflicts"] = JsonOutput.Array(report.Conflicts.Select(one => new JsonObject
        {
            ["row"] = one.Name,
            ["reason"] = one.Reason,
            ["database"] = one.InDatabase?.DeepClone(),
            ["customerio"] = one.InCustomerIo?.DeepClone(),
        })),
        ["kept"] = JsonOutput.Array(report.Kept),
        ["notes"] = JsonOutput.Array(report.Notes),
        ["former_content"] = report.FormerContent,
        ["journal"] = report.JournalId,
    }) + "\n";

    private static string Last(TwoWayStatus last) =>
        last.At is { } at ? $"; last changed {NumberFormat.Time(at)}, {QueryPriceView.Count(last.Rows, "row")}" : "; not run yet";

    private static void AppendRows(StringBuilder text, string title, SyncSide side, TwoWayReport report) => Append(
        text,
        title,
        [.. report.Moved.Where(row => row.To == side)],
        row => row.Verb switch
        {
            "insert" => $"+ {row.Name}  {Value(row.New)}",
            "delete" => $"- {row.Name}  {Value(row.Old)}",
            _ => $"~ {row.Name}{Difference(row.Old, row.New, "", "")}",
        });

    private static void Append<T>(StringBuilder text, string title, IReadOnlyList<T> rows, Func<T, string> line)
    {
        if (rows.Count == 0)
        {
            return;
        }

        text.Append(title).Append(":\n");
        foreach (var row in rows.Take(MostRows))
        {
            text.Append("  ").Append(VisibleText.Line(line(row))).Append('\n');
        }

        text.Append(rows.Count > MostRows ? $"  and {NumberFormat.Count(rows.Count - MostRows)} more; --json writes all\n" : "");
    }

    private static string Difference(JsonObject? old, JsonObject? now, string oldSide, string newSide) =>
        old is null || now is null ? "" : string.Concat(old.Select(value => value.Key).Union(now.Select(value => value.Key), StringComparer.Ordinal)
            .Where(name => !JsonNode.DeepEquals(old[name], now[name]))
            .Select(name => $"; {name}: {Value(old[name])}{oldSide} {(oldSide.Length > 0 ? "<>" : "→")} {Value(now[name])}{newSide}"));

    private static string Value(JsonNode? value)
    {
        var text = value?.ToJsonString(Relaxed) ?? "NULL";
        return text.Length > LongestValue ? $"{text[..LongestValue]}…" : text;
    }

    private static string Sum(TwoWayReport report, TwoWaySettings settings, bool isDryRun)
    {
        var arrived = report.Moved.Where(row => row.Failure is null).ToList();
        var parts = new[]
        {
            (Count: arrived.Count(row => row.To == SyncSide.CustomerIo), Word: "to Customer.io"),
            (Count: arrived.Count(row => row.To == SyncSide.Database), Word: "to the database"),
            (Count: report.Alike, Word: "the same already"),
            (Count: report.Conflicts.Count, Word: "in conflict"),
            (Count: report.Kept.Count, Word: "kept"),
            (Count: report.Moved.Count - arrived.Count, Word: "not arrived"),
        };
        var told = parts.Where(part => part.Count > 0).Select(part => $"{NumberFormat.Count(part.Count)} {part.Word}").DefaultIfEmpty("no rows");
        return $"{settings.Name}: {string.Join(", ", told)}"
            + (isDryRun ? ". Nothing was changed." : "")
            + (report.JournalId is { } id ? $"; journal {id}" : "")
            + (report.FormerContent is { } path ? $"; the collection as it was: {path}" : "");
    }

    private static System.Text.Json.JsonSerializerOptions Relaxed { get; } = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

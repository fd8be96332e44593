using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Sql;

namespace Sluice.Cli.Output;

/// <summary>What a query costs, for people and for programs.</summary>
internal static class QueryPriceView
{
    public static string Text(QueryReport report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Requests(report)}, {NumberFormat.Span(report.Duration)} at the workspace's rate\n");
        foreach (var (place, step) in report.Steps.Index())
        {
            Write(text, step, place == report.Steps.Count - 1);
        }

        foreach (var note in report.Notes)
        {
            text.Append(CultureInfo.InvariantCulture, $"{note}\n");
        }

        if (report.Requests > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Count(report.Requests, "request")} made.\n");
        }

        return text.ToString();
    }

    public static string Json(QueryReport report) => JsonOutput.Write(new JsonObject
    {
        ["requests"] = report.LikelyRequests,
        ["least_requests"] = report.LeastRequests,
        ["requests_made"] = report.Requests,
        ["seconds"] = Math.Round(report.Duration.TotalSeconds, 1),
        ["planning_ms"] = Math.Round(report.Planning.TotalMilliseconds, 1),
        ["steps"] = JsonOutput.Array(report.Steps.Select(Step)),
        ["notes"] = JsonOutput.Array(report.Notes),
    }) + "\n";

    private static string Requests(QueryReport report) => report.LeastRequests == report.LikelyRequests
        ? Count(report.LikelyRequests, "request")
        : $"about {NumberFormat.Count(report.LikelyRequests)} requests, at least {NumberFormat.Count(report.LeastRequests)}";

    /// <summary>A number with its noun.</summary>
    public static string Count(long number, string noun) => $"{NumberFormat.Count(number)} {noun}{(number == 1 ? "" : "s")}";

    private static void Write(StringBuilder text, QueryStep step, bool isLast)
    {
        var (branch, trunk) = isLast ? ("└─", "  ") : ("├─", "│ ");
        text.Append(CultureInfo.InvariantCulture, $"{branch} {step.Table}: {step.How}\n{trunk}   requests: {step.RequestText}");
        if (step.Requests is { } made)
        {
            text.Append(CultureInfo.InvariantCulture, $"; {made} made{(step.Rows is { } rows ? $", {NumberFormat.Count(rows)} rows" : "")}");
        }

        if (step.Age is { } age)
        {
            text.Append(CultureInfo.InvariantCulture, $", {NumberFormat.Span(age)} old");
        }

        text.Append('\n');
        if (step.Pushed.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{trunk}   pushed down: {string.Join(", ", step.Pushed)}\n");
        }

        if (step.Checked.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"{trunk}   checked here: {VisibleText.Line(string.Join(" AND ", step.Checked))}\n");
        }
    }

    private static JsonObject Step(QueryStep step) => new()
    {
        ["table"] = step.Table,
        ["how"] = step.How,
        ["requests"] = step.LikelyRequests,
        ["least_requests"] = step.LeastRequests,
        ["requests_made"] = step.Requests,
        ["rows"] = step.Rows,
        ["age_seconds"] = step.Age?.TotalSeconds,
        ["pushed_down"] = JsonOutput.Array(step.Pushed),
        ["checked_here"] = JsonOutput.Array(step.Checked),
    };
}

/// <summary>Tells on stderr where a query is, and at its end what it has cost.</summary>
internal sealed class QueryProgressView(Messages messages, TimeProvider time, bool isShown)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(3);

    private readonly Lock _gate = new();
    private long _begunAt = time.GetTimestamp();
    private long _shownAt = time.GetTimestamp();

    /// <summary>Says what a query has cost.</summary>
    public Action<string> Tell { private get; init; } = messages.Info;

    /// <summary>Whether the time that a query took is told, too.</summary>
    public bool TellsTime { private get; init; }

    public void Begin() => _begunAt = _shownAt = time.GetTimestamp();

    public void Show(QueryProgress progress)
    {
        lock (_gate)
        {
            if (!isShown || time.GetElapsedTime(_shownAt) < Between)
            {
                return;
            }

            _shownAt = time.GetTimestamp();
        }

        messages.Info($"{progress.Table}: {NumberFormat.Count(progress.Rows)} rows; {NumberFormat.Count(progress.Requests)} requests so far");
    }

    public void Finish(QueryReport report, long rows)
    {
        foreach (var note in report.Notes)
        {
            messages.Warn(note);
        }

        if (isShown)
        {
            var oldest = report.Steps.Max(step => step.Age);
            Tell(
                $"{QueryPriceView.Count(rows, "row")}; {QueryPriceView.Count(report.Requests, "request")}"
                + (TellsTime ? $"; {NumberFormat.Seconds(time.GetElapsedTime(_begunAt).TotalSeconds)} s" : "")
                + (oldest is { } age ? $"; some rows were fetched {NumberFormat.Span(age)} ago, --fresh asks anew" : ""));
        }
    }
}

using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Sluice.Engine;
using Sluice.Server.Control;
using Sluice.Server.Runs;
using Sluice.Server.Status;

namespace Sluice.Server.Dashboard;

/// <summary>Watches runs for pages that are open: see <see cref="Events"/>.</summary>
internal sealed class RunWatcher(ControlDatabase control, RunHistory history, Runner runner, ServerOptions options, TimeProvider time)
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private static SseItem<string> End => new("", "end");

    /// <summary>The stream of a page that shows what runs and what waits now.</summary>
    public async Task<string> PathAsync(CancellationToken cancel)
    {
        var (_, mark) = await LookAsync(cancel);
        return $"/events{QueryString.Create("seen", mark)}";
    }

    /// <summary>Where the runs are that go on; it ends when one begins or ends, or a request comes or goes.</summary>
    /// <param name="seen">What the page shows already.</param>
    /// <param name="cancel">Stops it.</param>
    public async IAsyncEnumerable<SseItem<string>> AllAsync(string? seen, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (; ; await Task.Delay(Between, time, cancel))
        {
            var (runs, mark) = await LookAsync(cancel);
            if (mark != seen)
            {
                yield return End;
                yield break;
            }

            var views = runs.Select(RunView.Of).Select(Live);
            yield return Put(views.DistinctBy(run => (run.Kind, run.Name)).ToDictionary(run => $"at {run.Kind} {run.Name}", Sentences.Where));
        }
    }

    /// <summary>Where a run is and what its log says; it ends with the run.</summary>
    /// <param name="id">The run.</param>
    /// <param name="from">Where in the log the page ends.</param>
    /// <param name="cancel">Stops it.</param>
    public async IAsyncEnumerable<SseItem<string>> OneAsync(string id, long from, [EnumeratorCancellation] CancellationToken cancel)
    {
        var log = new LogFollower(RunLog.PathOf(options.WorkFolder, id), from);
        var tables = -1;
        for (; ; await Task.Delay(Between, time, cancel))
        {
            // First the state, then the log: what is written before the end is shown.
            var run = await history.FindAsync(id, cancel) is { } found ? Live(found) : null;
            foreach (var line in await log.NextAsync(cancel))
            {
                yield return Line(line, log.Position);
            }

            var hasMore = tables >= 0 && run?.Position?.Tables.Count != tables;
            if (run is not { EndedAt: null } || hasMore)
            {
                yield return End;
                yield break;
            }

            tables = run.Position?.Tables.Count ?? 0;
            yield return Put(Numbers(run));
        }
    }

    private async Task<(IReadOnlyList<RunRow> Runs, string Mark)> LookAsync(CancellationToken cancel)
    {
        var runs = await control.ListAsync<RunRow>($"SELECT {RunRow.Columns} FROM runs WHERE state = 'running' ORDER BY id", null, cancel);
        var waiting = await control.ListAsync<string>("SELECT id FROM run_requests WHERE state = 'queued' ORDER BY id", null, cancel);
        var all = string.Join(' ', runs.Select(run => $"{run.Id}{run.CancelAskedAt}").Concat(waiting));
        return (runs, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..12]);
    }

    // What runs here is known better than the database has it, which hears of it every few seconds.
    private RunView Live(RunView run) => runner.Active.TryGetValue(run.Id, out var active)
        ? run with { Position = ProgressJson.Read(ProgressJson.Write(active.Order.Watch.Progress)) ?? run.Position }
        : run;

    private static Dictionary<string, string> Numbers(RunView run)
    {
        var numbers = new Dictionary<string, string>(StringComparer.Ordinal) { ["sentence"] = Sentences.Where(run) };
        if (run.Position is { } position)
        {
            numbers["requests"] = Sentences.Requests(position);
            foreach (var table in position.Tables)
            {
                numbers[$"stage {table.Table}"] = table.Stage;
                numbers[$"rows {table.Table}"] = NumberFormat.Count(table.Rows);
                numbers[$"requests {table.Table}"] = NumberFormat.Count(table.Requests);
            }
        }

        return numbers;
    }

    private static SseItem<string> Put(Dictionary<string, string> numbers) =>
        new(JsonSerializer.Serialize(numbers, EventJson.Default.DictionaryStringString), "put");

    private static SseItem<string> Line(RunLogLine line, long end) =>
        new(JsonSerializer.Serialize(new ShownLine(LogLines.TimeOf(line), line.Level, LogLines.TextOf(line)), EventJson.Default.ShownLine), "line")
        {
            EventId = end.ToString(CultureInfo.InvariantCulture),
        };
}

/// <summary>A line of a log for a page.</summary>
/// <param name="Time">The time of day.</param>
/// <param name="Level">info, warning or error.</param>
/// <param name="Message">What happened.</param>
internal sealed record ShownLine(string Time, string Level, string Message);

[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(ShownLine))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class EventJson : JsonSerializerContext;

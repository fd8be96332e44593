using System.Collections.Concurrent;
using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Extract;

/// <summary>Asks for each parent's series and turns the arrays into one row a step.</summary>
internal sealed class MetricsWalks(Feed feed, ExtractContext context) : IExtraction
{
    private readonly PageWalk _walk = new(feed, context);
    private readonly RecordRewriter? _rewriter = RecordRewriter.For(feed.Resource, feed.Masks);
    private readonly ConcurrentDictionary<string, byte> _begun = new(StringComparer.Ordinal);

    private int Steps => feed.Name.Options.One("steps") is { } said ? int.Parse(said, CultureInfo.InvariantCulture) : MetricsCalendar.MaxSteps(Period);

    private MetricsPeriod Period => feed.Period ?? throw new InvalidOperationException($"{feed.Name} was planned without a period.");

    public Task RunAsync(CancellationToken cancel) =>
        Parallel.ForEachAsync(ParentRows.ReadAsync(feed, cancel), context.Options(cancel), async (row, token) => await ReadAsync(row, token));

    private async Task ReadAsync(ParentRow row, CancellationToken cancel)
    {
        var name = ParentKey.Of(feed.Resource, row);
        if (!_begun.TryAdd(name, 0))
        {
            return;
        }

        try
        {
            foreach (var (index, variant) in RequestVariants.Of(feed.Resource).Index())
            {
                await ReadAsync(index == 0 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}/{index}"), row, variant, cancel);
            }
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            await feed.Spool.SkipAsync(name, ParentKey.Gone(feed.Resource, row, error), cancel);
        }
    }

    private async Task ReadAsync(string walk, ParentRow row, RequestVariant? variant, CancellationToken cancel)
    {
        if (!feed.Spool.Walk(walk).IsDone && !feed.HasEnough)
        {
            var answer = await _walk.AskAsync(RequestBuilder.Build(feed.Resource, row, variant, extra: Parameters()), cancel);
            await KeepAsync(walk, answer, InjectedColumns.Join(feed.Stamp, ParentStamp.Of(feed.Resource, row, variant)), cancel);
        }
    }

    private async Task KeepAsync(string name, ApiResponse answer, byte[] stamp, CancellationToken cancel)
    {
        var observed = answer.ServerTime ?? feed.Spool.Began;
        var draft = new PageDraft(name) { Last = true };
        foreach (var series in MetricsAnswer.Parse(answer.Body, feed.Resource))
        {
            Add(draft, series, observed, stamp);
        }

        feed.Counters.Spooled(draft.Rows, draft.Lines.Length);
        await feed.Spool.AppendAsync(draft, cancel);
    }

    private void Add(PageDraft draft, MetricsSeries series, DateTimeOffset observed, byte[] stamp)
    {
        var steps = Dates(series.Steps, observed);
        for (var i = 0; i < series.Steps; i++)
        {
            var record = series.Row(i, Period, steps[i], observed);
            draft.Add(_rewriter is null ? record : _rewriter.Rewrite(record), stamp);
        }

        draft.Fields.Add(_rewriter?.KindsOf(series.Fields) ?? series.Fields);
    }

    private IEnumerable<KeyValuePair<string, string>> Parameters()
    {
        var period = Period.ToString().ToLowerInvariant();
        return feed.Resource.Metrics switch
        {
            MetricsStyle.Steps => [new("period", period), new("steps", Steps.ToString(CultureInfo.InvariantCulture))],
            MetricsStyle.Resolution => [new("resolution", Resolution(Period)), new("start", Unix(First())), new("end", Unix(feed.Spool.Began))],
            _ => [new("res", period), new("start", Unix(First())), new("end", Unix(feed.Spool.Began))],
        };
    }

    private static string Resolution(MetricsPeriod period) => period switch
    {
        MetricsPeriod.Hours => "hourly",
        MetricsPeriod.Days => "daily",
        MetricsPeriod.Weeks => "weekly",
        _ => "monthly",
    };

    private DateTimeOffset First() => MetricsCalendar.Boundaries(Period, feed.Spool.Began, Steps)[0].Start;

    // A range was asked for by its start, so its first step is known; steps up to now are known by the last, which holds now.
    private IReadOnlyList<MetricsStep> Dates(int count, DateTimeOffset observed)
    {
        if (feed.Resource.Metrics == MetricsStyle.Steps)
        {
            return MetricsCalendar.Boundaries(Period, observed, count);
        }

        var steps = new List<MetricsStep>(count);
        for (var start = First(); steps.Count < count; start = steps[^1].End)
        {
            steps.Add(new MetricsStep(start, MetricsCalendar.Next(Period, start)));
        }

        return steps;
    }

    private static string Unix(DateTimeOffset instant) => instant.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
}

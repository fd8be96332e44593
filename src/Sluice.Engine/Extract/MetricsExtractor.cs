using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>Asks for each parent's series and turns the arrays into one row a step.</summary>
internal sealed class MetricsExtractor(ExtractionRun run, ExtractContext context) : IExtractor
{
    private readonly PartitionReader _reader = new(run, context);
    private readonly RecordTransform _transform = RecordTransform.For(run.Extraction);

    private int Steps =>
        run.Extraction.Key.Options.One("steps") is { } said ? int.Parse(said, CultureInfo.InvariantCulture) : MetricsCalendar.MaxSteps(Period);

    private MetricsPeriod Period =>
        run.Extraction.Key.Period ?? throw new InvalidOperationException($"{run.Extraction.Key} was planned without a period.");

    public Task RunAsync(CancellationToken cancel) =>
        Parallel.ForEachAsync(ParentRows.ReadAsync(run, cancel), context.Options(cancel), async (row, token) => await ReadAsync(row, token));

    private async Task ReadAsync(ParentRow row, CancellationToken cancel)
    {
        var parent = row.KeyIn(run.Extraction.Resource);
        try
        {
            foreach (var (index, variant) in RequestBuilder.VariantsOf(run.Extraction.Resource).Index())
            {
                var partition = index == 0 ? parent : string.Create(CultureInfo.InvariantCulture, $"{parent}/{index}");
                if (!run.HasEnough && run.Sink.TryBegin(partition))
                {
                    var answer = await _reader.AskAsync(RequestBuilder.Build(run.Extraction.Resource, row, variant, extra: Parameters()), cancel);
                    await KeepAsync(
                        partition,
                        answer,
                        InjectedColumns.Join(run.Extraction.Injected, InjectedColumns.Of(run.Extraction.Resource, row, variant)),
                        cancel);
                }
            }
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            await run.Sink.SkipAsync(parent, row.Gone(run.Extraction.Resource, error), cancel);
        }
    }

    private Task KeepAsync(string partition, ApiResponse answer, byte[] injected, CancellationToken cancel)
    {
        var observed = answer.ServerTime ?? run.Sink.Began;
        var draft = new PageDraft(partition) { Last = true };
        foreach (var series in MetricsSeries.ParseAll(answer.Body, run.Extraction.Resource))
        {
            Add(draft, series, observed, injected);
        }

        return run.KeepAsync(draft, cancel);
    }

    private void Add(PageDraft draft, MetricsSeries series, DateTimeOffset observed, byte[] injected)
    {
        var steps = Dates(series.Steps, observed);
        for (var i = 0; i < series.Steps; i++)
        {
            _transform.Add(draft, series.Row(i, Period, steps[i], observed), injected);
        }

        _transform.AddFields(draft, series.Fields);
    }

    private IEnumerable<KeyValuePair<string, string>> Parameters()
    {
        var period = Period.ToString().ToLowerInvariant();
        return run.Extraction.Resource.Metrics switch
        {
            MetricsStyle.Steps => [new("period", period), new("steps", Steps.ToString(CultureInfo.InvariantCulture))],
            MetricsStyle.Resolution => [new("resolution", Resolution(Period)), new("start", Unix(First())), new("end", Unix(run.Sink.Began))],
            _ => [new("res", period), new("start", Unix(First())), new("end", Unix(run.Sink.Began))],
        };
    }

    private static string Resolution(MetricsPeriod period) => period switch
    {
        MetricsPeriod.Hours => "hourly",
        MetricsPeriod.Days => "daily",
        MetricsPeriod.Weeks => "weekly",
        _ => "monthly",
    };

    private DateTimeOffset First() => MetricsCalendar.Boundaries(Period, run.Sink.Began, Steps)[0].Start;

    // A range was asked for by its start, so its first step is known; steps up to now are known by the last, which holds now.
    private IReadOnlyList<MetricsStep> Dates(int count, DateTimeOffset observed)
    {
        if (run.Extraction.Resource.Metrics == MetricsStyle.Steps)
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

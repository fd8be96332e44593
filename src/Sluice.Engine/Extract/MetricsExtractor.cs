using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>Asks for each parent's series and turns the arrays into one row a step.</summary>
internal sealed class MetricsExtractor(ExtractionRun run, ExtractContext context) : IExtractor
{
    private readonly PartitionReader _reader = new(run, context);
    private readonly RecordTransform _transform = RecordTransform.For(run.Extraction);

    // Set where a range of time is asked for; otherwise a number of steps is.
    private readonly MetricsWindows? _windows =
        run.Extraction.Resource.Metrics == MetricsStyle.Range ? new MetricsWindows(run.Extraction.Key, run.Extraction.Resource) : null;

    private Resource Resource => run.Extraction.Resource;

    private int Steps =>
        run.Extraction.Key.Options.One("steps") is { } said
            ? int.Parse(said, CultureInfo.InvariantCulture)
            : MetricsCalendar.MaxSteps(Period, Resource.Metrics);

    private MetricsPeriod Period =>
        run.Extraction.Key.Period ?? throw new InvalidOperationException($"{run.Extraction.Key} was planned without a period.");

    public Task RunAsync(CancellationToken cancel) =>
        Parallel.ForEachAsync(ParentRows.ReadAsync(run, cancel), context.Options(cancel), async (row, token) => await ReadAsync(row, token));

    private async Task ReadAsync(ParentRow row, CancellationToken cancel)
    {
        var parent = row.KeyIn(Resource);
        if (_windows is not null && run.Sink.Partition(parent).IsDone)
        {
            return;
        }

        try
        {
            foreach (var part in PartsOf(row, parent))
            {
                if (!run.HasEnough && run.Sink.TryBegin(part.Partition))
                {
                    var request = RequestBuilder.Build(Resource, row, part.Variant, extra: Parameters(part.Window));
                    await KeepAsync(part, await _reader.AskAsync(request, cancel), cancel);
                }
            }
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            await run.Sink.SkipAsync(parent, row.Gone(Resource, error), cancel);
        }
    }

    private IEnumerable<Part> PartsOf(ParentRow row, string parent)
    {
        var windows = _windows?.Of(run.Range, parent, row.Created(Resource.Window!), run.Sink.Began);
        foreach (var (index, variant) in RequestBuilder.VariantsOf(Resource).Index())
        {
            if (windows is null)
            {
                yield return new Part(index == 0 ? parent : string.Create(CultureInfo.InvariantCulture, $"{parent}/{index}"), row, variant, null);
            }

            foreach (var window in windows ?? [])
            {
                yield return new Part(string.Create(CultureInfo.InvariantCulture, $"{parent}/{index}/{window.Id}"), row, variant, window);
            }
        }
    }

    private Task KeepAsync(Part part, ApiResponse answer, CancellationToken cancel)
    {
        var observed = answer.ServerTime ?? run.Sink.Began;
        var draft = new PageDraft(part.Partition) { Last = true };
        var reported = part.Window is null ? null : ReportedRange.Read(answer.Body);
        foreach (var series in MetricsSeries.ParseAll(answer.Body, Resource))
        {
            reported?.Require(part.Window!, Period, series, Asked(part));
            Add(draft, series, part, observed);
        }

        return run.KeepAsync(draft, cancel);
    }

    private void Add(PageDraft draft, MetricsSeries series, Part part, DateTimeOffset observed)
    {
        var steps = part.Window?.Steps ?? Dates(series.Steps, observed);
        var place = part.Window is null ? 0 : _windows!.PlaceOf(steps[0], part.Row.Created(Resource.Window!));
        var injected = InjectedColumns.Join(run.Extraction.Injected, StampsOf(part, series));
        for (var i = 0; i < series.Steps; i++)
        {
            _transform.Add(draft, series.Row(i, Period, steps[i], observed, place), injected);
        }

        _transform.AddFields(draft, series.Fields);
    }

    // Rows of language variants are no action's own: without its id, those of actions are told from them.
    private byte[] StampsOf(Part part, MetricsSeries series)
    {
        if (series.Stamps.Count == 0)
        {
            return InjectedColumns.Of(Resource, part.Row, part.Variant);
        }

        var parent = Resource.Parent!;
        var others = parent with { Columns = parent.Columns.Where(column => column.Value != "id").ToDictionary(StringComparer.Ordinal) };
        return InjectedColumns.Join(
            InjectedColumns.Of(Resource with { Parent = others }, part.Row, part.Variant),
            InjectedColumns.Build([new("of_action_id", part.Row.Raw("id")), .. series.Stamps]));
    }

    private string Asked(Part part) =>
        $"{Resource.Method} {Resource.Path} for {Resource.Parent!.Resource} {part.Row.KeyIn(Resource)} in {_windows!.Zone.Id}";

    private IEnumerable<KeyValuePair<string, string>> Parameters(MetricsWindow? window)
    {
        var period = TableName.Word(Period);
        return Resource.Metrics switch
        {
            MetricsStyle.Steps => [new("period", period), new("steps", Steps.ToString(CultureInfo.InvariantCulture))],
            MetricsStyle.Resolution =>
                [new("resolution", ReportedRange.Adverb(Period)), new("start", Unix(First())), new("end", Unix(run.Sink.Began))],
            _ => [new("res", period), new("start", Unix(window!.Start)), new("end", Unix(window.End))],
        };
    }

    private DateTimeOffset First() => MetricsCalendar.Boundaries(Period, run.Sink.Began, Steps)[0].Start;

    // Journeys were asked for by their start, so their first step is known; steps up to now are known by the last, which holds now.
    private IReadOnlyList<MetricsStep> Dates(int count, DateTimeOffset observed)
    {
        if (Resource.Metrics == MetricsStyle.Steps)
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

    // What one request is for.
    private sealed record Part(string Partition, ParentRow Row, RequestVariant? Variant, MetricsWindow? Window);
}

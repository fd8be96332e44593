using System.Globalization;
using Sluice.CustomerIo;

namespace Sluice.Engine.Extract;

/// <summary>One partition for every row of the parent, many side by side; a parent that is gone meanwhile is left out and named.</summary>
internal sealed class ParentExtractor(ExtractionRun run, ExtractContext context) : IExtractor
{
    private readonly PartitionReader _reader = new(run, context);

    public Task RunAsync(CancellationToken cancel) =>
        Parallel.ForEachAsync(ParentRows.ReadAsync(run, cancel), context.Options(cancel), async (row, token) => await ReadAsync(row, token));

    private async Task ReadAsync(ParentRow row, CancellationToken cancel)
    {
        var parent = row.KeyIn(run.Extraction.Resource);
        if (run.Sink.Partition(parent).IsDone)
        {
            return;
        }

        try
        {
            foreach (var (index, variant) in RequestBuilder.VariantsOf(run.Extraction.Resource).Index())
            {
                var injected = InjectedColumns.Of(run.Extraction.Resource, row, variant);
                foreach (var window in Windows(row))
                {
                    var partition = string.Create(CultureInfo.InvariantCulture, $"{parent}/{index}/{window?.Id}");
                    var asked = window is null ? null : new TimeWindow(window.Start - 1, window.End + 1);
                    await ReadAsync(partition, row, RequestBuilder.Build(run.Extraction.Resource, row, variant, asked), injected, cancel);
                }
            }
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.NotFound)
        {
            await run.Sink.SkipAsync(parent, row.Gone(run.Extraction.Resource, error), cancel);
        }
    }

    // Several requests that together give the parents may give one twice.
    private Task ReadAsync(string partition, ParentRow row, ApiRequest request, byte[] injected, CancellationToken cancel) =>
        run.HasEnough || !run.Sink.TryBegin(partition) ? Task.CompletedTask
        : run.Extraction is { Resource.Count: { } rule, Limit: null }
            ? new CountedPartitionReader(run, _reader, rule).ReadAsync(
                partition, row, () => _reader.ReadAsync(partition, request, injected, cancel), cancel)
        : _reader.ReadAsync(partition, request, injected, cancel);

    private IEnumerable<TimeWindow?> Windows(ParentRow row)
    {
        if (run.Extraction.Resource.Window is not { } rule)
        {
            return [null];
        }

        var known = run.Range.ParentStarts.TryGetValue(row.KeyIn(run.Extraction.Resource), out var start) ? start : (DateTimeOffset?)null;
        return TimeWindow.Cover(
            run.Range.Start ?? known ?? row.Birth(rule) ?? TimeWindow.Beginning, run.Range.End ?? run.Sink.Began, rule.MaxDays);
    }
}

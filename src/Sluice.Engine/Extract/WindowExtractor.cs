using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

/// <summary>
/// Time windows read side by side. A cursor can only be followed page after page, and one such chain does not use the budget when answers are slow:
/// where the newest windows are too few long ones for that, they are replaced by smaller ones.
/// </summary>
internal sealed class WindowExtractor(ExtractionRun run, ExtractContext context) : IExtractor
{
    // What ten requests a second take when an answer comes after 400 ms.
    private const int Chains = 4;

    // Twice as many parts, so that enough are left when the first are done. Each costs half a page on average, for its last one is not full.
    private const int Parts = 2 * Chains;
    private const int LeastPagesOfAPart = 8;
    private const int MostPagesOfAPart = 50;
    private const int MostParts = 16;

    // A page that waits must not hold memory that others wait for.
    private const int LongPage = 1024 * 1024;

    private readonly PartitionReader _reader = new(run, context);
    private long _first = long.MaxValue;

    public async Task RunAsync(CancellationToken cancel)
    {
        var start = run.Range.Start ?? run.Range.Beginning ?? TimeWindow.Beginning;
        var end = run.Range.End ?? run.Sink.Began;
        using var gate = new SemaphoreSlim(context.Parallelism);
        var windows = TimeWindow.Cover(start, end, run.Extraction.Resource.Window!.MaxDays);
        var parts = RequestBuilder
            .VariantsOf(run.Extraction.Resource)
            .Index()
            .SelectMany(one => windows.Select(window => new Part(window, one.Item, one.Index)))
            .ToList();
        var newest = new NewestWindows(Math.Min(parts.Count, Math.Min(Chains, context.Parallelism)));
        await ReadAllAsync(parts.Select((part, place) => part with { Newest = place < newest.Count ? newest : null }), gate, cancel);
        run.First = _first == long.MaxValue ? null : DateTimeOffset.FromUnixTimeSeconds(_first);
    }

    private async Task ReadAllAsync(IEnumerable<Part> parts, SemaphoreSlim gate, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var tasks = parts.Select(part => StopOthersOnFailureAsync(part, gate, stop)).ToList();
        await Task.WhenAll(tasks);
    }

    private async Task StopOthersOnFailureAsync(Part part, SemaphoreSlim gate, CancellationTokenSource stop)
    {
        try
        {
            await ReadAsync(part, gate, stop.Token);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private async Task ReadAsync(Part part, SemaphoreSlim gate, CancellationToken cancel)
    {
        var state = run.Sink.Partition(part.Id);
        var parts = state.SplitInto?.Select(part.PartOf).ToList();
        if (parts is null && !state.IsDone)
        {
            await gate.WaitAsync(cancel);
            try
            {
                parts = state.Pages > 0 ? await FollowAsync(part, cancel) : await BeginAsync(part, cancel);
            }
            finally
            {
                gate.Release();
            }
        }
        else
        {
            // What a former run has read of it is not known here: it may have had rows.
            part.Newest?.Tell(0);
            NoteRows(part);
        }

        if (parts is not null)
        {
            await ReadAllAsync(parts, gate, cancel);
        }
    }

    private async Task<List<Part>?> FollowAsync(Part part, CancellationToken cancel)
    {
        part.Newest?.Tell(0);
        NoteRows(part);
        await _reader.ReadAsync(part.Id, Request(part), [], cancel);
        return null;
    }

    /// <summary>Reads the first page; when it tells of a long window, its rows are left to the parts, which read them again.</summary>
    private async Task<List<Part>?> BeginAsync(Part part, CancellationToken cancel)
    {
        if (run.HasEnough)
        {
            part.Newest?.Tell(0);
            return null;
        }

        var rows = 0;
        await foreach (var page in context.Pages.ReadAsync(Request(part), RequestBuilder.ShapeOf(run.Extraction.Resource), null, run.Stale, cancel))
        {
            run.Counters.Answered(page.Attempts, page.Waited);
            if (page.Number == 1 && await PartsForAsync(page, part, cancel) is { Count: > 1 } parts)
            {
                await run.Sink.SplitAsync(part.Id, [.. parts.Select(part => part.Id)], cancel);
                return parts;
            }

            rows += await _reader.KeepAsync(part.Id, page, [], rows, cancel);
            if (run.HasEnough)
            {
                break;
            }
        }

        if (rows > 0)
        {
            NoteRows(part);
        }

        return null;
    }

    private async Task<List<Part>?> PartsForAsync(Page page, Part part, CancellationToken cancel)
    {
        var pages = run.Extraction.Limit is null ? PagesOf(page, part) : 0;
        part.Newest?.Tell(pages);
        if (pages < LeastPagesOfAPart)
        {
            return null;
        }

        var all = part.Newest is { } newest && page.Body.Length < LongPage ? await newest.PagesAsync(cancel) : double.MaxValue;
        var size = Math.Clamp(all / Parts, LeastPagesOfAPart, MostPagesOfAPart);
        return [.. part.Window.Split((int)Math.Clamp(pages / size, 1, MostParts)).Select(window => part.Of(window))];
    }

    private double PagesOf(Page page, Part part) =>
        string.IsNullOrEmpty(page.Next) || page.Records.Count < (run.Extraction.Resource.PageSize ?? int.MaxValue)
            ? 1
            : PageDensity.PagesIn(page, part.Window, run.Extraction.Resource.Window!.Column);

    private void NoteRows(Part part)
    {
        for (var known = Interlocked.Read(ref _first); part.Window.Start < known; known = Interlocked.Read(ref _first))
        {
            Interlocked.CompareExchange(ref _first, part.Window.Start, known);
        }
    }

    // One second more on both sides: whether the API counts the ends in is not documented, and a row read twice is only one row.
    private ApiRequest Request(Part part) =>
        RequestBuilder.Build(run.Extraction.Resource, ParentRow.None, part.Variant, new TimeWindow(part.Window.Start - 1, part.Window.End + 1));

    // A window of one of the requests that together give the whole.
    private sealed record Part(TimeWindow Window, RequestVariant? Variant, int Place)
    {
        public string Id => Variant is null ? Window.Id : string.Create(CultureInfo.InvariantCulture, $"v{Place}:{Window.Id}");

        /// <summary>Set for one of the newest windows.</summary>
        public NewestWindows? Newest { get; init; }

        public Part PartOf(string id) => Of(TimeWindow.Parse(id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..]));

        public Part Of(TimeWindow window) => this with { Window = window, Newest = null };
    }

    // The newest windows, each of which tells how long it is before any of them is cut.
    private sealed class NewestWindows(int count)
    {
        private readonly TaskCompletionSource<double> _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _gate = new();
        private double _pages;
        private int _told;

        public int Count => count;

        public void Tell(double pages)
        {
            lock (_gate)
            {
                _pages += pages;
                if (++_told == count)
                {
                    _all.SetResult(_pages);
                }
            }
        }

        public Task<double> PagesAsync(CancellationToken cancel) => _all.Task.WaitAsync(cancel);
    }
}

/// <summary>A window of unix seconds, both ends asked for.</summary>
internal sealed record TimeWindow(long Start, long End)
{
    /// <summary>Customer.io began in 2012: no delivery is older, and a fixed beginning needs no request to find out.</summary>
    public static readonly DateTimeOffset Beginning = new(2012, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public long Seconds => End - Start;

    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Start}-{End}");

    public static TimeWindow Parse(string id)
    {
        var dash = id.IndexOf('-', 1);
        return new TimeWindow(
            long.Parse(id.AsSpan(0, dash), CultureInfo.InvariantCulture),
            long.Parse(id.AsSpan(dash + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Windows of at most so many days that together cover the range, newest first.</summary>
    public static IReadOnlyList<TimeWindow> Cover(DateTimeOffset start, DateTimeOffset end, int maxDays)
    {
        var windows = new List<TimeWindow>();
        var (first, to) = (start.ToUnixTimeSeconds(), end.ToUnixTimeSeconds());
        while (to > first)
        {
            var from = Math.Max(first, to - (maxDays * 86400L));
            windows.Add(new TimeWindow(from, to));
            to = from;
        }

        return windows.Count == 0 ? [new TimeWindow(first, first)] : windows;
    }

    /// <summary>Equal parts, newest first.</summary>
    public IReadOnlyList<TimeWindow> Split(int parts) =>
        [.. Enumerable.Range(0, parts).Reverse().Select(i => new TimeWindow(Start + (Seconds * i / parts), Start + (Seconds * (i + 1) / parts)))];
}

/// <summary>Guesses from a window's first page how many pages the window has.</summary>
internal static class PageDensity
{
    // The order of deliveries is not documented: when the page does not look sorted it tells nothing, and this is the guess.
    private const double Unknown = 32;

    public static double PagesIn(Page page, TimeWindow window, string timeField)
    {
        var times = Enumerable.Range(0, page.Records.Count).Select(i => RecordFields.TimeOf(page.Record(i), timeField)).OfType<long>().ToList();
        if (times.Count < page.Records.Count || !IsSorted(times))
        {
            return Unknown;
        }

        var covered = Math.Max(1, Math.Abs(times[^1] - times[0]));
        return (double)window.Seconds / covered;
    }

    private static bool IsSorted(List<long> times) =>
        times.Zip(times.Skip(1)).All(pair => pair.First >= pair.Second) || times.Zip(times.Skip(1)).All(pair => pair.First <= pair.Second);
}

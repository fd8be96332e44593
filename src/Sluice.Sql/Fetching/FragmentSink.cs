using Sluice.Engine.DuckDb;
using Sluice.Engine.Extract;
using Sluice.Engine.Shape;
using Sluice.Engine.Spool;

namespace Sluice.Sql.Fetching;

/// <summary>Takes the pages of one reading and writes them as typed rows into Parquet files; nothing is forced to disk.</summary>
/// <param name="writer">Makes a Parquet file of a segment.</param>
/// <param name="folder">Where the files go.</param>
/// <param name="began">The time by Customer.io's clock.</param>
/// <param name="mostRows">Rows after which no more is asked for; null for all.</param>
internal sealed class FragmentSink(SegmentParquet writer, string folder, DateTimeOffset began, long? mostRows) : PageSink, IDisposable
{
    private const long SegmentBytes = 16 * 1024 * 1024;

    private readonly SemaphoreSlim _turn = new(1);
    private FileStream? _file;
    private Segment? _segment;
    private int _segments;

    public override DateTimeOffset Began => began;

    public override bool HasEnough => Rows >= mostRows;

    /// <summary>Called for each page, before it is kept; an exception from it ends the reading.</summary>
    public Action? PageCame { get; init; }

    public override async ValueTask AppendAsync(PageDraft page, CancellationToken cancel)
    {
        PageCame?.Invoke();
        await _turn.WaitAsync(cancel);
        try
        {
            if (page.Rows > 0)
            {
                Write(page);
            }

            if (_segment?.Length >= SegmentBytes)
            {
                await FinishSegmentAsync(cancel);
            }
        }
        finally
        {
            _turn.Release();
        }

        lock (Gate)
        {
            AddPage(page.Partition, page.Rows, page.Lines.Length, page.Next, page.Last);
            Signal();
        }
    }

    public override ValueTask SkipAsync(string partition, string reason, CancellationToken cancel) =>
        ChangeAsync(partition, state => state.Skip(reason));

    public override ValueTask ExpectAsync(string partition, long expected, CancellationToken cancel) =>
        ChangeAsync(partition, state => state.Expect(expected));

    public override ValueTask SplitAsync(string partition, IReadOnlyList<string> into, CancellationToken cancel) =>
        ChangeAsync(partition, state => state.Split(into));

    public override Task NoteAsync(string partition, string name, string value, CancellationToken cancel) =>
        ChangeAsync(partition, state => state.Note(name, value)).AsTask();

    public override IAsyncEnumerable<ReadOnlyMemory<byte>> PagesAsync(CancellationToken cancel) =>
        throw new InvalidOperationException("Nobody reads from what a query fetches but the query.");

    public override async Task CompleteAsync(CancellationToken cancel)
    {
        await FinishSegmentAsync(cancel);
        lock (Gate)
        {
            MarkComplete();
            Signal();
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _turn.Dispose();
    }

    private void Write(PageDraft page)
    {
        if (_segment is null)
        {
            var path = Segment.PathIn(folder, ++_segments);
            _segment = new Segment(_segments, path, path);
            _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }

        _file!.Write(page.Lines.Span);
        _segment.Length += page.Lines.Length;
        _segment.Rows += page.Rows;
        _segment.LargestRecord = Math.Max(_segment.LargestRecord, page.LargestRecord);
        _segment.Fields.Add(page.Fields);
    }

    private async Task FinishSegmentAsync(CancellationToken cancel)
    {
        if (_segment is not { } segment)
        {
            return;
        }

        await _file!.DisposeAsync();
        (_file, _segment) = (null, null);
        await writer.WriteAsync(segment, Path.ChangeExtension(segment.Path, ".parquet"), cancel);
        File.Delete(segment.Path);
    }

    private ValueTask ChangeAsync(string partition, Action<PartitionState> change)
    {
        lock (Gate)
        {
            Change(partition, change);
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>Makes Parquet files of segments, with the columns of one table.</summary>
/// <param name="connection">A DuckDB that may read and write the folder.</param>
/// <param name="options">The table's columns.</param>
internal sealed class SegmentParquet(InterruptibleConnection connection, ShapeOptions options)
{
    private readonly Shaper _shaper = new(options);

    /// <summary>Values that did not fit their column and are NULL.</summary>
    public long Rejected { get; private set; }

    public async Task WriteAsync(Segment segment, string path, CancellationToken cancel)
    {
        var shaped = _shaper.Shape(segment);
        if (shaped.FastSql is { } fast && await TryAsync(fast, path, cancel))
        {
            return;
        }

        using var safe = shaped.SafeCast();
        await CopyAsync(safe.Sql, path, cancel);
        Rejected += safe.Rejected;
    }

    private async Task<bool> TryAsync(string sql, string path, CancellationToken cancel)
    {
        try
        {
            await CopyAsync(sql, path, cancel);
            return true;
        }
        catch (DuckDB.NET.Data.DuckDBException error) when (DuckDbErrors.IsAboutValue(error))
        {
            return false;
        }
    }

    private Task CopyAsync(string sql, string path, CancellationToken cancel) =>
        connection.RunAsync($"COPY ({sql}) TO {DuckDBLiteral.Quote(path)} (FORMAT parquet)", cancel);
}

using System.Threading.Channels;

namespace Sluice.Engine.Spool;

/// <summary>
/// Writes pages of many walks into one segment at a time. Commits in groups: while one group is being forced to disk the next
/// gathers, so that the cost of a sync is shared when pages come fast and no page waits when they come slowly.
/// </summary>
internal sealed class SpoolWriter : IAsyncDisposable
{
    public const long DefaultSegmentBytes = 16 * 1024 * 1024;
    private const int QueueLength = 64;
    private const int MaxGroup = 32;

    private readonly Channel<Pending> _queue = Channel.CreateBounded<Pending>(
        new BoundedChannelOptions(QueueLength) { SingleReader = true });

    private readonly string _folder;
    private readonly string _spoolId;
    private readonly Manifest _manifest;
    private readonly SpoolLog _log;
    private readonly long _segmentBytes;
    private readonly Task _loop;
    private int _number;
    private FileStream? _segment;

    public SpoolWriter(string folder, string spoolId, Manifest manifest, SpoolLog log, long segmentBytes)
    {
        _folder = folder;
        _spoolId = spoolId;
        _manifest = manifest;
        _log = log;
        _segmentBytes = segmentBytes;

        // A killed run may have left bytes behind the last known page: a new segment never meets them.
        _number = log.LastSegment();
        _loop = Task.Run(WriteLoopAsync);
    }

    public ValueTask AppendAsync(PageDraft page, CancellationToken cancel) => QueueAsync(new Pending(page, null, null), cancel);

    public ValueTask AppendAsync(ManifestEntry entry, CancellationToken cancel) => QueueAsync(new Pending(null, entry, null), cancel);

    public ValueTask AppendAsync(CsvDraft file, CancellationToken cancel) => QueueAsync(new Pending(null, null, null) { Csv = file }, cancel);

    public Task CompleteAsync(CancellationToken cancel) => NoteAsync(new ManifestEntry { Kind = ManifestEntry.Done }, cancel);

    /// <summary>Adds a fact that is on disk when this returns.</summary>
    public async Task NoteAsync(ManifestEntry entry, CancellationToken cancel)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await QueueAsync(new Pending(null, entry, done), cancel);
        await done.Task.WaitAsync(cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        try
        {
            await _loop;
        }
        finally
        {
            _segment?.Dispose();
            _manifest.Dispose();
        }
    }

    private async ValueTask QueueAsync(Pending pending, CancellationToken cancel)
    {
        try
        {
            await _queue.Writer.WriteAsync(pending, cancel);
        }
        catch (ChannelClosedException closed) when (closed.InnerException is { } cause)
        {
            throw Failed(cause);
        }
    }

    private SluiceException Failed(Exception cause) => cause as SluiceException ?? WorkFolderErrors.Writing(_folder, cause);

    private async Task WriteLoopAsync()
    {
        var group = new List<Pending>(MaxGroup);
        try
        {
            while (await _queue.Reader.WaitToReadAsync())
            {
                group.Clear();
                while (group.Count < MaxGroup && _queue.Reader.TryRead(out var pending))
                {
                    group.Add(pending);
                }

                Commit(group);
            }
        }
        catch (Exception error)
        {
            _queue.Writer.TryComplete(error);
            var told = Failed(error);
            _log.Fail(told);

            // What is queued behind the group will never be written: whoever waits for it must hear so too.
            while (_queue.Reader.TryRead(out var pending))
            {
                group.Add(pending);
            }

            group.ForEach(pending => pending.Done?.TrySetException(told));
        }
    }

    private void Commit(List<Pending> group)
    {
        var entries = new List<ManifestEntry>(group.Count);
        foreach (var pending in group)
        {
            entries.Add(pending.Csv is { } file ? Adopt(file) : pending.Page is null ? pending.Entry! : WritePage(pending.Page));
        }

        _segment?.Flush(flushToDisk: true);
        _manifest.Append(entries);
        Tell(entries);
        group.ForEach(pending => pending.Finish());
    }

    // The last segment is sealed before anybody can hear that the feed is complete, or its readers would go without it.
    private void Tell(List<ManifestEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Kind == ManifestEntry.Done)
            {
                Seal();
            }

            _log.Apply(entry, page => FeedSpool.NewSegment(_folder, _spoolId, page));
            if (entry.Kind == ManifestEntry.Gone)
            {
                // The manifest says so first: a file that is there all the same is only litter, one that is missed is a loss.
                File.Delete(_log.PathOf(entry.Segment));
            }
            else if (entry.Csv is not null)
            {
                _log.Seal(entry.Segment);
            }
        }

        if (_segment?.Length >= _segmentBytes)
        {
            Seal();
        }
    }

    // The file was forced to disk by whoever wrote it; of a name that a killed run has left, nobody knows.
    private ManifestEntry Adopt(CsvDraft file)
    {
        if (_segment is not null)
        {
            throw new InvalidOperationException("A feed's segments are all CSV or all JSON.");
        }

        _number++;
        File.Move(file.Path, FeedSpool.SegmentPath(_folder, _number, isCsv: true), overwrite: true);
        return new ManifestEntry
        {
            Kind = ManifestEntry.Page,
            Walk = file.Walk,
            Segment = _number,
            Length = file.Length,
            Rows = file.Rows,
            LargestRecord = file.LargestRecord,
            Fields = file.Fields.ToDictionary(field => field.Key, field => (int)field.Value, StringComparer.Ordinal),
            Csv = file.Form,
        };
    }

    private ManifestEntry WritePage(PageDraft page)
    {
        if (page.Rows > 0)
        {
            _segment ??= OpenNext(page.Lines.Length);
        }

        var offset = _segment?.Length ?? 0;
        if (page.Rows > 0)
        {
            _segment!.Write(page.Lines.Span);
            _segment.Flush();
        }

        return new ManifestEntry
        {
            Kind = ManifestEntry.Page,
            Walk = page.Walk,
            Segment = _number,
            Offset = offset,
            Length = page.Lines.Length,
            Rows = page.Rows,
            LargestRecord = page.LargestRecord,
            Next = page.Next,
            Last = page.Last,
            HasRepeatedNames = page.Fields.HasRepeatedNames,
            Fields = _log.NewFields(_number, page.Fields),
        };
    }

    // A full disk is better met here, between two segments and with words, than in the middle of a page.
    private FileStream OpenNext(long firstPage)
    {
        FreeSpace.Require(_folder, Math.Max(_segmentBytes, firstPage));
        _number++;
        return new FileStream(
            FeedSpool.SegmentPath(_folder, _number), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }

    private void Seal()
    {
        _segment?.Dispose();
        _segment = null;
        _log.Seal(_number);
    }

    private sealed record Pending(PageDraft? Page, ManifestEntry? Entry, TaskCompletionSource? Done)
    {
        public CsvDraft? Csv { get; init; }

        public void Finish()
        {
            Page?.Dispose();
            Done?.TrySetResult();
        }
    }
}

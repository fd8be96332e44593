using Sluice.Engine.Extract;
using Sluice.Engine.Extract.Exports;

namespace Sluice.Engine.Spool;

/// <summary>Writes pages of many partitions into one segment file at a time, and takes over whole files.</summary>
internal sealed class SegmentWriter(string folder, long segmentBytes) : IDisposable
{
    private FileStream? _file;

    /// <summary>The number of the last segment.</summary>
    public int Number { get; private set; }

    public bool IsFull => _file?.Length >= segmentBytes;

    /// <summary>Begins with a new segment: a killed run may have left bytes behind the last known page of the old one.</summary>
    public void GoOnBehind(int number) => Number = number;

    public ManifestEntry Write(PageDraft page)
    {
        if (page.Rows > 0)
        {
            _file ??= OpenNext(page.Lines.Length);
        }

        var offset = _file?.Length ?? 0;
        if (page.Rows > 0)
        {
            _file!.Write(page.Lines.Span);
            _file.Flush();
        }

        return new ManifestEntry
        {
            Kind = ManifestEntry.Page,
            Partition = page.Partition,
            Segment = Number,
            Offset = offset,
            Length = page.Lines.Length,
            Rows = page.Rows,
            LargestRecord = page.LargestRecord,
            Next = page.Next,
            Last = page.Last,
            HasRepeatedNames = page.Fields.HasRepeatedNames,
        };
    }

    /// <summary>Takes over a file that was forced to disk by whoever wrote it; of a name that a killed run has left, nobody knows.</summary>
    public ManifestEntry Adopt(CsvDraft file)
    {
        if (_file is not null)
        {
            throw new InvalidOperationException("An extraction's segments are all CSV or all JSON.");
        }

        Number++;
        File.Move(file.Path, Segment.PathIn(folder, Number, isCsv: true), overwrite: true);
        return new ManifestEntry
        {
            Kind = ManifestEntry.Page,
            Partition = file.Partition,
            Segment = Number,
            Length = file.Length,
            Rows = file.Rows,
            LargestRecord = file.LargestRecord,
            Fields = file.Fields.ToDictionary(field => field.Key, field => (int)field.Value, StringComparer.Ordinal),
            Csv = file.Form,
        };
    }

    public void Flush() => _file?.Flush(flushToDisk: true);

    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    public void Dispose() => Close();

    // A full disk is better met here, between two segments and with words, than in the middle of a page.
    private FileStream OpenNext(long firstPage)
    {
        WorkFolder.RequireSpace(folder, Math.Max(segmentBytes, firstPage));
        Number++;
        return new FileStream(Segment.PathIn(folder, Number), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
    }
}

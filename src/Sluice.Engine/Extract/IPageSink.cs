using Sluice.Engine.Extract.Exports;

namespace Sluice.Engine.Extract;

/// <summary>Where the pages of one extraction go, and what is known of its partitions so far: on disk in a run, in memory for a query.</summary>
internal interface IPageSink
{
    /// <summary>When the extraction was first begun, by Customer.io's clock; one that goes on keeps the old value.</summary>
    DateTimeOffset Began { get; }

    /// <summary>Whether whoever takes the rows wants no more of them.</summary>
    bool HasEnough { get; }

    /// <summary>How far a partition is.</summary>
    PartitionState Partition(string name);

    /// <summary>Takes a partition for reading: false when it is read already, or is being read.</summary>
    bool TryBegin(string partition);

    /// <summary>What the partitions have noted under a name, one of each that has; empty notes count as none.</summary>
    IReadOnlyList<string> Notes(string name);

    /// <summary>Takes a page; returns at the latest when there is room for it.</summary>
    ValueTask AppendAsync(PageDraft page, CancellationToken cancel);

    /// <summary>Leaves a partition out, with the reason.</summary>
    ValueTask SkipAsync(string partition, string reason, CancellationToken cancel);

    /// <summary>Keeps how many records Customer.io says a partition has; a later number takes the place of an earlier one.</summary>
    ValueTask ExpectAsync(string partition, long expected, CancellationToken cancel);

    /// <summary>Puts smaller partitions in the place of one.</summary>
    ValueTask SplitAsync(string partition, IReadOnlyList<string> into, CancellationToken cancel);

    /// <summary>Notes something for whoever goes on with a partition; it is kept for good when this returns.</summary>
    Task NoteAsync(string partition, string name, string value, CancellationToken cancel);

    /// <summary>Every page's lines, oldest first, each as soon as it is kept; ends with the extraction.</summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> PagesAsync(CancellationToken cancel);

    /// <summary>Marks the extraction as read to its end.</summary>
    Task CompleteAsync(CancellationToken cancel);

    /// <summary>Tells everybody who waits for more that no more will come, and why.</summary>
    void Fail(Exception error);
}

/// <summary>A sink that takes whole files, as exports have them.</summary>
internal interface IFileSink : IPageSink
{
    /// <summary>The folder for files on their way.</summary>
    string Folder { get; }

    /// <summary>Bytes after which a file is handed over.</summary>
    long SegmentBytes { get; }

    /// <summary>Takes a file of CSV.</summary>
    ValueTask AppendAsync(CsvDraft file, CancellationToken cancel);
}

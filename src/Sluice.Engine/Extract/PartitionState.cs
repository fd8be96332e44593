namespace Sluice.Engine.Extract;

/// <summary>How far a partition is (all pages of a list, one window, one parent, one batch), by what the sink has kept.</summary>
internal sealed class PartitionState
{
    private static readonly Dictionary<string, string> NoNotes = new(StringComparer.Ordinal);

    /// <summary>A partition that was read to its end and of which nothing else is worth keeping.</summary>
    public static PartitionState Done { get; } = new() { IsDone = true };

    public int Pages { get; private set; }

    public long Rows { get; private set; }

    /// <summary>Records that Customer.io says there are; null if it has not been asked.</summary>
    public long? Expected { get; private set; }

    /// <summary>The cursor of the page to ask for next; null before the first page.</summary>
    public string? Next { get; private set; }

    /// <summary>Nothing of it is left to ask for: read to its end, skipped, or replaced by smaller partitions.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether somebody reads it in this run.</summary>
    public bool IsBegun { get; set; }

    /// <summary>Why it was left out, when it was.</summary>
    public string? SkipReason { get; private set; }

    /// <summary>What its reader has noted for whoever goes on, by name.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; private set; } = NoNotes;

    /// <summary>The smaller partitions that took its place.</summary>
    public IReadOnlyList<string>? SplitInto { get; private set; }

    /// <summary>Whether fewer records came than Customer.io says there are.</summary>
    public bool IsShort => Rows < Expected;

    /// <summary>Whether it is read and everything came: nobody needs more of it than that.</summary>
    public bool IsPlainlyDone => IsDone && SkipReason is null && SplitInto is null && Notes.Count == 0 && !IsShort;

    public void AddPage(int rows, string? next, bool last)
    {
        (Pages, Rows) = (Pages + 1, Rows + rows);
        (Next, IsDone) = (next, last);
    }

    public void Skip(string reason) => (IsDone, SkipReason) = (true, reason);

    public void Split(IReadOnlyList<string> into) => (IsDone, SplitInto) = (true, into);

    public void Expect(long? expected) => Expected = expected;

    // The dictionary is replaced, because its readers hold no lock.
    public void Note(string name, string value) => Notes = new Dictionary<string, string>(Notes, StringComparer.Ordinal) { [name] = value };
}

/// <summary>What Customer.io says of the lengths of partitions, beside what came.</summary>
/// <param name="Partitions">How many have a number; 0 when none was asked for.</param>
/// <param name="Expected">Their records, added up.</param>
/// <param name="Short">Those of which fewer came.</param>
internal sealed record CountedPartitions(int Partitions, long Expected, IReadOnlyList<CountedPartition> Short);

/// <summary>A partition with the number of records that Customer.io says it has.</summary>
internal sealed record CountedPartition(string Name, long Expected, long Rows);

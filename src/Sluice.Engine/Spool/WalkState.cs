namespace Sluice.Engine.Spool;

/// <summary>How far a walk is, by what is on disk.</summary>
internal sealed class WalkState
{
    public int Pages { get; private set; }

    public long Rows { get; private set; }

    /// <summary>Records that Customer.io says there are; null if it has not been asked.</summary>
    public long? Expected { get; private set; }

    /// <summary>The cursor of the page to ask for next; null before the first page.</summary>
    public string? Next { get; private set; }

    /// <summary>Nothing of this walk is left to ask for: read to its end, skipped, or replaced by smaller walks.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Why the walk was left out, when it was.</summary>
    public string? SkipReason { get; private set; }

    /// <summary>What the walk's reader has noted for whoever goes on, by name.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The smaller walks that took this one's place.</summary>
    public IReadOnlyList<string>? SplitInto { get; private set; }

    /// <summary>Whether the walk was left out.</summary>
    public bool IsSkipped { get; private set; }

    /// <summary>Takes in a fact about the walk.</summary>
    public void Apply(ManifestEntry entry)
    {
        switch (entry.Kind)
        {
            case ManifestEntry.Page:
                (Pages, Rows) = (Pages + 1, Rows + entry.Rows);
                (Next, IsDone) = (entry.Next, entry.Last);
                break;
            case ManifestEntry.Skip:
                (IsDone, IsSkipped, SkipReason) = (true, true, entry.Reason);
                break;
            case ManifestEntry.Split:
                (IsDone, SplitInto) = (true, entry.Into);
                break;
            case ManifestEntry.Expect:
                Expected = entry.Expected;
                break;
            case ManifestEntry.Note:
                Notes = new Dictionary<string, string>(Notes, StringComparer.Ordinal) { [entry.Name!] = entry.Value! };
                break;
        }
    }
}

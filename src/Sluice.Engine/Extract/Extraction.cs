using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;

namespace Sluice.Engine.Extract;

/// <summary>One question to Customer.io: read once in a run, however many tables and other extractions need its records.</summary>
internal sealed class Extraction(ExtractionKey key, Resource resource)
{
    /// <summary>Its name: the same from run to run, and no other question's.</summary>
    public ExtractionKey Key { get; } = key;

    /// <summary>The resource as it is asked for, options applied.</summary>
    public Resource Resource { get; } = resource;

    /// <summary>The part of time that is read.</summary>
    public ExtractionRange Range { get; init; } = ExtractionRange.All;

    /// <summary>Rows after which no more is asked for; null for all.</summary>
    public long? Limit { get; init; }

    /// <summary>How long one run waits for an export; null for as long as it takes.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>What is hidden of records before they are stored.</summary>
    public MaskSet Masks { get; init; } = MaskSet.None;

    /// <summary>Which members of the records' object are written beside their fields; null for none.</summary>
    public Flattening? Flattening { get; init; }

    /// <summary>What is written in front of every record; empty when nothing is.</summary>
    public byte[] Injected { get; init; } = [];

    /// <summary>The list in which names that were given are looked up for their ids; null when there are none.</summary>
    public Resource? Lookup { get; init; }

    /// <summary>Differs whenever pages of one reading would not do for another; the same from run to run.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>The extraction whose rows lead to this one's, if any.</summary>
    public Extraction? Parent { get; init; }

    /// <summary>The extractions that lead to this one, the nearest first.</summary>
    public IEnumerable<Extraction> Ancestors => Parent is null ? [] : Parent.Ancestors.Prepend(Parent);
}

/// <summary>The part of time that an extraction is read for.</summary>
/// <param name="Start">The first instant, or null for all of the past.</param>
/// <param name="End">The last instant, or null for the beginning of the run.</param>
internal sealed record ExtractionRange(DateTimeOffset? Start, DateTimeOffset? End)
{
    public static ExtractionRange All { get; } = new(null, null);

    /// <summary>Whether the user named the range: it is read exactly then, not only what is new.</summary>
    public bool IsExplicit { get; init; }

    /// <summary>
    /// Where the reading of a parent's children begins, by the parent's key; a parent that is not among them is read from its beginning.
    /// </summary>
    public IReadOnlyDictionary<string, DateTimeOffset> ParentStarts { get; init; } = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>Whether everything that Customer.io has is read.</summary>
    public bool IsAll => Start is null && End is null && ParentStarts.Count == 0;
}

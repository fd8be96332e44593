using System.Globalization;
using System.Security.Cryptography;
using System.Text;
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

    /// <summary>Where the records are known to begin, by an earlier reading of everything; null when nobody knows.</summary>
    public DateTimeOffset? Beginning { get; init; }

    /// <summary>Whether everything that Customer.io has is read.</summary>
    public bool IsAll => Start is null && End is null && ParentStarts.Count == 0;
}

/// <summary>What is read once in a run, whoever needs it: a resource, with its period where it has one, asked for in one way.</summary>
/// <param name="Resource">The resource whose pages are read.</param>
/// <param name="Period">The period of metrics, or null.</param>
internal sealed record ExtractionKey(string Resource, MetricsPeriod? Period)
{
    /// <summary>The options that it is asked for with.</summary>
    public OptionValues Options { get; init; } = OptionValues.None;

    /// <summary>Which rows of what leads to it are asked.</summary>
    public WhereFilter Where { get; init; } = WhereFilter.None;

    /// <summary>The records that it is of, when they are taken out of another extraction's pages; null when it reads pages itself.</summary>
    public RecordSlice? Slice { get; init; }

    /// <summary>What a table alone has said of its reading; null when other tables' pages serve it.</summary>
    public OwnReading? Own { get; init; }

    /// <summary>The name for people: without what was asked for.</summary>
    public string Title => Period is { } period ? $"{Resource}_{period.ToString().ToLowerInvariant()}" : Resource;

    /// <summary>The extraction of a resource that holds a table's records: its own, or that of the resource it shares pages with.</summary>
    public static ExtractionKey Of(Resource resource, MetricsPeriod? period) => new(resource.SharedWith ?? resource.Name, period);

    /// <summary>Gives a name that can be a folder's and that no other question has.</summary>
    public override string ToString() =>
        Options.IsEmpty && Where.IsEmpty && Slice is null && Own is null ? Title : $"{Title}-{Hash($"{Options}|{Where}|{Slice}|{Own}")}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}

/// <summary>How a single table of a pipeline is read, where it differs from the plain way: then nobody else's pages serve it.</summary>
/// <param name="Interval">The part of time that was asked for.</param>
/// <param name="Limit">Rows after which no more is asked for, or null.</param>
/// <param name="Masks">The fingerprint of what is hidden.</param>
/// <param name="Flattening">Which members become columns, in words; null for none.</param>
internal sealed record OwnReading(Interval Interval, long? Limit, string Masks, string? Flattening)
{
    /// <summary>Gives words that are a part of a spool's name: they stay as they are, so that a killed run finds its pages.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Interval.Start:O}|{Interval.End:O}|{Limit}|{Masks}|{Flattening}");
}

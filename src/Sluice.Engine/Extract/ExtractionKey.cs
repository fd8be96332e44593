using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Extract;

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

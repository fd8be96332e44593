using System.Security.Cryptography;
using System.Text;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;

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

    /// <summary>What else makes it another question than the plain one, in words of no meaning to anybody; empty for the plain one.</summary>
    public string Part { get; init; } = "";

    /// <summary>The same of the extraction that a slice is taken from; empty when it is no slice.</summary>
    public string WholePart { get; init; } = "";

    /// <summary>The name for people: without what was asked for.</summary>
    public string Title => Period is { } period ? $"{Resource}_{period.ToString().ToLowerInvariant()}" : Resource;

    /// <summary>The extraction of a resource that holds a table's records: its own, or that of the resource it shares pages with.</summary>
    public static ExtractionKey Of(Resource resource, MetricsPeriod? period) => new(resource.SharedWith ?? resource.Name, period);

    /// <summary>Gives a name that can be a folder's and that no other question has.</summary>
    public override string ToString() => Options.IsEmpty && Where.IsEmpty && Slice is null && Part.Length == 0 ? Title : $"{Title}-{Hash($"{Options}|{Where}|{Slice}|{Part}")}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
}

using Sluice.Engine.Catalog;
using Sluice.Engine.Extract.Exports;

namespace Sluice.Engine.Extract;

/// <summary>Chooses the way of reading that the catalog names for a feed.</summary>
internal static class Extractions
{
    public static IExtraction For(Feed feed, ExtractContext context) => feed.Name.Slice is not null ? new SliceWalks(feed) : feed.Resource.Reading switch
    {
        ReadingKind.List or ReadingKind.People => new ListWalks(feed, context),
        ReadingKind.Windows => new WindowWalks(feed, context),
        ReadingKind.PerParent or ReadingKind.PerPerson or ReadingKind.Objects => new ParentWalks(feed, context),
        ReadingKind.Metrics => new MetricsWalks(feed, context),
        ReadingKind.Hydrate => new HydrateBatches(feed, context),
        ReadingKind.Export => new ExportWalks(feed, context),
        _ => throw new InvalidOperationException($"No extraction reads {feed.Resource.Reading}."),
    };
}

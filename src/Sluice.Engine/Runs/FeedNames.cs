using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Runs;

/// <summary>Which question to Customer.io a table needs answered, and which one leads to it.</summary>
internal static class FeedNames
{
    /// <summary>The option that says how long one run waits for an export.</summary>
    public const string Deadline = "deadline";

    /// <summary>The feed that a table is loaded from.</summary>
    public static FeedName Of(IngestRequest request, TableJob job) => FeedName.Of(job.Resource, job.Source.Period) with
    {
        Options = Asked(job),
        Where = job.Where,
        Slice = job.Slice,
        Part = Part(request, job, job.Flattening),
        WholePart = job.Slice is null ? "" : Part(request, job, null),
    };

    /// <summary>The feed that leads to another one; null when nothing does.</summary>
    public static FeedName? ParentOf(FeedName name)
    {
        if (name.Slice is not null)
        {
            return name with { Slice = null, Part = name.WholePart, WholePart = "" };
        }

        var resource = ResourceOf(name);
        if (resource.Parent is not { } binding || name.Where.KeysOf(resource) is not null || IsKnown(resource, name))
        {
            return null;
        }

        var parent = new FeedName(binding.Resource, null);
        return resource.Reading == ReadingKind.Export ? parent : parent with { Options = name.Options.Of(OptionReader.Known(Find(parent), ResourceCatalog.Default)), Where = name.Where.Above(binding.Resource) };
    }

    /// <summary>Whether a table is loaded from a feed, or from slices of it.</summary>
    public static bool Serves(IngestRequest request, FeedName feed, TableJob job) => Of(request, job) is var own && (own == feed || (own.Slice is not null && ParentOf(own) == feed));

    /// <summary>The resource as the feed asks for it.</summary>
    public static Resource ResourceOf(FeedName name) => AskedResource.With(Find(name), name.Options, name.Where);

    /// <summary>The feeds that lead to a feed, the nearest first.</summary>
    public static IEnumerable<FeedName> Ancestors(FeedName name)
    {
        for (var parent = ParentOf(name); parent is not null; parent = ParentOf(parent))
        {
            yield return parent;
        }
    }

    /// <summary>Rows after which no more of a feed is asked for: a limited list would leave children without parents, so the limit is applied when rows are loaded.</summary>
    public static long? LimitOf(IngestRequest request, TableJob job) =>
        request.Tables.Any(other => Ancestors(FeedName.Of(other.Resource, other.Source.Period)).Any(parent => parent.Resource == job.Resource.Name)) ? null : job.Settings.Limit;

    // What an export is of need not be listed when it is named and its time is, too.
    private static bool IsKnown(Resource resource, FeedName name) => resource.Reading == ReadingKind.Export && !ExportedResource.NeedsList(resource, name.Options);

    // How long to wait is no part of the question: a run with a longer deadline goes on with the same export.
    private static OptionValues Asked(TableJob job) => job.Options.One(Deadline) is null ? job.Options : job.Options.Without(Deadline);

    // What a command says holds for all its tables and is a part of each spool's fingerprint; what a pipeline says of a single table makes its feed another one.
    private static string Part(IngestRequest request, TableJob job, Flattening? flattening)
    {
        var settings = job.Settings.IsOwn ? job.Settings : new TableSettings();
        var limit = job.Settings.IsOwn ? LimitOf(request, job) : null;
        return settings.Interval.IsAll && limit is null && settings.Masks.Masks.Count == 0 && flattening is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{settings.Interval.Start:O}|{settings.Interval.End:O}|{limit}|{settings.Masks.Fingerprint}|{flattening}");
    }

    private static Resource Find(FeedName name) =>
        ResourceCatalog.Default.Find(name.Resource) ?? throw new InvalidOperationException($"The catalog names {name.Resource}, which it does not have.");
}

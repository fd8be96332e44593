using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;

namespace Sluice.Engine.Runs;

/// <summary>Estimates the requests of a planned extraction by the way in which it is read.</summary>
internal sealed class ExtractionEstimator(CustomerIoClient client, WorkspaceInfo info)
{
    private readonly ListProbe _lists = new(client);
    private readonly List<string> _notes = [];

    public IReadOnlyList<string> Notes => _notes;

    private long Objects => info.Workspaces.Count == 0 ? 0 : info.Workspaces.Max(workspace => workspace.Objects);

    // With several workspaces in the account the key does not tell which is its own: the largest is the careful guess.
    private long People => info.Workspaces.Count == 0 ? 0 : info.Workspaces.Max(workspace => workspace.People);

    public async Task<ExtractionCost> CostAsync(Extraction extraction, CancellationToken cancel)
    {
        var (resource, range) = (extraction.Resource, extraction.Range);
        if (extraction.Key.Where.KeysOf(resource) is { } keys)
        {
            return Named(resource, range, keys.Count);
        }

        NoteWorkspaces(resource);
        return resource.Reading switch
        {
            ReadingKind.Windows => await WindowsAsync(resource, range, cancel),
            ReadingKind.People => await PeopleAsync(
                extraction,
                people => Pages(people, resource.PageSize ?? 1),
                "pages of the people search",
                cancel),
            ReadingKind.Hydrate => await PeopleAsync(
                extraction,
                people => Pages(people, resource.Batch!.MaxItems),
                $"batches of {resource.Batch!.MaxItems} people",
                cancel),
            ReadingKind.PerPerson => await PeopleAsync(extraction, people => people, "one walk a person", cancel),
            ReadingKind.PerParent when extraction.Parent is { Resource.Reading: ReadingKind.Objects } =>
                Count(Objects, "one walk an object", $"{Objects:N0} objects by /v1/workspaces"),
            ReadingKind.Export => await ExportAsync(extraction, cancel),
            ReadingKind.List => await ListAsync(resource, range, cancel),
            _ => await PerParentAsync(extraction, cancel),
        };
    }

    private ExtractionCost Named(Resource resource, ExtractionRange range, int count)
    {
        var each =
            RequestBuilder.VariantsOf(resource).Count * (resource.Window is null ? 1 : WindowsOf(resource, range, ParentProbeRow.Nameless(null)));
        return resource.Batch is { } batch
            ? Count(Pages(count, batch.MaxItems), $"batches of {batch.MaxItems} that were named", $"{count:N0} named")
            : Count((count * each) + Counts(resource, count), "one walk for each that was named", $"{count:N0} named");
    }

    // Who matches a filter is known once the first page is the last; before that it can be everybody.
    private async Task<ExtractionCost> PeopleAsync(Extraction extraction, Func<long, long> requests, string how, CancellationToken cancel)
    {
        var search = extraction.Ancestors.Prepend(extraction).First(one => one.Resource.Reading == ReadingKind.People);
        if (search.Key.Options.IsEmpty)
        {
            return Count(requests(People), how, $"{People:N0} people by /v1/workspaces");
        }

        var found = await _lists.MatchesAsync(search, cancel);
        return found.IsWhole
            ? Count(requests(found.Rows), how, $"{found.Rows:N0} people match")
            : Count(requests(Math.Max(People, found.Rows)), how, $"at most {People:N0} people: more than {found.Rows:N0} match");
    }

    private async Task<ExtractionCost> ListAsync(Resource resource, ExtractionRange range, CancellationToken cancel)
    {
        if (!resource.Paged)
        {
            return Count(Math.Max(1, resource.Variants.Count), "one list", "it has no pages");
        }

        var requests = 0L;
        var basis = "";
        foreach (var variant in RequestBuilder.VariantsOf(resource))
        {
            var rows = await _lists.RowsAsync(resource, variant, range.Start is { } start ? info.Now - start : ListProbe.ActivitySpan, cancel);
            var pages = Math.Max(1, Pages(rows.Estimate, Math.Max(1, resource.PageSize ?? rows.FirstPage)));

            // Only an empty page ends a list without a cursor.
            requests += resource.Paging == PagingStyle.Offset && rows.Estimate > 0 ? pages + 1 : pages;
            basis = rows.Basis;
        }

        return Count(
            requests, resource.Variants.Count > 1 ? $"{resource.Variants.Count} lists, page after page" : "one list, page after page", basis);
    }

    private async Task<ExtractionCost> WindowsAsync(Resource resource, ExtractionRange range, CancellationToken cancel)
    {
        var windows = TimeWindow.Cover(range.Start ?? range.Beginning ?? TimeWindow.Beginning, range.End ?? info.Now, resource.Window!.MaxDays);
        var pages = 0.0;
        foreach (var variant in RequestBuilder.VariantsOf(resource))
        {
            var probe = new WindowProbe(client, resource, variant);
            foreach (var window in windows)
            {
                var found = probe.IsExhausted ? 0 : await probe.PagesAsync(window, cancel);
                pages += Math.Max(1, found);
            }
        }

        var how = string.Create(CultureInfo.InvariantCulture, $"{windows.Count} windows of at most {resource.Window.MaxDays} days");
        return Count((long)Math.Ceiling(pages), how, "the first page of the newest windows");
    }

    // To ask, to look whether it is done, for the link; how often must be looked depends on Customer.io, and a few times more or less is no matter.
    private async Task<ExtractionCost> ExportAsync(Extraction extraction, CancellationToken cancel)
    {
        var (resource, options) = (extraction.Resource, extraction.Key.Options);
        const long perExport = 6;
        var names = options.All(resource.OptionOf(OptionKind.Segments)).Count > 0 ? 1 : 0;
        if (resource.Parent is null)
        {
            return Count(
                perExport + 1 + names,
                "one export",
                "1 request to ask, about 4 to look whether it is done, 1 for the link, 1 for the list of exports");
        }

        var kind = resource.Parent.Route.Keys.First();
        var rows = extraction.Parent is null
            ? [.. options.All(kind).Select(id => ParentProbeRow.Nameless(null) with { Key = id })]
            : Wanted(await _lists.ParentsAsync(extraction, cancel), options.All(kind));
        var exports = rows.Sum(row => WindowsOf(resource, extraction.Range, row));
        return Count(
            exports * perExport + 1,
            string.Create(CultureInfo.InvariantCulture, $"{exports} exports of at most {resource.Window!.MaxDays} days"),
            $"{rows.Count:N0} rows of {resource.Parent.Resource}, about {perExport} requests for each export");
    }

    // Of actions only their number is known before they are read.
    private static IReadOnlyList<ParentProbeRow> Wanted(IReadOnlyList<ParentProbeRow> rows, IReadOnlyList<string> ids) =>
        ids.Contains("all", StringComparer.Ordinal) ? rows
        : rows.All(row => row.Key.Length == 0) ? [.. rows.Take(ids.Count)]
        : [.. rows.Where(row => ids.Contains(row.Key, StringComparer.Ordinal))];

    private async Task<ExtractionCost> PerParentAsync(Extraction extraction, CancellationToken cancel)
    {
        var resource = extraction.Resource;
        var rows = await _lists.ParentsAsync(extraction, cancel);
        var each = Math.Max(1, resource.Variants.Count);
        var requests =
            resource.Metrics == MetricsStyle.Range ? each * rows.Sum(row => Ranges(extraction, row))
            : resource.Window is null ? rows.Count * each
            : each * rows.Sum(row => WindowsOf(resource, extraction.Range, row));
        var how =
            resource.Metrics == MetricsStyle.Range ? "ranges of up to ten years for each parent"
            : resource.Window is null ? "one walk a parent"
            : $"windows of at most {resource.Window.MaxDays} days for each parent";
        return Count(
            Math.Max(requests, each * ChildPages(resource, rows)) + Counts(resource, rows.Count),
            how,
            $"{rows.Count:N0} rows of {resource.Parent!.Resource}");
    }

    // Of actions the campaign's creation is known: it is the earliest that theirs can be.
    private int Ranges(Extraction extraction, ParentProbeRow row) =>
        new MetricsWindows(extraction.Key, extraction.Resource).CountOf(extraction.Range, row.Key, row.Created, info.Now);

    private int WindowsOf(Resource resource, ExtractionRange range, ParentProbeRow row)
    {
        var known = range.ParentStarts.TryGetValue(row.Key, out var mark) ? mark : (DateTimeOffset?)null;
        return TimeWindow.Cover(range.Start ?? known ?? row.Created ?? TimeWindow.Beginning, range.End ?? info.Now, resource.Window!.MaxDays).Count;
    }

    // Actions come ten a page, and a campaign tells how many it has; a list of people is at most all of them long.
    private long ChildPages(Resource resource, IReadOnlyList<ParentProbeRow> rows) =>
        resource is { ListedIn: { } list, UsualPageSize: { } usual } ? rows.Sum(row => Pages(row.LengthOf(list), usual))
        : resource is { Count.Path: not null, PageSize: { } size } ? rows.Count * Pages(People, size)
        : 0;

    private static long Counts(Resource resource, int parents) => resource.Count?.Path is null ? 0 : parents;

    private void NoteWorkspaces(Resource resource)
    {
        var sentence = info.Workspaces.Count switch
        {
            0 => "The key may not list workspaces: how many people there are is not known, and they are counted as none.",
            1 => null,
            _ => "The account has several workspaces; the largest is assumed for people.",
        };
        if (
            sentence is { }
            && (resource.Count?.Path is not null || resource.Reading is ReadingKind.People or ReadingKind.Hydrate or ReadingKind.PerPerson)
            && !_notes.Contains(sentence, StringComparer.Ordinal))
        {
            _notes.Add(sentence);
        }
    }

    private static long Pages(long rows, int perPage) => Math.Max(1, (rows + perPage - 1) / perPage);

    private static ExtractionCost Count(long requests, string how, FormattableString basis) =>
        new(requests, how, basis.ToString(CultureInfo.InvariantCulture));

    private static ExtractionCost Count(long requests, string how, string basis) => new(requests, how, basis);
}

/// <summary>The expected cost of an extraction.</summary>
internal sealed record ExtractionCost(long Requests, string How, string Basis)
{
    /// <summary>The cost when reading ends with so many rows; null for all. A request for a parent is taken to give a row at least.</summary>
    public ExtractionCost Within(long? limit, Resource resource)
    {
        var perRequest = resource.Reading switch
        {
            ReadingKind.List or ReadingKind.People or ReadingKind.Windows => resource.PageSize ?? int.MaxValue,
            ReadingKind.Hydrate => resource.Batch?.MaxItems ?? 1,
            _ => 1,
        };
        if (limit is not { } rows || Requests <= Math.Max(1, (rows + perRequest - 1) / perRequest))
        {
            return this;
        }

        return this with
        {
            Requests = Math.Max(1, (rows + perRequest - 1) / perRequest),
            Basis = string.Create(CultureInfo.InvariantCulture, $"ends with {rows:N0} rows"),
        };
    }
}

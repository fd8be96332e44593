using System.Globalization;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.Runs;

/// <summary>
/// Decides how people are read unless the user says it: page by page, or by an export where that saves minutes. The search it stays when other tables
/// need it anyway. Attributes are read by the attributes endpoint unless the user leaves it open (auto) and names some: an export has no others, nor
/// devices.
/// </summary>
internal static class PeopleReadStrategy
{
    private const string Auto = "auto";

    // An export costs a handful of requests and a wait that nobody knows; from two minutes of requests on, it is the shorter way.
    private const long ManyRequests = 1200;

    /// <summary>Puts a decision in the place of <c>via: auto</c>, and takes away a word that says what is done anyway.</summary>
    public static IngestRequest Choose(IngestRequest request, IReadOnlyList<WorkspaceInfo> infos) =>
        request with { Tables = [.. request.Tables.Select(job => Choose(request, job, infos))] };

    /// <summary>What was decided and why, one sentence a table.</summary>
    public static IEnumerable<string> Notes(IngestRequest asked, IngestRequest chosen, IReadOnlyList<WorkspaceInfo> infos) =>
        asked
            .Tables.Zip(chosen.Tables)
            .Where(pair =>
                pair.First.Options.One(ExportedResource.Via) == Auto
                || (IsOpen(pair.First) && pair.Second.Options.One(ExportedResource.Via) is not null))
            .Select(pair =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pair.First.Source} is read by {(pair.Second.Options.One(ExportedResource.Via) is null ? "search" : "export")}: the " +
                        $"search for {People(infos)} people takes {Requests(pair.First.Resource, infos)} requests, and from {ManyRequests} on " +
                        $"an export is taken{(HasWords(pair.First) ? "" : ", but an export has only attributes that are named")}."
                ));

    private static TableJob Choose(IngestRequest request, TableJob job, IReadOnlyList<WorkspaceInfo> infos)
    {
        var said = job.Options.One(ExportedResource.Via);
        if (said is ExportedResource.ByExport || (said is null && !IsOpen(job)))
        {
            return job;
        }

        var isNeeded = said is null && request.Tables.Any(other => other != job && other.Resource.Parent?.Resource == job.Resource.Name);
        var isExport = said is null or Auto && HasWords(job) && !isNeeded && Requests(job.Resource, infos) >= ManyRequests;
        if (said is null && !isExport)
        {
            return job;
        }

        var options = isExport ? job.Options.With(ExportedResource.Via, ExportedResource.ByExport) : job.Options.Without(ExportedResource.Via);
        return job with { Options = options, Resource = ExportedResource.With(job.Resource, options) };
    }

    // A table that has the same rows either way, so that nobody needs to say which.
    private static bool IsOpen(TableJob job) =>
        job.Resource.Reading is ReadingKind.People && job.Where.IsEmpty && job.Resource.Options.Any(option => option.Name == ExportedResource.Via);

    private static bool HasWords(TableJob job) => job.Resource.Reading != ReadingKind.Hydrate || job.Options.All("attributes").Count > 0;

    private static long Requests(Resource resource, IReadOnlyList<WorkspaceInfo> infos)
    {
        const int searched = 1000;
        var pages = (People(infos) + searched - 1) / searched;
        return resource.Reading == ReadingKind.Hydrate ? pages + (People(infos) + resource.Batch!.MaxItems - 1) / resource.Batch.MaxItems : pages;
    }

    private static long People(IReadOnlyList<WorkspaceInfo> infos) =>
        infos.SelectMany(info => info.Workspaces).Select(workspace => workspace.People).DefaultIfEmpty(0).Max();
}

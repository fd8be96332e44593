using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;

namespace Sluice.Engine.Runs;

/// <summary>Decides how people are read where the user leaves it open: page by page, or by an export where that saves minutes.</summary>
internal static class PeopleRoute
{
    private const string Auto = "auto";

    // An export costs a handful of requests and a wait that nobody knows; from two minutes of requests on, it is the shorter way.
    private const long ManyRequests = 1200;

    /// <summary>Puts a decision in the place of <c>via: auto</c>, and takes away a word that says what is done anyway.</summary>
    public static IngestRequest Choose(IngestRequest request, IReadOnlyList<RunClock> clocks) =>
        request.Tables.All(job => job.Options.One(ExportedResource.Via) is null or ExportedResource.ByExport)
            ? request
            : request with { Tables = [.. request.Tables.Select(job => Choose(job, clocks))] };

    /// <summary>What was decided and why, one sentence a table.</summary>
    public static IEnumerable<string> Notes(IngestRequest asked, IngestRequest chosen, IReadOnlyList<RunClock> clocks) =>
        asked.Tables.Zip(chosen.Tables)
            .Where(pair => pair.First.Options.One(ExportedResource.Via) == Auto)
            .Select(pair => string.Create(
                CultureInfo.InvariantCulture,
                $"{pair.First.Source} is read by {(pair.Second.Options.One(ExportedResource.Via) is null ? "search" : "export")}: the search for {People(clocks)} people takes {Requests(pair.First.Resource, clocks)} requests, and from {ManyRequests} on an export is taken{(HasWords(pair.First) ? "" : ", but an export has only attributes that are named")}."));

    private static TableJob Choose(TableJob job, IReadOnlyList<RunClock> clocks)
    {
        if (job.Options.One(ExportedResource.Via) is null or ExportedResource.ByExport)
        {
            return job;
        }

        var isExport = job.Options.One(ExportedResource.Via) == Auto && HasWords(job) && Requests(job.Resource, clocks) >= ManyRequests;
        var options = isExport ? job.Options.With(ExportedResource.Via, ExportedResource.ByExport) : job.Options.Without(ExportedResource.Via);
        return job with { Options = options, Resource = ExportedResource.With(job.Resource, options) };
    }

    private static bool HasWords(TableJob job) => job.Resource.Reading != ReadingKind.Hydrate || job.Options.All("attributes").Count > 0;

    private static long Requests(Resource resource, IReadOnlyList<RunClock> clocks)
    {
        const int searched = 1000;
        var pages = (People(clocks) + searched - 1) / searched;
        return resource.Reading == ReadingKind.Hydrate ? pages + (People(clocks) + resource.Batch!.MaxItems - 1) / resource.Batch.MaxItems : pages;
    }

    private static long People(IReadOnlyList<RunClock> clocks) => clocks.SelectMany(clock => clock.Workspaces).Select(workspace => workspace.People).DefaultIfEmpty(0).Max();
}

using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>Makes the models after the tables of a run have been loaded.</summary>
internal static class ModelStep
{
    /// <summary>Adds to the report what became of the models; the tables are loaded whatever happens here.</summary>
    public static async Task<RunReport> RunAsync(
        RunReport report, IngestRequest request, IDestination destination, CancellationToken cancel)
    {
        if (!request.Models || !report.Tables.Any(table => table.Outcome is TableOutcome.Done or TableOutcome.Partial))
        {
            return report;
        }

        var made = new List<ModelReport>();
        try
        {
            foreach (var schema in request.Tables.Select(job => job.Schema).Distinct(StringComparer.Ordinal))
            {
                made.AddRange(await (destination.Models(schema) ?? throw None(destination)).MakeAsync(isDryRun: false, cancel));
            }

            return report with { Models = made };
        }
        catch (Exception error) when (!SluiceException.IsFatal(error))
        {
            return (report with { Models = made }).WithFailure(error, "the models were made", "models");
        }
    }

    private static SluiceException None(IDestination destination) =>
        new(SluiceErrorKind.Config, $"{destination.Name} has no views, so that no models can be made there.", "Leave models out.");
}

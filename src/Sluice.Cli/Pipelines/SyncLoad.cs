using Sluice.Cli.Account;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Config.Pipeline;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Pipelines;

/// <summary>A set of a sync's tables, ready to be read into its destination.</summary>
internal sealed class SyncLoad
{
    private readonly SourceAddress _source;
    private readonly string _uri;
    private readonly IngestRequest _request;

    private SyncLoad(string title, SourceAddress source, string uri, IngestRequest request) => (Title, _source, _uri, _request) = (title, source, uri, request);

    /// <summary>The sync, with the workspace where each has tables of its own.</summary>
    public string Title { get; }

    /// <summary>Makes the loads of a sync, and notes what the request's reader finds.</summary>
    public static IReadOnlyList<SyncLoad> Of(PipelineSync sync, CommandRun run, Mistakes mistakes)
    {
        var loads = new List<SyncLoad>();
        foreach (var set in sync.Sets)
        {
            var source = set.Workspaces[0].Source!;
            var title = sync.Sets.Count > 1 ? $"{sync.Name} ({set.Workspaces[0].Name})" : sync.Name;
            var request = SyncRequest.Read(sync, set, source.PairWith(sync.Destination.Identity), ResourceCatalog.Default, mistakes);
            PartitionOptions.Check(sync.Uri!, request, run, mistakes);
            loads.Add(new SyncLoad(title, source, sync.Uri!, request));
        }

        if (!mistakes.Any && loads.SelectMany(load => load._request.Tables.Select(load._request.RulesOf)).FirstOrDefault(rules => rules.Masks.IsUnsalted) is { } unsalted)
        {
            MaskOptions.Warn(unsalted.Masks, run);
        }

        return loads;
    }

    public Task<SyncEnd> RunAsync(IProgressView view, Patience patience, CommandRun run) => EndAsync(async client =>
    {
        var report = await Ingestion.RunAsync(_request, client, _uri, view, patience, run);
        return new SyncEnd(Title, report.ExitCode) { Report = report };
    }, run);

    // What the destination knows already need not be read again; looking at one that is not there must not make it.
    public Task<SyncEnd> PlanAsync(CommandRun run) => EndAsync(async client =>
    {
        await using var destination = DestinationFile.IsMissing(_uri) ? null : await DestinationRegistry.OpenAsync(_uri, run.Cancel);
        return new SyncEnd(Title, ExitCode.Done) { Plan = await Planner.PlanAsync(_request, client, destination, run.Host.Time, run.Cancel) };
    }, run);

    // A sync that fails must not keep the next one from running.
    private async Task<SyncEnd> EndAsync(Func<CustomerIoClient, Task<SyncEnd>> work, CommandRun run)
    {
        using var client = SourceOptions.Open(_source, run);
        try
        {
            return await work(client);
        }
        catch (SluiceException error)
        {
            return new SyncEnd(Title, ExitCode.Of(error.Kind)) { Error = error };
        }
        catch (CustomerIoException error)
        {
            return new SyncEnd(Title, ExitCode.Of(SluiceException.From(error).Kind)) { Error = SluiceException.From(error) };
        }
        catch (OperationCanceledException) when (run.Cancel.IsCancellationRequested)
        {
            return new SyncEnd(Title, ExitCode.Cancelled);
        }
    }
}

using System.Collections.Concurrent;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Runs;

/// <summary>A sync of a pipeline whose variables are all set, ready to run.</summary>
public sealed class SyncJob
{
    private readonly PipelineSync _sync;

    private SyncJob(PipelineSync sync, IngestRequest request) => (_sync, Request) = (sync, request);

    /// <summary>The sync's name.</summary>
    public string Name => _sync.Name;

    /// <summary>What is read and written.</summary>
    public IngestRequest Request { get; }

    /// <summary>The address of the destination, which may hold a password.</summary>
    public string Uri => _sync.Uri!;

    /// <summary>Makes the request of a sync and collects its errors.</summary>
    /// <param name="sync">The sync.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    /// <param name="note">Takes what the user should know besides.</param>
    public static SyncJob Of(PipelineSync sync, ValidationErrors mistakes, Action<string> note)
    {
        var request = sync.Request with { PairId = PairOf(sync) };
        PartitionColumns.Check(sync.Uri!, request, mistakes, note);
        return new SyncJob(sync, request);
    }

    /// <summary>What names a sync's workspaces and destination together, whatever the order of the workspaces.</summary>
    public static string PairOf(PipelineSync sync) =>
        sync.Workspaces.Select(workspace => PairOf(sync, workspace)).Order(StringComparer.Ordinal).First();

    /// <summary>The same for each of its workspaces.</summary>
    public static IReadOnlyList<string> PairsOf(PipelineSync sync) => [.. sync.Workspaces.Select(workspace => PairOf(sync, workspace))];

    /// <summary>What whoever writes its destination must have for himself: its workspaces and destination together, and a file.</summary>
    public static IReadOnlyList<string> LeasesOf(PipelineSync sync)
    {
        var names = PairsOf(sync).Select(pair => $"pair:{pair}");
        return [.. DestinationRegistry.FileOf(sync.Uri!) is null ? names : names.Append($"file:{sync.Destination.Identity}")];
    }

    /// <summary>Opens clients of the workspaces; the caller disposes of them. Rows of a single workspace that has no column in the tables look like
    /// those of ingest.</summary>
    public IReadOnlyList<Workspace> OpenWorkspaces(Func<PipelineWorkspace, CustomerIoClient> open) =>
        [
            .. _sync.Workspaces.Select(workspace =>
                new Workspace(_sync.IsOfNamedWorkspaces ? workspace.Name : "", PairOf(_sync, workspace), open(workspace))),
        ];

    private static string PairOf(PipelineSync sync, PipelineWorkspace workspace) => workspace.Source!.PairWith(sync.Destination.Identity);
}

/// <summary>The request budgets of workspaces, each shared by all that asks the workspace at the same time or one after the other.</summary>
/// <param name="time">The clock.</param>
public sealed class WorkspaceBudgets(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Name, double Rate), RequestBudget> _budgets = new();

    /// <summary>The budget of a workspace: with one of its own, a sync would ignore what another has used of the same second.</summary>
    public RequestBudget Of(PipelineWorkspace workspace)
    {
        var rate = workspace.Source!.Client.RequestsPerSecond;
        return _budgets.GetOrAdd((workspace.Name, rate), _ => new RequestBudget(rate, time));
    }
}

/// <summary>The columns by which files are partitioned.</summary>
public static class PartitionColumns
{
    private const string LoadedAt = "_sluice_loaded_at";

    /// <summary>Says which tables lack the columns, before anything is asked for; that none has them is a mistake.</summary>
    public static void Check(string uri, IngestRequest request, ValidationErrors mistakes, Action<string> note)
    {
        if (mistakes.Any)
        {
            return;
        }

        foreach (var column in mistakes.Collect(() => DestinationRegistry.PartitionColumns(uri), []))
        {
            var without = request.Tables.Where(job => !Times(job).Contains(column, StringComparer.Ordinal)).ToList();
            if (without.Count == request.Tables.Count)
            {
                var others = request.Tables.SelectMany(Times).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
                mistakes.Add(
                    $"No table has a column {column} with times, so nothing can be partitioned by it.", $"There are: {string.Join(", ", others)}.");
            }
            else if (without.Count > 0)
            {
                note($"Without partitions by {column}, since they have no such column with times: "
                    + $"{string.Join(", ", without.Select(job => job.Source))}.");
            }
        }
    }

    private static IEnumerable<string> Times(TableJob job) =>
        job
            .Resource.Columns.Where(column => (job.Only.Count == 0 || job.Only.Contains(column.Name)) && !job.Without.Contains(column.Name))
            .Where(column =>
                (job.TypeOverrides.TryGetValue(column.Name, out var type) ? type : column.Type) is ColumnType.UnixTime or ColumnType.Timestamp)
            .Select(column => column.Name)
            .Append(LoadedAt);
}

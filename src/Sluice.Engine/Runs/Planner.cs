using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>Says what a run will cost before it is spent, for the price of a few requests.</summary>
public static class Planner
{
    /// <summary>Plans a run of a single workspace.</summary>
    /// <param name="request">What is to be read.</param>
    /// <param name="client">The client that the few requests go through.</param>
    /// <param name="destination">Where it would go, since what is known there need not be read again; null when there is nothing yet.</param>
    /// <param name="time">The clock, if Customer.io does not tell its own.</param>
    /// <param name="cancel">Stops between requests.</param>
    /// <exception cref="SluiceException">Customer.io refuses or fails.</exception>
    public static Task<RunPlan> PlanAsync(IngestRequest request, CustomerIoClient client, IDestination? destination, TimeProvider time, CancellationToken cancel) =>
        PlanAsync(request, [new Workspace("", request.PairId, client)], destination, time, cancel);

    /// <summary>Plans a run: asks for the lists that lead to children and for one page of the lists whose length nobody tells.</summary>
    /// <param name="request">What is to be read.</param>
    /// <param name="workspaces">Where from.</param>
    /// <param name="destination">Where it would go, since what is known there need not be read again; null when there is nothing yet.</param>
    /// <param name="time">The clock, if Customer.io does not tell its own.</param>
    /// <param name="cancel">Stops between requests.</param>
    /// <exception cref="SluiceException">Customer.io refuses or fails.</exception>
    public static async Task<RunPlan> PlanAsync(
        IngestRequest request, IReadOnlyList<Workspace> workspaces, IDestination? destination, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var states = destination is null ? KnownStates.None : await KnownStates.ReadAsync(request, destination, cancel);
            var clocks = await WorkspaceReading.ReadClocksAsync(workspaces, time, cancel);
            var chosen = PeopleRoute.Choose(request, clocks);
            var plans = new List<RunPlan>();
            foreach (var (workspace, clock) in workspaces.Zip(clocks))
            {
                plans.Add(await PlanOrThrowAsync(chosen.In(workspace.Name, workspace.PairId), workspace, clock, states.In(workspace.Name), cancel));
            }

            return Together(plans, PeopleRoute.Notes(request, chosen, clocks));
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }
    }

    // Workspaces are read side by side: the slowest one decides how long it takes.
    private static RunPlan Together(List<RunPlan> plans, IEnumerable<string> notes) => new()
    {
        Tables = [.. plans.SelectMany(plan => plan.Tables)],
        Requests = plans.Sum(plan => plan.Requests),
        Duration = plans.Max(plan => plan.Duration),
        RequestsSpent = plans.Sum(plan => plan.RequestsSpent),
        Notes = [.. notes, .. plans.SelectMany(plan => plan.Notes).Distinct(StringComparer.Ordinal)],
    };

    private static async Task<RunPlan> PlanOrThrowAsync(
        IngestRequest request, Workspace workspace, RunClock clock, KnownStates states, CancellationToken cancel)
    {
        var client = workspace.Client;
        var estimator = new FeedEstimator(new FeedRanges(request, states), client, clock);
        var costs = new Dictionary<ExtractionKey, FeedCost>();
        var tables = new List<PlannedTable>();
        foreach (var job in request.Tables)
        {
            tables.Add(await PlanAsync(request, job, estimator, costs, cancel) with { Workspace = workspace.Name });
        }

        // Beside the tables: the first request of a run, and lists that only lead to children.
        var parents = await ParentsAloneAsync(request, estimator, costs, cancel);
        var requests = costs.Values.Sum(cost => cost.Requests) + 1;
        return new RunPlan
        {
            Tables = tables,
            Requests = requests,
            Duration = TimeSpan.FromSeconds(requests / client.Budget.RequestsPerSecond),
            RequestsSpent = client.Statistics.Requests,
            Notes = [.. estimator.Notes, .. parents.Select(name => $"{name.Title} is read, too: it leads to other tables.")],
        };
    }

    private static async Task<PlannedTable> PlanAsync(
        IngestRequest request, TableJob job, FeedEstimator estimator, Dictionary<ExtractionKey, FeedCost> costs, CancellationToken cancel)
    {
        var feed = FeedNames.Of(request, job);
        var isShared = costs.ContainsKey(feed);
        var cost = isShared ? new FeedCost(0, $"from the pages of {feed.Resource}", "shared") : costs[feed] = await estimator.CostAsync(feed, cancel);
        return new PlannedTable(
            job.Source.ToString(), $"{job.Schema}.{job.Table}", StrategyName(job.Strategy), cost.How, cost.Requests, cost.Basis)
        {
            Saved = job.Where.IsEmpty || isShared ? 0 : Math.Max(0, (await estimator.CostAsync(feed with { Where = WhereFilter.None }, cancel)).Requests - cost.Requests),
        };
    }

    private static async Task<List<ExtractionKey>> ParentsAloneAsync(
        IngestRequest request, FeedEstimator estimator, Dictionary<ExtractionKey, FeedCost> costs, CancellationToken cancel)
    {
        var alone = new List<ExtractionKey>();
        foreach (var feed in request.Tables.SelectMany(job => FeedNames.Ancestors(FeedNames.Of(request, job))))
        {
            if (!costs.ContainsKey(feed))
            {
                costs[feed] = await estimator.CostAsync(feed, cancel);
                alone.Add(feed);
            }
        }

        return alone;
    }

    internal static string StrategyName(Strategy strategy) => strategy == Strategy.DeleteInsert ? "delete+insert" : strategy.ToString().ToLowerInvariant();
}

using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>Says what a run will cost before it is spent, for the price of a few requests.</summary>
public static class Planner
{
    /// <summary>Plans a run: asks for the lists that lead to children and for one page of the lists whose length nobody tells.</summary>
    /// <param name="request">What is to be read.</param>
    /// <param name="client">The client that the few requests go through.</param>
    /// <param name="destination">Where it would go, since what is known there need not be read again; null when there is nothing yet.</param>
    /// <param name="time">The clock, if Customer.io does not tell its own.</param>
    /// <param name="cancel">Stops between requests.</param>
    /// <exception cref="SluiceException">Customer.io refuses or fails.</exception>
    public static async Task<RunPlan> PlanAsync(
        IngestRequest request, CustomerIoClient client, IDestination? destination, TimeProvider time, CancellationToken cancel)
    {
        try
        {
            var states = destination is null ? KnownStates.None : await KnownStates.ReadAsync(request, destination, cancel);
            return await PlanOrThrowAsync(request, client, states, time, cancel);
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }
    }

    private static async Task<RunPlan> PlanOrThrowAsync(
        IngestRequest request, CustomerIoClient client, KnownStates states, TimeProvider time, CancellationToken cancel)
    {
        var clock = await RunClock.ReadAsync(client, time, cancel);
        var asked = request;
        request = PeopleRoute.Choose(asked, clock);
        var estimator = new FeedEstimator(new FeedRanges(request, states), client, clock);
        var costs = new Dictionary<FeedName, FeedCost>();
        var tables = new List<PlannedTable>();
        foreach (var job in request.Tables)
        {
            tables.Add(await PlanAsync(request, job, estimator, costs, cancel));
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
            Notes = [.. estimator.Notes, .. PeopleRoute.Notes(asked, request, clock), .. parents.Select(name => $"{name.Title} is read, too: it leads to other tables.")],
        };
    }

    private static async Task<PlannedTable> PlanAsync(
        IngestRequest request, TableJob job, FeedEstimator estimator, Dictionary<FeedName, FeedCost> costs, CancellationToken cancel)
    {
        var feed = FeedNames.Of(request, job);
        var isShared = costs.ContainsKey(feed);
        var cost = isShared ? new FeedCost(0, $"from the pages of {feed.Resource}", "shared") : costs[feed] = await estimator.CostAsync(feed, cancel);
        return new PlannedTable(
            job.Source.ToString(), $"{job.Schema}.{job.Table}", StrategyName(job.Strategy), cost.How, cost.Requests, cost.Basis);
    }

    private static async Task<List<FeedName>> ParentsAloneAsync(
        IngestRequest request, FeedEstimator estimator, Dictionary<FeedName, FeedCost> costs, CancellationToken cancel)
    {
        var alone = new List<FeedName>();
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

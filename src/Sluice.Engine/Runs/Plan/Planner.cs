using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>Says what a run will cost before it is spent, for the price of a few requests.</summary>
public static class Planner
{
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
            var states = destination is null ? StateSnapshot.None : await StateSnapshot.ReadAsync(request, destination, cancel);
            var columns = destination is null ? ColumnSnapshot.None : await ColumnSnapshot.ReadAsync(request, destination, cancel);
            request = MetricsHistory.Begin(request, states);
            columns.RequireNames(request);
            RememberedMasks.Require(request, columns);
            var infos = await WorkspaceInfo.ReadAsync(workspaces, time, cancel);
            var chosen = PeopleReadStrategy.Choose(request, infos);
            var plans = new List<RunPlan>();
            foreach (var (workspace, info) in workspaces.Zip(infos))
            {
                plans.Add(await PriceAsync(chosen.In(workspace.Name, workspace.PairId), workspace, info, states.In(workspace.Name), cancel));
            }

            return Together(plans, [.. request.Notes, .. PeopleReadStrategy.Notes(request, chosen, infos), .. TableNaming.Notes(request)]);
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

    private static async Task<RunPlan> PriceAsync(
        IngestRequest request, Workspace workspace, WorkspaceInfo info, StateSnapshot states, CancellationToken cancel)
    {
        var client = workspace.Client;
        var plan = ExtractionPlan.For(request, states, info.Now, workspace.Name);
        var estimator = new ExtractionEstimator(client, info);
        var costs = new Dictionary<Extraction, ExtractionCost>();
        var tables = new List<PlannedTable>();
        foreach (var job in request.Tables)
        {
            var isShared = costs.ContainsKey(plan.Of(job));
            var cost = isShared
                ? new ExtractionCost(0, $"from the pages of {plan.Of(job).Key.Resource}", "shared")
                : await PriceAsync(plan.Of(job), estimator, costs, cancel);
            tables.Add(
                new PlannedTable(job.Source.ToString(), $"{job.Schema}.{job.Table}", job.StrategyName, cost.How, cost.Requests, cost.Basis)
                {
                    Workspace = workspace.Name,
                    Saved =
                        job.Where.IsEmpty || isShared
                            ? 0
                            : Math.Max(0, await WithoutConditionsAsync(request, job, estimator, states, info, cancel) - cost.Requests),
                });
        }

        // Beside the tables: the first request of a run, and lists that only lead to children.
        var leading = await PriceLeadingAsync(plan, estimator, costs, cancel);
        var requests = costs.Values.Sum(cost => cost.Requests) + 1;
        return new RunPlan
        {
            Tables = tables,
            Requests = requests,
            Duration = TimeSpan.FromSeconds(requests / client.Budget.RequestsPerSecond),
            RequestsSpent = client.Statistics.Requests,
            Notes = [.. estimator.Notes, .. leading.Select(one => $"{one.Key.Title} is read, too: it leads to other tables.")],
        };
    }

    private static async Task<ExtractionCost> PriceAsync(
        Extraction extraction, ExtractionEstimator estimator, Dictionary<Extraction, ExtractionCost> costs, CancellationToken cancel) =>
        costs[extraction] = (await estimator.CostAsync(extraction, cancel)).Within(extraction.Limit, extraction.Resource);

    private static async Task<List<Extraction>> PriceLeadingAsync(
        ExtractionPlan plan, ExtractionEstimator estimator, Dictionary<Extraction, ExtractionCost> costs, CancellationToken cancel)
    {
        var leading = plan.Extractions.Where(one => !costs.ContainsKey(one)).ToList();
        foreach (var extraction in leading)
        {
            await PriceAsync(extraction, estimator, costs, cancel);
        }

        LimitLeading(leading, costs);
        return leading;
    }

    // A list that only leads to limited tables is read no longer than they are: a row for each of their requests, from the last child up.
    private static void LimitLeading(List<Extraction> leading, Dictionary<Extraction, ExtractionCost> costs)
    {
        foreach (var one in leading.AsEnumerable().Reverse())
        {
            var children = costs.Where(pair => pair.Key.Parent == one).ToList();
            if (children.Count > 0 && children.TrueForAll(pair => pair.Key.Limit is not null || leading.Contains(pair.Key)))
            {
                var rows = children.Max(pair => pair.Value.Requests * (pair.Key.Resource.Batch?.MaxItems ?? 1));
                costs[one] = costs[one].Within(rows, one.Resource);
            }
        }
    }

    // The other tables stay: a table that leads to them has no limit.
    private static async Task<long> WithoutConditionsAsync(
        IngestRequest request, TableJob job, ExtractionEstimator estimator, StateSnapshot states, WorkspaceInfo info, CancellationToken cancel)
    {
        var all = job with { Where = WhereFilter.None };
        var plan = ExtractionPlan.For(request with { Tables = [all, .. request.Tables.Where(other => other != job)] }, states, info.Now);
        return (await estimator.CostAsync(plan.Of(all), cancel)).Requests;
    }
}

/// <summary>What a run would ask Customer.io for, and what that costs.</summary>
public sealed record RunPlan
{
    /// <summary>The tables in the order in which they were asked for; tables that share pages carry the cost once.</summary>
    public required IReadOnlyList<PlannedTable> Tables { get; init; }

    /// <summary>Requests that the run is expected to make, lists of parents included.</summary>
    public required long Requests { get; init; }

    /// <summary>The time that those requests take at the budget's rate, if nothing else uses it.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Requests that planning itself made.</summary>
    public required long RequestsSpent { get; init; }

    /// <summary>What the numbers rest on where that is not plain.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>One table of a plan.</summary>
/// <param name="Source">The table as it was asked for.</param>
/// <param name="Table">The destination table with its schema.</param>
/// <param name="Strategy">What is done with rows that are there.</param>
/// <param name="How">How it is read, in words.</param>
/// <param name="Requests">Requests that are expected for it alone; 0 when another table's pages serve it.</param>
/// <param name="Basis">What the number rests on.</param>
public sealed record PlannedTable(string Source, string Table, string Strategy, string How, long Requests, string Basis)
{
    /// <summary>The workspace that is read; empty when there is a single one that nobody has named.</summary>
    public string Workspace { get; init; } = "";

    /// <summary>Requests that its conditions save: so many more would be made without them.</summary>
    public long Saved { get; init; }
}

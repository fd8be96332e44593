using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Runs;

namespace Sluice.Sql.Fetching;

/// <summary>What a session has learned of a workspace: what time it is there, and how long its lists are.</summary>
internal sealed class WorkspaceFacts(CustomerIoClient client, TimeProvider time)
{
    private static readonly QueryStep Clock = new("workspaces", "what time it is for Customer.io") { LeastRequests = 1, LikelyRequests = 1 };

    private TimeSpan? _skew;

    /// <summary>Rows by resource, as far as they are known.</summary>
    public Dictionary<string, long> Lengths { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether Customer.io was asked what time it is.</summary>
    public bool KnowsTime => _skew is not null;

    /// <summary>
    /// What it costs a query to know the time. How many people there are is told with it: after a price that has asked for that only another session
    /// asks again.
    /// </summary>
    public QueryStep ClockFor(QueryAim aim) => aim != QueryAim.Rows && KnowsTime ? Clock with { LeastRequests = 0 } : Clock;

    /// <summary>The time for Customer.io, or here as long as it was not asked.</summary>
    public DateTimeOffset Now => time.GetUtcNow() + (_skew ?? TimeSpan.Zero);

    /// <summary>
    /// Finds out how long a list is; gives the requests. People and objects are counted by Customer.io; of another list the first page tells whether
    /// there are more.
    /// </summary>
    public async Task<long> MeasureAsync(Resource resource, CancellationToken cancel)
    {
        if (resource.Reading == ReadingKind.List)
        {
            var length = await new ListProbe(client).RowsAsync(resource, RequestBuilder.VariantsOf(resource)[0], ListProbe.ActivitySpan, cancel);
            Lengths[resource.Name] = length.Estimate;
            return 1;
        }

        await AskAsync(cancel);
        return 1;
    }

    /// <summary>Asks what time it is, which tells how many people and objects there are, too.</summary>
    public async Task AskAsync(CancellationToken cancel)
    {
        var infos = await WorkspaceInfo.ReadAsync([new Workspace("", "query", client)], time, cancel);
        _skew = infos[0].Now - time.GetUtcNow();
        foreach (var resource in ResourceCatalog.Default.Resources.Where(one => one.Reading is ReadingKind.People or ReadingKind.Objects))
        {
            var counts = infos[0].Workspaces.Select(one => resource.Reading == ReadingKind.People ? one.People : one.Objects);
            Lengths.TryAdd(resource.Name, counts.DefaultIfEmpty(0).Max());
        }
    }
}

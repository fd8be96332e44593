using Sluice.Engine.Catalog;

namespace Sluice.Engine.State;

/// <summary>How far behind the mark of the last run an incremental one begins, because rows change and arrive late.</summary>
/// <param name="Deliveries">For deliveries, whose opens and clicks come in for up to six months.</param>
public sealed record LookBack(TimeSpan Deliveries)
{
    /// <summary>30 days for deliveries: nearly all opens and clicks have come in by then.</summary>
    public static readonly LookBack Default = new(TimeSpan.FromDays(30));

    /// <summary>The longest that makes sense, 180 days: Customer.io changes no delivery after six months.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(180);

    /// <summary>The time before the beginning of a run up to which its rows count as complete: what happened in it may show up late.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Activities = TimeSpan.FromDays(1);

    /// <summary>The look-back for a resource; null for lists, which are read whole since Customer.io filters nothing.</summary>
    public TimeSpan? Of(Resource resource) => resource switch
    {
        { Window: not null } => Deliveries,
        { NewestFirstBy: not null } => Activities,
        _ => null,
    };
}

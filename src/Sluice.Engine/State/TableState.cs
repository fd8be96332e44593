using System.Text.Json;
using Sluice.Engine.Catalog;

namespace Sluice.Engine.State;

/// <summary>How far a table has been read: the next incremental run goes on from here.</summary>
public sealed record TableState
{
    // No parent has such a key: theirs are numbers.
    private const string BeginningKey = "(first)";

    /// <summary>The destination table.</summary>
    public required string Table { get; init; }

    /// <summary>The table as it was asked for, with its period where it has one.</summary>
    public required string Source { get; init; }

    /// <summary>Whatever Customer.io had before this instant, by its own clock, is in the table.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>
    /// The same for each parent whose children are read by time, by the parent's key: a parent that is not among them has all of its history ahead.
    /// </summary>
    public IReadOnlyDictionary<string, DateTimeOffset> Parents { get; init; } = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);

    /// <summary>
    /// Where the records begin, for those read by windows of time: a later reading of everything need not ask for what is before. It is kept among
    /// the marks of parents, which such a table has none of.
    /// </summary>
    public DateTimeOffset? Beginning => Parents.TryGetValue(BeginningKey, out var beginning) ? beginning : null;

    /// <summary>The run that wrote it, or null if a person set it.</summary>
    public string? RunId { get; init; }

    /// <summary>Whether a key of <see cref="Parents"/>, perhaps with a workspace before it, is that of the beginning.</summary>
    public static bool IsBeginning(string key) => key.EndsWith(BeginningKey, StringComparison.Ordinal);

    /// <summary>What <see cref="Parents"/> holds for a table whose records begin there; nothing if that is not known.</summary>
    public static IReadOnlyDictionary<string, DateTimeOffset> BeginningMark(DateTimeOffset? beginning)
    {
        var marks = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        if (beginning is { } known)
        {
            marks[BeginningKey] = known;
        }

        return marks;
    }
}

/// <summary>The marks of a table's parents as JSON, in unix seconds by key: the form in which destinations keep them.</summary>
public static class ParentMarks
{
    /// <summary>Writes the marks, ordered by key so that equal marks are equal texts.</summary>
    public static string Write(IReadOnlyDictionary<string, DateTimeOffset> marks) => JsonSerializer.Serialize(
        new SortedDictionary<string, long>(marks.ToDictionary(mark => mark.Key, mark => mark.Value.ToUnixTimeSeconds()), StringComparer.Ordinal),
        EngineJson.Default.SortedDictionaryStringInt64);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static IReadOnlyDictionary<string, DateTimeOffset> Read(string json) =>
        JsonSerializer.Deserialize(json, EngineJson.Default.SortedDictionaryStringInt64)!
            .ToDictionary(mark => mark.Key, mark => DateTimeOffset.FromUnixTimeSeconds(mark.Value), StringComparer.Ordinal);
}

/// <summary>The marks of a table that holds several workspaces: each is as far as it is, and one that is new has all of its history ahead.</summary>
public static class WorkspaceMarks
{
    private const char Divider = ':';

    /// <summary>Puts the states of the workspaces together into the table's.</summary>
    public static TableState Combine(IReadOnlyDictionary<string, TableState> states)
    {
        var marks = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (workspace, state) in states)
        {
            marks[workspace + Divider] = state.Until;
            foreach (var (parent, mark) in state.Parents)
            {
                marks[workspace + Divider + parent] = mark;
            }
        }

        return states.Values.First() with { Until = states.Values.Min(state => state.Until), Parents = marks };
    }

    /// <summary>Whether a state is of a table that holds several workspaces.</summary>
    public static bool IsCombined(TableState state) => state.Parents.Keys.Any(mark => mark.EndsWith(Divider));

    /// <summary>Whether a state has marks of parents, of whichever workspace.</summary>
    public static bool HasParents(TableState state) => state.Parents.Keys.Any(mark => !mark.EndsWith(Divider));

    /// <summary>How far one workspace is; null if nothing of it has been read.</summary>
    public static TableState? Of(TableState combined, string workspace)
    {
        var start = workspace + Divider;
        return combined.Parents.TryGetValue(start, out var until)
            ? combined with
            {
                Until = until,
                Parents = combined.Parents
                    .Where(mark => mark.Key.Length > start.Length && mark.Key.StartsWith(start, StringComparison.Ordinal))
                    .ToDictionary(mark => mark.Key[start.Length..], mark => mark.Value, StringComparer.Ordinal),
            }
            : null;
    }
}

/// <summary>How far behind the mark of the last run an incremental one begins, because rows change and arrive late.</summary>
/// <param name="Deliveries">For deliveries, whose opens and clicks come in for up to six months.</param>
/// <param name="Metrics">For metrics by range of time, which count them.</param>
public sealed record LookBack(TimeSpan Deliveries, TimeSpan Metrics)
{
    /// <summary>The longest that makes sense, 180 days: Customer.io changes no delivery after six months.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(180);

    /// <summary>
    /// 30 days for deliveries: nearly all opens and clicks have come in by then. All that can change for metrics, since that takes no more requests.
    /// </summary>
    public static readonly LookBack Default = new(TimeSpan.FromDays(30), Longest);

    /// <summary>The time before the beginning of a run up to which its rows count as complete: what happened in it may show up late.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Activities = TimeSpan.FromDays(1);

    /// <summary>The look-back for a resource; null for lists, which are read whole since Customer.io filters nothing.</summary>
    public TimeSpan? Of(Resource resource) => resource switch
    {
        { Window: not null, TakesPeriod: true } => Metrics,
        { Window: not null } => Deliveries,
        { NewestFirstBy: not null } => Activities,
        _ => null,
    };
}

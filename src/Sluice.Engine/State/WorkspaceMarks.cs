namespace Sluice.Engine.State;

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

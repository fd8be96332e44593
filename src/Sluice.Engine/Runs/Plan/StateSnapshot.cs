using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Engine.Runs;

/// <summary>What the destination remembers of the tables of a run.</summary>
internal sealed class StateSnapshot
{
    private readonly Dictionary<(string Schema, string Table), TableState> _states;
    private readonly string _workspace;

    private StateSnapshot(Dictionary<(string Schema, string Table), TableState> states, string workspace)
    {
        _states = states;
        _workspace = workspace;
    }

    public static StateSnapshot None { get; } = new([], "");

    public static async Task<StateSnapshot> ReadAsync(IngestRequest request, IDestination destination, CancellationToken cancel)
    {
        var known = new StateSnapshot([], "");
        foreach (var schema in request.Tables.Select(job => job.Schema).Distinct(StringComparer.Ordinal))
        {
            foreach (var state in await destination.SystemTables(schema).ReadStatesAsync(cancel))
            {
                known._states[(schema, state.Table)] = state;
            }
        }

        return known;
    }

    /// <summary>The same, as one of several workspaces sees it.</summary>
    public StateSnapshot In(string workspace) => new(_states, workspace);

    /// <summary>
    /// The state of a job's table; none when another source had been loaded into the table. Tables of one list's slices are as far as the one
    /// that is furthest behind.
    /// </summary>
    public TableState? Of(TableJob job) =>
        job.Slice is null && job.Slicing == Slicing.None ? OfTable(job) : OfSlices(job).MinBy(state => state.Until);

    /// <summary>The state of a job's table as it was written, whatever was asked for then and by which workspace; null if there is none.</summary>
    public TableState? Recorded(TableJob job) => _states.GetValueOrDefault((job.Schema, job.Table));

    /// <summary>Whether webhooks bring events into a schema.</summary>
    public bool HasWebhooks(string schema) => _states.Any(pair => pair.Key.Schema == schema && pair.Value.Source == LedgerLine.OfWebhooks);

    /// <summary>The slices of a table that have been loaded, each with its table.</summary>
    public IEnumerable<(RecordSlice Slice, string Table)> SlicesOf(TableJob job) =>
        OfSlices(job).Select(state => (RecordSlice.Parse(state.Source[(state.Source.IndexOf('#', StringComparison.Ordinal) + 1)..]), state.Table));

    private TableState? OfTable(TableJob job) =>
        !_states.TryGetValue((job.Schema, job.Table), out var state) || !string.Equals(state.Source, job.Question, StringComparison.Ordinal)
            ? null
            : Seen(job, state);

    private IEnumerable<TableState> OfSlices(TableJob job)
    {
        var start = $"{(job with { Slice = null }).Question}#";
        return _states
            .Where(pair => pair.Key.Schema == job.Schema && pair.Value.Source.StartsWith(start, StringComparison.Ordinal))
            .Select(pair => Seen(job, pair.Value))
            .OfType<TableState>();
    }

    private TableState? Seen(TableJob job, TableState state) => job.IsCombined ? WorkspaceMarks.Of(state, _workspace) : state;
}

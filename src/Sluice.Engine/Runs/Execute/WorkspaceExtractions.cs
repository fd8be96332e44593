using System.Collections.Concurrent;
using Sluice.Engine.Extract;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Runs;

/// <summary>The planned extractions of one workspace in a run, on the spools that a former run may have left.</summary>
internal sealed class WorkspaceExtractions : IAsyncDisposable
{
    private readonly Dictionary<Extraction, SpooledExtraction> _spooled = [];
    private readonly IngestRequest _request;
    private readonly ExtractionPlan _plan;
    private readonly ExtractContext _context;
    private bool _isDisposed;

    private WorkspaceExtractions(IngestRequest request, Workspace workspace, WorkspaceInfo info, ExtractionPlan plan, TimeProvider time)
    {
        (_request, Workspace, Info, _plan) = (request, workspace, info, plan);
        _context = new ExtractContext(workspace.Client, request.Parallelism) { Time = time };
    }

    public Workspace Workspace { get; }

    public WorkspaceInfo Info { get; }

    public IReadOnlyCollection<SpooledExtraction> All => _spooled.Values;

    public static async Task<WorkspaceExtractions> OpenAsync(
        IngestRequest request, Workspace workspace, WorkspaceInfo info, StateSnapshot states, TimeProvider time)
    {
        var own = request.In(workspace.Name, workspace.PairId);
        var opened = new WorkspaceExtractions(
            own, workspace, info, ExtractionPlan.For(own, states.In(workspace.Name), info.Now, workspace.Name), time);
        try
        {
            foreach (var extraction in opened._plan.Extractions)
            {
                opened.Open(extraction);
                if (extraction.Parent is { } parent && opened._plan.IsOnlyLeading(parent))
                {
                    opened._spooled[parent].OnlyFor.Add(opened._spooled[extraction]);
                }
            }

            return opened;
        }
        catch
        {
            await opened.DisposeAsync();
            throw;
        }
    }

    public bool Has(TableJob job) => job.IsReadFrom(Workspace.Name);

    public SpooledExtraction Of(TableJob job) => _spooled[_plan.Of(job)];

    /// <summary>Whether others read the rows of this one.</summary>
    public bool LeadsToOthers(SpooledExtraction one) => All.Any(child => child.Parent == one);

    /// <summary>Reads those that are wanted to their ends; what fails is told to those who wait for the pages.</summary>
    public Task ReadAsync(Func<SpooledExtraction, bool> isWanted, CancellationToken cancel) =>
        Task.WhenAll(All.Where(one => !one.Sink.IsComplete && isWanted(one)).Select(one => one.ReadAsync(_context, cancel)));

    /// <summary>Throws away what one has spooled and begins anew, for a table whose destination no longer has the rows of removed segments.</summary>
    public async Task RestartAsync(SpooledExtraction one)
    {
        await one.Sink.DisposeAsync();
        one.Sink.Delete();
        one.Restart(OpenSpool(one.Extraction));
    }

    /// <summary>Those whose pages nobody needs any more, by what became of the tables.</summary>
    public IEnumerable<SpooledExtraction> Finished(IReadOnlyDictionary<TableJob, TableReport> reports)
    {
        var outcomes = _request.Tables.ToLookup(Of, job => reports[job].Outcome);
        return All.Where(one => IsFinished(one, outcomes));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            foreach (var one in All)
            {
                await one.Sink.DisposeAsync();
            }
        }
    }

    // Committed pages must go, or the next run would take them for its own. A list that only leads to children stays until they have it.
    private bool IsFinished(SpooledExtraction one, ILookup<SpooledExtraction, TableOutcome> outcomes) => outcomes.Contains(one)
        ? outcomes[one].All(outcome => outcome is TableOutcome.Done or TableOutcome.Partial)
        : All.Where(child => child.Parent == one).All(child => IsFinished(child, outcomes));

    private void Open(Extraction extraction) => _spooled[extraction] =
        new SpooledExtraction(extraction, OpenSpool(extraction), extraction.Parent is { } parent ? _spooled[parent] : null)
        {
            Workspace = Workspace.Name,
            Counts = Info.Own,
        };

    private PageSpool OpenSpool(Extraction extraction)
    {
        var header = new SpoolHeader(extraction.Fingerprint, _plan.Now)
        {
            From = extraction.Range.IsExplicit ? null : extraction.Range.Start,
            MaxAge = extraction.Resource.Window is null ? SpoolHeader.AgeOfAListing : SpoolHeader.AgeOfWindows,
        };
        return PageSpool.Open(Path.Combine(_request.SpoolFolder, extraction.Key.ToString()), header, _request.SegmentBytes);
    }
}

/// <summary>An extraction of one workspace whose pages are spooled: a run goes on with what a former one left.</summary>
internal sealed class SpooledExtraction : ExtractionRun
{
    private PageSpool _spool;

    public SpooledExtraction(Extraction extraction, PageSpool spool, SpooledExtraction? parent = null)
        : base(extraction, spool, parent)
    {
        (_spool, Parent) = (spool, parent);
        GoOn();
    }

    public override PageSpool Sink => _spool;

    public override SpooledExtraction? Parent { get; }

    /// <summary>The workspace's name; empty when there is a single one that nobody has named.</summary>
    public string Workspace { get; init; } = "";

    /// <summary>What Customer.io counts in the workspace; null when the key does not tell which is its own.</summary>
    public WorkspaceCounts? Counts { get; init; }

    /// <summary>What is put before a sentence about it, when there are several workspaces.</summary>
    public string Prefix => Workspace.Length == 0 ? "" : $"{Workspace}: ";

    /// <summary>Goes on with another spool, before anybody has begun to read.</summary>
    public void Restart(PageSpool fresh)
    {
        _spool = fresh;
        Counters = new ExtractionCounters();
        GoOn();
    }

    private void GoOn()
    {
        Range = Extraction.Range.IsExplicit ? Extraction.Range : Extraction.Range with { Start = _spool.From };
        Counters.Found(_spool.Rows, _spool.Bytes);
    }
}

/// <summary>Removes an extraction's segments as soon as no table needs them any more, so that the spool stays small however much is read.</summary>
internal sealed class SegmentCleanup(SpooledExtraction one, int tables, bool keepsAll)
{
    private readonly ConcurrentDictionary<int, int> _done = [];

    /// <summary>Tells that one of the tables has a segment's rows for good.</summary>
    public async Task DoneWithAsync(Segment segment, CancellationToken cancel)
    {
        if (_done.AddOrUpdate(segment.Number, 1, (_, count) => count + 1) == tables && !keepsAll && !segment.IsGone)
        {
            await one.Sink.RemoveAsync(segment, cancel);
        }
    }
}

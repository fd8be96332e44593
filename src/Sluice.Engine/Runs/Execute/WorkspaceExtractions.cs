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

    /// <summary>Reads all to their ends; what fails is told to those who wait for the pages.</summary>
    public Task ReadAsync(CancellationToken cancel) =>
        Task.WhenAll(All.Where(one => !one.Sink.IsComplete).Select(one => one.ReadAsync(_context, cancel)));

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

using Sluice.Engine.Extract;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Runs;

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

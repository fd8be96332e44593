using Sluice.Engine.Extract;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Runs;

/// <summary>An extraction whose pages are spooled: a run goes on with what a former one left.</summary>
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

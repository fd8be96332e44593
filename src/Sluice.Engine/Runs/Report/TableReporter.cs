using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>Says what became of one table, with what its extractions have cost.</summary>
internal sealed class TableReporter(TableJob job, IReadOnlyList<SpooledExtraction> extractions, LoadContext context)
{
    public TableReport Report(LedgerLine ledger, LoadReconciliation reconciliation) => Costs() with
    {
        Outcome = ledger.Reasons.Count > 0 ? TableOutcome.Partial : TableOutcome.Done,
        Expected = ledger.Expected,
        ExpectedBy = ledger.ExpectedBy,
        LeftOut = ledger.LeftOut,
        Gaps = ledger.Reasons,
        Notes = [.. reconciliation.Notes(ledger)],
    };

    public TableReport Failed(Exception cause) => Costs().With(SluiceException.From(cause, job.Source.ToString()));

    private TableReport Costs() =>
        TableReport.Of(job) with
        {
            Feed = string.Join(
                '+',
                extractions.Select(one => one.Workspace.Length == 0 ? one.Extraction.Key.ToString() : $"{one.Workspace}/{one.Extraction.Key}")),
            Requests = extractions.Sum(one => one.Counters.Requests),
            Retries = extractions.Sum(one => one.Counters.Retries),
            WaitedSeconds = extractions.Sum(one => one.Counters.Waited.TotalSeconds),
            Pages = extractions.Sum(one => one.Counters.Pages),
            Fetched = extractions.Sum(one => one.Counters.Rows),
            Bytes = extractions.Sum(one => one.Counters.Bytes),
            SpoolBytes = extractions.Sum(one => one.Sink.PeakBytes),
            Seconds = context.Elapsed.TotalSeconds,
            Resumed = extractions.Any(one => one.Sink.WasResumed),
            Since = extractions.Any(one => one.Range.Start is null) ? null : extractions.Min(one => one.Range.Start),
            Until = extractions.Max(one => one.Range.End ?? one.Sink.Began),
            Skipped = [.. extractions.SelectMany(one => one.Sink.Skips.Values.Order(StringComparer.Ordinal).Select(skip => one.Prefix + skip))],
        };
}

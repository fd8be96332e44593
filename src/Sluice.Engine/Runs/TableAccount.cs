using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;
using Sluice.Engine.Extract.Exports;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>Compares what came of a table with what was to be expected, and says in words what is missing.</summary>
internal sealed class TableAccount(TableJob job, Feed feed, IngestRequest request, RunClock clock)
{
    private const string Counted = "/v1/workspaces, counted up to two hours ago";

    private readonly TableRules _rules = request.RulesOf(job);

    /// <summary>Records that Customer.io says there are, and where it says so.</summary>
    public (long? Rows, string? By) Expected => ExpectedOf(feed);

    /// <summary>Why rows are missing or may be; empty when everything is there.</summary>
    public IReadOnlyList<string> Gaps(StagedRows staged)
    {
        var gaps = new List<string>();
        if (_rules.Limit is null)
        {
            for (var one = feed; one is not null; one = one.Parent)
            {
                gaps.AddRange(Short(one) is { } gap ? [gap] : []);
            }
        }

        gaps.AddRange(feed.Spool.Skips.Count == 0 ? [] : [Text($"{feed.Spool.Skips.Count} were skipped; each is named")]);
        gaps.AddRange(staged.Rejected == 0 ? [] : [Text($"{staged.Rejected} values did not fit their column")]);
        return gaps;
    }

    /// <summary>Why the table must be left as it is; null when the rows may become visible.</summary>
    public string? Objection(StagedRows staged)
    {
        var emptiesIt = staged.Rows == 0 && staged.LiveRows > 0 && IsWhole(feed) && (job.Strategy == Strategy.Replace || job.Resource.ListsAll);
        return !emptiesIt || request.AllowPartial || !_rules.Interval.IsAll
            ? null
            : Text($"Customer.io gave no rows where the table has {staged.LiveRows}: it was left as it is; --allow-partial takes the empty list for true");
    }

    /// <summary>Whether a row that did not come has been deleted at Customer.io.</summary>
    public bool IsComplete(StagedRows staged) =>
        job.Resource.ListsAll && _rules.Interval.IsAll && _rules.Limit is null && IsWhole(feed) && Objection(staged) is null;

    /// <summary>Whether everything was asked for and not everything came.</summary>
    public bool HasGaps => job.Resource.ListsAll && _rules.Interval.IsAll && _rules.Limit is null && !_rules.FullRefresh && !IsWhole(feed);

    /// <summary>The ledger's line; records that came and are nowhere would be a loss that must never be committed.</summary>
    public LedgerLine Ledger(StagedRows staged)
    {
        var leftOut = feed.Spool.Rows - staged.Rows - staged.Doubled;
        if (leftOut < 0 || (leftOut > 0 && !LeavesOut))
        {
            throw new SluiceException(
                SluiceErrorKind.Unexpected,
                Text($"{job.Source}: {feed.Spool.Rows} records were fetched, but {staged.Rows} rows and {staged.Doubled} doubles are staged."),
                "Nothing was committed. This is a fault of Sluice: please report it with --debug output.");
        }

        return new LedgerLine
        {
            Source = job.Source.ToString(),
            Expected = Expected.Rows,
            ExpectedBy = Expected.By,
            Fetched = feed.Spool.Rows,
            LeftOut = leftOut,
            Skipped = feed.Spool.Skips.Count,
            Reasons = Gaps(staged),
        };
    }

    /// <summary>Sentences that explain counts and are no gaps.</summary>
    public IEnumerable<string> Notes(LedgerLine ledger)
    {
        if (ledger.LeftOut > 0 && job.Resource.RowFilter is { } filter && _rules.Limit is null)
        {
            yield return Text($"{ledger.LeftOut} records of {feed.Name.Title} are not of this table: {filter} does not hold");
        }

        foreach (var told in feed.Spool.Notes(ExportNotes.Told))
        {
            yield return told;
        }

        if (ledger.Fetched == 0 && feed.Range.IsAll && feed.Spool.Skips.Count == 0)
        {
            yield return feed.Parent is { Spool.Rows: 0 } parent ? $"empty: there are no {parent.Name.Title}" : "empty: Customer.io answered with an empty list";
        }
    }

    private bool LeavesOut =>
        job.Resource.RowFilter is not null || _rules.Limit is not null || (!_rules.Interval.IsAll && job.Resource.CursorFilter == CursorFilter.Client);

    private bool IsWhole(Feed one) =>
        one.Range.IsAll && one.Limit is null && one.Spool.Skips.Count == 0 && Short(one) is null && (one.Parent is null || IsWhole(one.Parent));

    // People who are asked for by the search's ids are checked id by id: who is left out is among the skipped.
    private string? Short(Feed one)
    {
        if (one.Resource.Reading == ReadingKind.Hydrate || one.Limit is not null)
        {
            return null;
        }

        if (one.Spool.Notes(ExportNotes.Gap).Where(gap => gap.Length > 0).ToList() is { Count: > 0 } gaps)
        {
            return string.Join("; ", gaps);
        }

        var (rows, by) = ExpectedOf(one);
        return rows > one.Spool.Rows ? Text($"{one.Name.Title}: {rows} expected by {by}, {one.Spool.Rows} came")
            : IsSilent(one) ? Text($"{one.Name.Title}: none came, though {Own!.MessagesSent} were sent in this billing period by {Counted}")
            : null;
    }

    private bool IsSilent(Feed one) => one.Resource.Reading == ReadingKind.Windows && one.Name.Options.IsEmpty && one.Range.IsAll && one.Spool.Rows == 0 && Own?.MessagesSent > 0;

    private (long? Rows, string? By) ExpectedOf(Feed one) => one.Resource.Reading switch
    {
        ReadingKind.People when Own is { } own && one.Name.Options.IsEmpty => (own.People, Counted),
        ReadingKind.Objects when Own is { } own => (own.Objects, Counted),
        ReadingKind.Export when one.Limit is null && one.Spool.Notes(ExportNotes.Total) is { Count: > 0 } totals =>
            (totals.Sum(total => long.Parse(total, CultureInfo.InvariantCulture)), "the totals of its exports"),
        ReadingKind.Hydrate => (one.Parent!.Spool.Rows, "the search for people"),
        _ => (null, null),
    };

    // With several workspaces in the account the key does not tell which is its own.
    private WorkspaceCounts? Own => clock.Workspaces is [var only] ? only : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

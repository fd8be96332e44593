using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Config;
using Sluice.Engine.Extract;
using Sluice.Engine.Extract.Exports;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>Compares what came of a table with what was to be expected, and says in words what is missing.</summary>
internal sealed class TableAccount(TableJob job, IReadOnlyList<TableSource> sources, IngestRequest request)
{
    private const string Counted = "/v1/workspaces, counted up to two hours ago";

    private const int MostNamed = 5;

    /// <summary>Records that Customer.io says there are, and where it says so.</summary>
    public (long? Rows, string? By) Expected
    {
        get
        {
            var expected = sources.Select(source => ExpectedOf(source, source.Feed)).ToList();
            return expected.TrueForAll(one => one.Rows is not null) ? (expected.Sum(one => one.Rows), expected[0].By) : (null, null);
        }
    }

    private long Fetched => sources.Sum(source => source.Feed.Spool.Rows);

    private int Skipped => sources.Sum(source => source.Feed.Spool.Skips.Count);

    /// <summary>Why rows are missing or may be; empty when everything is there.</summary>
    public IReadOnlyList<string> Gaps(StagedRows staged)
    {
        var gaps = new List<string>();
        if (job.Settings.Limit is null)
        {
            gaps.AddRange(sources.SelectMany(ShortOf));
        }

        gaps.AddRange(Skipped == 0 ? [] : [Text($"{Skipped} were skipped; each is named")]);
        gaps.AddRange(staged.Rejected == 0 ? [] : [Text($"{staged.Rejected} values did not fit their column")]);
        return gaps;
    }

    /// <summary>Why the table must be left as it is; null when the rows may become visible.</summary>
    public string? Objection(StagedRows staged)
    {
        var emptiesIt = staged.Rows == 0 && staged.LiveRows > 0 && IsAllWhole && (job.Strategy == Strategy.Replace || job.Resource.ListsAll);
        return !emptiesIt || request.AllowPartial || !job.Settings.Interval.IsAll
            ? null
            : Text($"Customer.io gave no rows where the table has {staged.LiveRows}: it was left as it is; --allow-partial takes the empty list for true");
    }

    /// <summary>Whether a row that did not come has been deleted at Customer.io.</summary>
    public bool IsComplete(StagedRows staged) =>
        job.Resource.ListsAll && job.Settings.Interval.IsAll && job.Settings.Limit is null && IsAllWhole && Objection(staged) is null;

    /// <summary>Whether everything was asked for and not everything came.</summary>
    public bool HasGaps => job.Resource.ListsAll && job.Settings.Interval.IsAll && job.Settings.Limit is null && !job.Settings.FullRefresh && !IsAllWhole;

    /// <summary>The ledger's line; records that came and are nowhere would be a loss that must never be committed.</summary>
    public LedgerLine Ledger(StagedRows staged)
    {
        var leftOut = Fetched - staged.Rows - staged.Doubled;
        if (leftOut < 0 || (leftOut > 0 && !LeavesOut))
        {
            throw new SluiceException(
                SluiceErrorKind.Unexpected,
                Text($"{job.Source}: {Fetched} records were fetched, but {staged.Rows} rows and {staged.Doubled} doubles are staged."),
                "Nothing was committed. This is a fault of Sluice: please report it with --debug output.");
        }

        return new LedgerLine
        {
            Source = job.Source.ToString(),
            Expected = Expected.Rows,
            ExpectedBy = Expected.By,
            Fetched = Fetched,
            LeftOut = leftOut,
            Skipped = Skipped,
            Reasons = Gaps(staged),
        };
    }

    /// <summary>Sentences that explain counts and are no gaps.</summary>
    public IEnumerable<string> Notes(LedgerLine ledger)
    {
        if (ledger.LeftOut > 0 && job.Resource.RowFilter is { } filter && job.Settings.Limit is null)
        {
            yield return Text($"{ledger.LeftOut} records of {sources[0].Feed.Name.Title} are not of this table: {filter} does not hold");
        }

        foreach (var told in sources.SelectMany(source => source.Feed.Spool.Notes(ExportNotes.Told).Select(told => source.Prefix + told)))
        {
            yield return told;
        }

        foreach (var source in sources.Where(source => source.Feed is { Range.IsAll: true, Spool: { Rows: 0, Skips.Count: 0 } }))
        {
            yield return source.Prefix + (source.Feed.Parent is { Spool.Rows: 0 } parent ? $"empty: there are no {parent.Name.Title}" : "empty: Customer.io answered with an empty list");
        }
    }

    private bool LeavesOut =>
        job.Resource.RowFilter is not null || job.Settings.Limit is not null || (!job.Settings.Interval.IsAll && job.Resource.CursorFilter == CursorFilter.Client);

    private bool IsAllWhole => sources.All(source => IsWhole(source, source.Feed));

    private static bool IsWhole(TableSource source, Feed one) =>
        one.Range.IsAll && one.Name.Where.IsEmpty && one.Limit is null && one.Spool.Skips.Count == 0 && Short(source, one) is null && (one.Parent is null || IsWhole(source, one.Parent));

    private static IEnumerable<string> ShortOf(TableSource source)
    {
        for (var one = source.Feed; one is not null; one = one.Parent)
        {
            if (Short(source, one) is { } gap)
            {
                yield return source.Prefix + gap;
            }
        }
    }

    // People who are asked for by the search's ids are checked id by id: who is left out is among the skipped.
    private static string? Short(TableSource source, Feed one)
    {
        if (one.Resource.Reading == ReadingKind.Hydrate || one.Limit is not null)
        {
            return null;
        }

        if (one.Spool.Notes(ExportNotes.Gap) is { Count: > 0 } gaps)
        {
            return string.Join("; ", gaps);
        }

        var (rows, by) = ExpectedOf(source, one);
        return one.Resource.Count is not null ? ShortWalks(one, by)
            : rows > one.Spool.Rows ? Text($"{one.Name.Title}: {rows} expected by {by}, {one.Spool.Rows} came")
            : IsSilent(source, one) ? Text($"{one.Name.Title}: none came, though {Own(source)!.MessagesSent} were sent in this billing period by {Counted}")
            : null;
    }

    // Parent by parent: too many of one must not hide that another's are missing.
    private static string? ShortWalks(Feed one, string? by)
    {
        var missing = one.Spool.Counted.Where(walk => walk.Rows < walk.Expected).ToList();
        var named = missing.Take(MostNamed).Select(walk => Text($"{one.Resource.Parent!.Resource} {ParentKey.OfWalk(walk.Walk)} has {walk.Expected} of which {walk.Rows} came"));
        return missing.Count == 0 ? null : Text($"{one.Name.Title}: {missing.Count} lists are short by {by}: {string.Join("; ", named)}{(missing.Count > MostNamed ? " and more" : "")}");
    }

    private static bool IsSilent(TableSource source, Feed one) => one.Resource.Reading == ReadingKind.Windows && one.Name.Options.IsEmpty && one.Range.IsAll && one.Spool.Rows == 0 && Own(source)?.MessagesSent > 0;

    private static (long? Rows, string? By) ExpectedOf(TableSource source, Feed one) => one.Resource.Reading switch
    {
        _ when one.Resource.Count is { } rule => one.Spool.Counted is { Count: > 0 } counted
            ? (counted.Sum(walk => walk.Expected), rule.Path is null ? $"{one.Resource.Parent!.Resource}.{rule.Column}" : $"GET {rule.Path}")
            : (null, null),
        ReadingKind.People when Own(source) is { } own && one.Name.Options.IsEmpty => (own.People, Counted),
        ReadingKind.Objects when Own(source) is { } own => (own.Objects, Counted),
        ReadingKind.Export when one.Limit is null && one.Spool.Notes(ExportNotes.Total) is { Count: > 0 } totals =>
            (totals.Sum(total => long.Parse(total, CultureInfo.InvariantCulture)), "the totals of its exports"),
        ReadingKind.Hydrate when one.Parent is { } search && one.Name.Where.IsEmpty => (search.Spool.Rows, "the search for people"),
        _ => (null, null),
    };

    // With several workspaces in the account the key does not tell which is its own.
    private static WorkspaceCounts? Own(TableSource source) => source.Clock.Workspaces is [var only] ? only : null;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Extract.Exports;
using Sluice.Engine.Load;

namespace Sluice.Engine.Runs;

/// <summary>Compares what came of a table with what was to be expected, and says in words what is missing.</summary>
internal sealed class LoadReconciliation(TableJob job, IReadOnlyList<SpooledExtraction> extractions, IngestRequest request)
{
    private const string Counted = "/v1/workspaces, counted up to two hours ago";

    private const int MostNamed = 5;

    /// <summary>Records that Customer.io says there are, and where it says so.</summary>
    public (long? Rows, string? By) Expected
    {
        get
        {
            var expected = extractions.Select(source => ExpectedOf(source)).ToList();
            return expected.TrueForAll(one => one.Rows is not null) ? (expected.Sum(one => one.Rows), expected[0].By) : (null, null);
        }
    }

    private long Fetched => extractions.Sum(source => source.Sink.Rows);

    private int Skipped => extractions.Sum(source => source.Sink.Skips.Count);

    /// <summary>Why rows are missing or may be; empty when everything is there.</summary>
    public IReadOnlyList<string> Gaps(StagedRows staged)
    {
        var gaps = new List<string>();
        if (job.Settings.Limit is null)
        {
            gaps.AddRange(extractions.SelectMany(ShortOf));
        }

        gaps.AddRange(Skipped == 0 ? [] : [Text($"{Skipped} were skipped; each is named")]);
        gaps.AddRange(staged.Rejected == 0 ? [] : [Text($"{staged.Rejected} values did not fit their column")]);
        return gaps;
    }

    /// <summary>Why the table must be left as it is; null when the rows may become visible.</summary>
    public string? Veto(StagedRows staged)
    {
        var emptiesIt = staged.Rows == 0 && staged.LiveRows > 0 && IsAllWhole && (job.Strategy == Strategy.Replace || job.Resource.ListsAll);
        return !emptiesIt || request.AllowPartial || !job.Settings.Interval.IsAll
            ? null
            : Text(
                $"Customer.io gave no rows where the table has {staged.LiveRows}: it was left as it is; --allow-partial takes the empty list for true"
            );
    }

    /// <summary>Whether a row that did not come has been deleted at Customer.io.</summary>
    public bool IsComplete(StagedRows staged) => IsWholeReading && Veto(staged) is null;

    /// <summary>Whether everything was asked for and not everything came.</summary>
    public bool HasGaps => AsksForAll && !job.Settings.FullRefresh && !IsAllWhole;

    /// <summary>Whether everything was asked for and came, as far as can be told before rows are counted.</summary>
    public bool IsWholeReading => AsksForAll && IsAllWhole;

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
            Source = job.Question,
            Expected = Expected.Rows,
            ExpectedBy = Expected.By,
            Fetched = Fetched,
            LeftOut = leftOut,
            Skipped = Skipped,
            Reasons = Gaps(staged),
        };
    }

    /// <summary>What was fetched and what is loaded are counted in two places: a difference must never be committed.</summary>
    public void RequireAll(SpooledExtraction one, long records)
    {
        if (records != one.Sink.Rows)
        {
            throw new SluiceException(
                SluiceErrorKind.Unexpected,
                $"{job.Source}: {one.Sink.Rows} records were fetched, but {records} reached the loader.",
                "Nothing was committed. This is a fault of Sluice: please report it with --debug output.");
        }
    }

    /// <summary>Sentences that explain counts and are no gaps.</summary>
    public IEnumerable<string> Notes(LedgerLine ledger)
    {
        if (ledger.LeftOut > 0 && job.Resource.RowFilter is { } filter && job.Settings.Limit is null)
        {
            var why = (job.Resource.HasLanguageVariants, job.Resource.SharedWith) switch
            {
                (false, _) => $"{filter} does not hold",
                (_, null) => "they count single languages",
                _ => "they count all languages together",
            };
            yield return Text($"{ledger.LeftOut} records of {extractions[0].Extraction.Key.Title} are not of this table: {why}");
        }

        foreach (var told in extractions.SelectMany(source => source.Sink.Notes(ExportNotes.Told).Select(told => source.Prefix + told)))
        {
            yield return told;
        }

        foreach (var source in extractions.Where(source => source is { Range.IsAll: true, Sink: { Rows: 0, Skips.Count: 0 } }))
        {
            yield return source.Prefix
                + (
                    source.Parent is { Sink.Rows: 0 } parent
                        ? $"empty: there are no {parent.Extraction.Key.Title}"
                        : "empty: Customer.io answered with an empty list");
        }
    }

    private bool LeavesOut =>
        job.Resource.RowFilter is not null
        || job.Settings.Limit is not null
        || (!job.Settings.Interval.IsAll && job.Resource.CursorFilter == CursorFilter.Client);

    private bool AsksForAll => job.Resource.ListsAll && job.Settings.Interval.IsAll && job.Settings.Limit is null;

    private bool IsAllWhole => extractions.All(source => IsWhole(source));

    private static bool IsWhole(SpooledExtraction one) =>
        one.Range.IsAll
        && one.Extraction.Key.Where.IsEmpty
        && one.Extraction.Limit is null
        && one.Sink.Skips.Count == 0
        && Short(one) is null
        && (one.Parent is null || IsWhole(one.Parent));

    private static IEnumerable<string> ShortOf(SpooledExtraction source)
    {
        for (var one = source; one is not null; one = one.Parent)
        {
            if (Short(one) is { } gap)
            {
                yield return source.Prefix + gap;
            }
        }
    }

    // People who are asked for by the search's ids are checked id by id: who is left out is among the skipped.
    private static string? Short(SpooledExtraction one)
    {
        if (one.Extraction.Resource.Reading == ReadingKind.Hydrate || one.Extraction.Limit is not null)
        {
            return null;
        }

        if (one.Sink.Notes(ExportNotes.Gap) is { Count: > 0 } gaps)
        {
            return string.Join("; ", gaps);
        }

        var (rows, by) = ExpectedOf(one);
        return one.Extraction.Resource.Count is not null ? ShortPartitions(one, by)
            : rows > one.Sink.Rows ? Text($"{one.Extraction.Key.Title}: {rows} expected by {by}, {one.Sink.Rows} came")
            : IsSilent(one)
                ? Text($"{one.Extraction.Key.Title}: none came, though {one.Counts!.MessagesSent} were sent in this billing period by {Counted}")
            : null;
    }

    // Parent by parent: too many of one must not hide that another's are missing.
    private static string? ShortPartitions(SpooledExtraction one, string? by)
    {
        var missing = one.Sink.Counted.Short;
        var named = missing
            .Take(MostNamed)
            .Select(list =>
                Text($"{one.Extraction.Resource.Parent!.Resource} {ParentRow.KeyOf(list.Name)} has {list.Expected} of which {list.Rows} came"));
        var names = string.Join("; ", named) + (missing.Count > MostNamed ? " and more" : "");
        return missing.Count == 0 ? null : Text($"{one.Extraction.Key.Title}: {missing.Count} lists are short by {by}: {names}");
    }

    private static bool IsSilent(SpooledExtraction one) =>
        one.Extraction.Resource.Reading == ReadingKind.Windows
        && one.Extraction.Key.Options.IsEmpty
        && one.Range.IsAll
        && one.Sink.Rows == 0
        && one.Counts?.MessagesSent > 0;

    private static (long? Rows, string? By) ExpectedOf(SpooledExtraction one) => one.Extraction.Resource.Reading switch
    {
        _ when one.Extraction.Resource.Count is { } rule => one.Sink.Counted is { Partitions: > 0 } counted
            ? (counted.Expected, rule.Path is null ? $"{one.Extraction.Resource.Parent!.Resource}.{rule.Column}" : $"GET {rule.Path}")
            : (null, null),
        ReadingKind.People when one.Counts is { } own && one.Extraction.Key.Options.IsEmpty => (own.People, Counted),
        ReadingKind.Objects when one.Counts is { } own => (own.Objects, Counted),
        ReadingKind.Export when one.Extraction.Limit is null && one.Sink.Notes(ExportNotes.Total) is { Count: > 0 } totals =>
            (totals.Sum(total => long.Parse(total, CultureInfo.InvariantCulture)), "the totals of its exports"),
        ReadingKind.Hydrate when one.Parent is { } search && one.Extraction.Key.Where.IsEmpty => (search.Sink.Rows, "the search for people"),
        _ => (null, null),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

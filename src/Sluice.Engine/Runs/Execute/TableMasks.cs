using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Masking;
using Sluice.Engine.Shape;

namespace Sluice.Engine.Runs;

/// <summary>What the destination is to remember of the masks of one table's load.</summary>
internal sealed class TableMasks(TableJob job, IReadOnlyList<SpooledExtraction> extractions, LoadContext context)
{
    private readonly IReadOnlyList<MappedColumn> _before = [.. RememberedMasks.Of(job, context.Columns)];
    private readonly MaskRules _rules = RememberedMasks.RulesOf(job, context.Request);

    /// <summary>A row of the mapping for each mask that holds in the table, and for each that was given up.</summary>
    public IReadOnlyList<MappedColumn> Rows() =>
    [
        .. job.Settings.Masks.Masks.Where(Holds).Select(mask => Row(mask.Column, job.Settings.Masks.Remembered(mask))),
        .. GivenUp().Select(field => Row(field, RememberedMasks.None)),
    ];

    /// <summary>Says which rows are not as the masks of this load would have them.</summary>
    /// <param name="rows">Rows that the table had before.</param>
    public IEnumerable<string> Notes(long rows)
    {
        if (rows == 0 || (job.Settings.FullRefresh && job.Strategy == Strategy.Replace))
        {
            yield break;
        }

        var count = rows.ToString("N0", CultureInfo.InvariantCulture);
        var masked = Rows().Where(row => row.Mask != RememberedMasks.None);
        var added = masked.Where(row => !_before.Any(before => IsSame(before, row))).Select(row => row.Field).ToList();
        if (added.Count > 0)
        {
            yield return $"{string.Join(", ", added)}: masked from this run on. Of the {count} rows that were there, those that did not come again " +
                "keep the values they had, also in clear. --full-refresh replaces all of them.";
        }

        if (GivenUp().ToList() is { Count: > 0 } givenUp)
        {
            yield return $"{string.Join(", ", givenUp)}: in clear from this run on. Of the {count} rows that were there, those that did not come " +
                "again stay masked. --full-refresh replaces all of them.";
        }
    }

    // A name that no record had would stop later runs of a table that it has nothing to do with. Pages from an earlier run can't be asked any more.
    private bool Holds(Mask mask)
    {
        var columns = (context.Request.Catalog.Find(job.Source.Resource) ?? job.Resource).Columns;
        return extractions.Any(one => one.Sink.WasResumed || one.Extraction.Masks.HasMet(mask))
            || extractions.Any(one => one.Extraction.Resource.Reading == ReadingKind.Export)
            || columns.SelectMany(column => column.Sources).Any(source => _rules.At(source) == mask)
            || columns.Any(column => mask.Column.StartsWith($"{column.Name}.", StringComparison.OrdinalIgnoreCase));
    }

    private IEnumerable<string> GivenUp() =>
        _before
            .Select(before => before.Field!)
            .Where(field => job.Settings.Unmask.Contains(field, StringComparer.OrdinalIgnoreCase) && _rules.At(field) is null);

    private MappedColumn Row(string field, string mask) =>
        new(field, field, SqlType.Of(ColumnType.Text), context.RunId, context.Time.GetUtcNow()) { Mask = mask };

    private static bool IsSame(MappedColumn one, MappedColumn other) =>
        one.Mask == other.Mask && string.Equals(one.Field, other.Field, StringComparison.OrdinalIgnoreCase);
}

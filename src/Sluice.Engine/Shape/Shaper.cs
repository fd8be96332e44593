using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape;

/// <summary>Turns segments of JSON records into SQL that gives a table's typed rows, and notices fields nobody knew.</summary>
internal sealed class Shaper(ShapeOptions options)
{
    private readonly ColumnSet _columns = new(options);

    /// <summary>What records so far made necessary beyond the columns that the destination has.</summary>
    public IReadOnlyList<SchemaChange> Changes => [.. _columns.Changes];

    /// <summary>The columns that the table has, as far as records and choice tell.</summary>
    public IReadOnlyList<TableColumn> Columns => [.. _columns.All.Where(column => options.Keeps(column.Name))];

    /// <summary>Finds a column for every field, and writes the SQL; columns only ever get more and wider.</summary>
    /// <exception cref="SluiceException">The contract forbids a change that the records need (kind Schema).</exception>
    public ShapedSegment Shape(Segment segment)
    {
        _columns.Fit(segment.Fields);
        IReadOnlyList<TableColumn> all = [.. _columns.All];
        var kept = Columns;
        var names = string.Join(", ", kept.Select(column => DuckDBIdentifier.Quote(column.Name)));
        var fields = segment.Fields.Kinds;
        var extras = fields.Where(field => InferredType.HasValue(field.Value) && _columns.IsExtra(field.Key)).Select(field => field.Key).ToHashSet(StringComparer.Ordinal);
        RequireKey(segment, all);
        return new ShapedSegment
        {
            PackageId = segment.PackageId,
            Columns = kept,
            FastSql = extras.Count == 0 && Fast(segment, all) is { } sql ? Wrap(sql, names) : null,
            Carefully = () => CarefulCopy.Write(segment, new CarefulPlan(all, options, extras), (select, wanted) => Wrap(select, wanted ?? names)),
            Records = segment.Rows,
        };
    }

    private static string? Fast(Segment segment, IReadOnlyList<TableColumn> columns)
    {
        if (segment.Csv is { } form)
        {
            var csv = new CsvSql(segment, form, columns);
            return csv.IsFastSafe ? csv.Fast() : null;
        }

        var json = new SegmentSql(segment, columns);
        return json.IsFastSafe ? json.Fast() : null;
    }

    // The columns of a file are its own: without those that identify rows, doubles could not be told and a merge would add all rows each time.
    private void RequireKey(Segment segment, IReadOnlyList<TableColumn> columns)
    {
        if (segment.Csv is not { } form)
        {
            return;
        }

        var missing = options.PrimaryKey.Where(key => !columns.Any(column => column.Name == key && column.Sources.Any(source => form.Has(source[0])))).ToList();
        if (missing.Count > 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Schema,
                $"{options.Table}: the file has no column {string.Join(", ", missing)}, which identifies its rows; it has {string.Join(", ", form.Header)}. Nothing of this load was written.",
                "Name the column that does with --primary-key, as the file calls it.");
        }
    }

    // Filters see all columns, also those that the user does not want to keep.
    private string Wrap(string select, string kept)
    {
        var conditions = Conditions().ToList();
        var where = conditions.Count == 0 ? "" : $"\nWHERE {string.Join(" AND ", conditions)}";
        return $"SELECT {kept}\nFROM (\n{select}\n){where}";
    }

    private IEnumerable<string> Conditions()
    {
        if (options.Resource.RowFilter is { } filter)
        {
            yield return $"({filter})";
        }

        if (options.Resource is { CursorFilter: CursorFilter.Client, CursorColumn: { } cursor })
        {
            var column = DuckDBIdentifier.Quote(options.IncrementalKey ?? cursor);
            if (options.Interval.Start is { } start)
            {
                yield return $"({column} IS NULL OR {column} >= {Instant(start)})";
            }

            if (options.Interval.End is { } end)
            {
                yield return $"({column} IS NULL OR {column} <= {Instant(end)})";
            }
        }
    }

    private static string Instant(DateTimeOffset value) =>
        $"TIMESTAMPTZ {DuckDBLiteral.Quote(value.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00")}";
}

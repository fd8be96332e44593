using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Shape.SafeCast;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape;

/// <summary>Turns segments into SQL that selects a table's typed rows, and finds new fields.</summary>
internal sealed class Shaper(ShapeOptions options)
{
    private readonly ColumnSet _columns = new(options);

    /// <summary>The schema changes that the records so far require.</summary>
    public IReadOnlyList<SchemaChange> Changes => [.. _columns.Changes];

    /// <summary>The columns of the table so far.</summary>
    public IReadOnlyList<TableColumn> Columns => [.. _columns.All.Where(column => options.Keeps(column.Name))];

    /// <summary>Assigns a column to every field and generates the SQL; columns are only ever added and widened.</summary>
    /// <exception cref="SluiceException">The schema contract forbids a required change (kind Schema).</exception>
    public ShapedSegment Shape(Segment segment)
    {
        _columns.Fit(segment.Fields);
        IReadOnlyList<TableColumn> all = [.. _columns.All];
        var kept = Columns;
        var names = string.Join(", ", kept.Select(column => DuckDBIdentifier.Quote(column.Name)));
        var fields = segment.Fields;
        var extras = fields
            .Where(field => InferredType.HasValue(field.Value) && _columns.IsExtra(field.Key))
            .Select(field => field.Key)
            .ToHashSet(StringComparer.Ordinal);
        RequireKey(segment, all);
        return new ShapedSegment
        {
            PackageId = segment.PackageId,
            Columns = kept,
            FastSql = extras.Count == 0 && Fast(segment, all) is { } sql ? Wrap(sql, names) : null,
            SafeCast = () => SafeCastCopy.Write(segment, new SafeCastPlan(all, options, extras), (select, wanted) => Wrap(select, wanted ?? names)),
            Records = segment.Rows,
            Bytes = segment.Length,
            LongestRecord = segment.LargestRecord,
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

    // Without the key columns, duplicates could not be found and each merge would add all rows again.
    private void RequireKey(Segment segment, IReadOnlyList<TableColumn> columns)
    {
        if (segment.Csv is not { } form)
        {
            return;
        }

        var missing = options
            .PrimaryKey.Where(key => !columns.Any(column => column.Name == key && column.Sources.Any(source => form.Has(source[0]))))
            .ToList();
        if (missing.Count > 0)
        {
            throw new SluiceException(
                SluiceErrorKind.Schema,
                $"{options.Table}: the file has no column {string.Join(", ", missing)}, which identifies its rows; it has " +
                    $"{string.Join(", ", form.Header)}. Nothing of this load was written.",
                "Name the column that does with --primary-key, as the file calls it.");
        }
    }

    // Filters see all columns, including those that the user does not keep.
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

/// <summary>A segment with the SQL that selects its typed rows; the SQL runs in any DuckDB connection.</summary>
public sealed record ShapedSegment
{
    /// <summary>The permanent id of the records: a destination that has loaded the package skips it.</summary>
    public required string PackageId { get; init; }

    /// <summary>The columns of the rows, in the order of the SELECT; later segments may have more of them, and wider ones.</summary>
    public required IReadOnlyList<TableColumn> Columns { get; init; }

    /// <summary>
    /// SELECT that reads with the columns' types at full speed and fails as a whole if a value does not fit; null if the
    /// kinds of values seen while fetching show that some value won't.
    /// </summary>
    public string? FastSql { get; init; }

    /// <summary>
    /// Reads anything, value by value: one that does not fit its column becomes NULL and a reject. The result owns a file
    /// and must be disposed once its SQL has run.
    /// </summary>
    public required Func<SafeCastReading> SafeCast { get; init; }

    /// <summary>Records in the segment, before any filter.</summary>
    public long Records { get; init; }

    /// <summary>How long the segment is, in bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>How long its longest record is, in bytes.</summary>
    public long LongestRecord { get; init; }
}

/// <summary>The user's settings for a table's columns and rows.</summary>
internal sealed record ShapeOptions
{
    public required Resource Resource { get; init; }

    /// <summary>The destination table's name, for the report.</summary>
    public required string Table { get; init; }

    public IReadOnlyList<string> PrimaryKey { get; init; } = [];

    public string? IncrementalKey { get; init; }

    public Interval Interval { get; init; } = Interval.All;

    public IReadOnlyDictionary<string, ColumnType> TypeOverrides { get; init; } = new Dictionary<string, ColumnType>(StringComparer.Ordinal);

    /// <summary>What to do with unknown fields.</summary>
    public SchemaContract Contract { get; init; }

    /// <summary>The destination's columns for fields that are not in the catalog; those created for a field come first.</summary>
    public IReadOnlyList<KnownColumn> Known { get; init; } = [];

    /// <summary>Whether the table is replaced as a whole, so that a column with a name that is no longer allowed gets another one.</summary>
    public bool StartsOver { get; init; }

    /// <summary>The column names that the destination allows.</summary>
    public NameRules Names { get; init; } = NameRules.Default;

    /// <summary>Columns to keep; empty for all. Keys are kept in any case.</summary>
    public IReadOnlySet<string> Only { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    public IReadOnlySet<string> Without { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Which members of the records' object stand beside their fields; null for none.</summary>
    public Flattening? Flattening { get; init; }

    /// <summary>Names that the user wants for columns of fields that the catalog does not know, by the name that they would have.</summary>
    public IReadOnlyDictionary<string, string> Renames { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The name that a field's column should have.</summary>
    public string NameOf(string field)
    {
        var name = Flattening?.ColumnOf(field) ?? field;
        return Renames.GetValueOrDefault(name, name);
    }

    public bool Keeps(string column) =>
        PrimaryKey.Contains(column, StringComparer.Ordinal)
        || ((Only.Count == 0 || Only.Contains(column)) && !Without.Contains(column));
}

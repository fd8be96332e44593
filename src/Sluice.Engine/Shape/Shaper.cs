using System.Globalization;
using Sluice.DuckDb;
using Sluice.Engine.Catalog;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape;

/// <summary>Turns segments of JSON records into SQL that gives a table's typed rows, and notices fields nobody knew.</summary>
internal sealed class Shaper(ShapeOptions options)
{
    private readonly ColumnSet _columns = new(options.Resource, options.TypeOverrides);
    private readonly List<SchemaChange> _changes = [];

    /// <summary>Columns that records made necessary so far.</summary>
    public IReadOnlyList<SchemaChange> Changes => _changes;

    /// <summary>The columns that the table has, as far as records and choice tell.</summary>
    public IReadOnlyList<TableColumn> Columns => [.. _columns.All.Where(column => options.Keeps(column.Name))];

    public ShapedSegment Shape(Segment segment)
    {
        foreach (var added in _columns.AddNew(segment.Fields).Where(column => options.Keeps(column.Name)))
        {
            _changes.Add(new SchemaChange(options.Table, added.Name, $"added as {SqlType.Of(added.Type)}: Customer.io sent a field the catalog does not know"));
        }

        var sql = new SegmentSql(segment, _columns.All);
        return new ShapedSegment
        {
            PackageId = segment.PackageId,
            Columns = Columns,
            FastSql = sql.IsFastSafe ? Wrap(sql.Fast()) : null,
            CarefulSql = Wrap(sql.Careful()),
            RejectsSql = sql.Rejects(options.PrimaryKey),
            Records = segment.Rows,
        };
    }

    // Filters see all columns, also those that the user does not want to keep.
    private string Wrap(string select)
    {
        var kept = string.Join(", ", Columns.Select(column => DuckDBIdentifier.Quote(column.Name)));
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

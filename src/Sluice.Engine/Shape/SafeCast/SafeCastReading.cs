using System.Buffers;
using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape.SafeCast;

/// <summary>SQL over a copy of a segment in which every value can be cast to its column's type; disposing it deletes the copy.</summary>
public sealed class SafeCastReading : IDisposable
{
    private readonly string _path;
    private readonly string _rejects;

    internal SafeCastReading(string path, string sql, string rejects, long rejected)
    {
        _path = path;
        Sql = sql;
        _rejects = rejects;
        Rejected = rejected;
    }

    /// <summary>SELECT of the rows; no value makes it fail.</summary>
    public string Sql { get; }

    /// <summary>Rejected values of the segment, before any filter.</summary>
    public long Rejected { get; }

    /// <summary>
    /// SELECT of (record_key, column_name, raw_value) of the rejected values in the rows of <see cref="Sql"/>; null if there are none.
    /// </summary>
    /// <param name="most">The maximum number of rows to load, or null for all.</param>
    public string? RejectsSql(long? most) => Rejected == 0 ? null : $"""
        SELECT record_key, reject.c AS column_name, reject.v AS raw_value
        FROM (SELECT CAST({SafeCastRow.KeyName} AS JSON) AS record_key, unnest({SafeCastRow.RejectsName}) AS reject FROM (
        {_rejects}{(most is { } limit ? string.Create(CultureInfo.InvariantCulture, $"\nLIMIT {limit}") : "")}
        ))
        """;

    /// <summary>Deletes the copy.</summary>
    public void Dispose() => File.Delete(_path);
}

/// <summary>The columns that a safe cast produces.</summary>
/// <param name="Columns">All columns of the table, including those that the user does not keep, because filters may need them.</param>
/// <param name="Options">The keys, and which columns are kept.</param>
/// <param name="Extras">The fields without a column of their own.</param>
internal sealed record SafeCastPlan(IReadOnlyList<TableColumn> Columns, ShapeOptions Options, IReadOnlySet<string> Extras)
{
    /// <summary>The column that a field's rejected values are reported for; null if the user keeps none.</summary>
    public string? ColumnOf(string field) =>
        Extras.Contains(field)
            ? Columns.FirstOrDefault(column => column.Origin == ColumnOrigin.Extra && Options.Keeps(column.Name))?.Name
            : Columns
                .FirstOrDefault(column =>
                    Options.Keeps(column.Name) && column.Sources.Any(source => string.Equals(source[0], field, StringComparison.Ordinal)))
                ?.Name;
}

/// <summary>
/// Rewrites a segment with every value as text that can be cast to its column's type, and with the rejected values beside it.
/// DuckDB's own JSON functions can't be used for this: they read numbers as doubles, and a single lone surrogate makes a whole file unreadable.
/// </summary>
internal sealed class SafeCastCopy : IDisposable
{
    private const int LeastObjectBytes = 1024 * 1024;
    private const int FlushBytes = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _out = new(FlushBytes);
    private readonly SafeCastPlan _plan;
    private readonly SafeCastRow _row;
    private int _largest;

    private SafeCastCopy(SafeCastPlan plan)
    {
        _plan = plan;
        _row = new SafeCastRow(plan, _out);
    }

    /// <summary>
    /// Writes the copy beside the segment; <paramref name="wrap"/> puts the filters around a SELECT and chooses columns, those of the table
    /// for null.
    /// </summary>
    public static SafeCastReading Write(Segment segment, SafeCastPlan plan, Func<string, string?, string> wrap)
    {
        var path = $"{segment.Path}.{Guid.NewGuid():N}";
        using var copy = new SafeCastCopy(plan);
        try
        {
            copy.Write(segment, path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }

        var own = $"{SafeCastRow.KeyName}, {SafeCastRow.RejectsName}";
        var select = $"SELECT {string.Join(",\n  ", plan.Columns.Select(Cast).Append(own))}\nFROM {copy.Source(path)}";
        return new SafeCastReading(path, wrap(select, null), wrap(select, own), copy._row.Rejected);
    }

    public void Dispose() => _row.Dispose();

    private static string Cast(TableColumn column, int place) => column.Type == ColumnType.Text
        ? $"\"{SafeCastRow.NameOf(place)}\" AS {DuckDBIdentifier.Quote(column.Name)}"
        : $"CAST(\"{SafeCastRow.NameOf(place)}\" AS {SqlType.Of(column.Type)}) AS {DuckDBIdentifier.Quote(column.Name)}";

    private string Source(string path)
    {
        var columns = string.Concat(_plan.Columns.Select((_, place) => $"'{SafeCastRow.NameOf(place)}': 'VARCHAR', "));
        var own = $"{SafeCastRow.KeyName}: 'VARCHAR', {SafeCastRow.RejectsName}: 'STRUCT(c VARCHAR, v VARCHAR)[]'";
        var limit = Math.Max(LeastObjectBytes, 2L * _largest).ToString(CultureInfo.InvariantCulture);
        return $"read_json({DuckDBLiteral.Quote(path)}, format='newline_delimited', columns={{{columns}{own}}}, maximum_object_size={limit})";
    }

    private void Write(Segment segment, string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        foreach (var line in SegmentLines.Of(segment))
        {
            var before = _out.WrittenCount;
            _row.Write(line);
            _out.Write("\n"u8);
            _largest = Math.Max(_largest, _out.WrittenCount - before);
            if (_out.WrittenCount >= FlushBytes)
            {
                file.Write(_out.WrittenSpan);
                _out.ResetWrittenCount();
            }
        }

        file.Write(_out.WrittenSpan);
    }
}

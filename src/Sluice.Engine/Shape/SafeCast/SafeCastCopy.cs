using System.Buffers;
using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape.SafeCast;

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

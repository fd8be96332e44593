using System.Buffers;
using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Spool;

namespace Sluice.Engine.Shape;

/// <summary>
/// Writes a segment anew with every value as text that is known to fit its column, and beside it what did not fit. DuckDB's own JSON functions
/// can't be used for this: they read numbers as doubles, and half of a surrogate pair anywhere makes a whole file unreadable.
/// </summary>
internal sealed class CarefulCopy : IDisposable
{
    private const int LeastObjectBytes = 1024 * 1024;
    private const int FlushBytes = 256 * 1024;

    private readonly ArrayBufferWriter<byte> _out = new(FlushBytes);
    private readonly CarefulPlan _plan;
    private readonly CarefulRow _row;
    private int _largest;

    private CarefulCopy(CarefulPlan plan)
    {
        _plan = plan;
        _row = new CarefulRow(plan, _out);
    }

    /// <summary>Writes the copy beside the segment; <paramref name="wrap"/> puts the filters around a SELECT and chooses columns, those of the table for null.</summary>
    public static CarefulReading Write(Segment segment, CarefulPlan plan, Func<string, string?, string> wrap)
    {
        var path = $"{segment.Path}.{Guid.NewGuid():N}";
        using var copy = new CarefulCopy(plan);
        try
        {
            copy.Write(segment, path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }

        var own = $"{CarefulRow.KeyName}, {CarefulRow.RejectsName}";
        var select = $"SELECT {string.Join(",\n  ", plan.Columns.Select(Cast).Append(own))}\nFROM {copy.Source(path)}";
        return new CarefulReading(path, wrap(select, null), wrap(select, own), copy._row.Rejected);
    }

    public void Dispose() => _row.Dispose();

    private static string Cast(TableColumn column, int place) => column.Type == ColumnType.Text
        ? $"\"{CarefulRow.NameOf(place)}\" AS {DuckDBIdentifier.Quote(column.Name)}"
        : $"CAST(\"{CarefulRow.NameOf(place)}\" AS {SqlType.Of(column.Type)}) AS {DuckDBIdentifier.Quote(column.Name)}";

    private string Source(string path)
    {
        var columns = string.Concat(_plan.Columns.Select((_, place) => $"'{CarefulRow.NameOf(place)}': 'VARCHAR', "));
        var own = $"{CarefulRow.KeyName}: 'VARCHAR', {CarefulRow.RejectsName}: 'STRUCT(c VARCHAR, v VARCHAR)[]'";
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

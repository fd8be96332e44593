using System.Buffers.Binary;
using System.Collections;
using System.Data.Common;
using System.Globalization;
using System.Text;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.ClickHouse;

/// <summary>The rows of an answer in RowBinary, one at a time.</summary>
internal sealed class ClickHouseDataReader(HttpResponseMessage response, Stream stream, IReadOnlyList<ClickHouseColumn> columns) : DbDataReader
{
    private const int FirstBytes = 1 << 16;

    private readonly object?[] _values = new object?[columns.Count];
    private byte[] _buffer = new byte[FirstBytes];
    private int _start;
    private int _end;
    private bool _isClosed;

    /// <summary>What to select so that a column's values come as one of the kinds that are read here.</summary>
    public static string Select(ClickHouseColumn column) => ClickHouseType.Bare(column.Type) switch
    {
        "Int64" or "Float64" or "String" => $"toNullable({column.Quoted})",
        "Bool" or "UInt8" => $"toNullable(CAST({column.Quoted} AS Nullable(UInt8)))",
        "DateTime64(6, 'UTC')" => $"toNullable(toUnixTimestamp64Micro({column.Quoted}))",
        _ => $"toNullable(CAST(toString({column.Quoted}) AS {ClickHouseType.Text}))",
    };

    public override int FieldCount => columns.Count;

    public override int Depth => 0;

    public override bool HasRows => true;

    public override bool IsClosed => _isClosed;

    public override int RecordsAffected => -1;

    public override object this[int ordinal] => GetValue(ordinal);

    public override object this[string name] => GetValue(GetOrdinal(name));

    public override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (!TryParse())
        {
            MakeRoom();
            if (IsLast(await GuardAsync(stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).AsTask())))
            {
                return false;
            }
        }

        return true;
    }

    public override bool Read()
    {
        while (!TryParse())
        {
            MakeRoom();
            if (IsLast(stream.Read(_buffer, _end, _buffer.Length - _end)))
            {
                return false;
            }
        }

        return true;
    }

    public override bool NextResult() => false;

    public override object GetValue(int ordinal) => _values[ordinal] ?? DBNull.Value;

    public override bool IsDBNull(int ordinal) => _values[ordinal] is null;

    public override int GetValues(object[] values)
    {
        var count = Math.Min(values.Length, _values.Length);
        for (var place = 0; place < count; place++)
        {
            values[place] = GetValue(place);
        }

        return count;
    }

    public override string GetName(int ordinal) => columns[ordinal].Name;

    public override int GetOrdinal(string name) => columns.ToList().FindIndex(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is var place and >= 0
        ? place
        : throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such column.");

    public override string GetDataTypeName(int ordinal) => columns[ordinal].Type;

    public override Type GetFieldType(int ordinal) => columns[ordinal].Meaning switch
    {
        ColumnType.Bigint => typeof(long),
        ColumnType.Double => typeof(double),
        ColumnType.Boolean => typeof(bool),
        ColumnType.Timestamp => typeof(DateTimeOffset),
        _ => typeof(string),
    };

    public override bool GetBoolean(int ordinal) => (bool)GetValue(ordinal);

    public override byte GetByte(int ordinal) => checked((byte)GetInt64(ordinal));

    public override char GetChar(int ordinal) => GetString(ordinal)[0];

    public override DateTime GetDateTime(int ordinal) => ((DateTimeOffset)GetValue(ordinal)).UtcDateTime;

    public override decimal GetDecimal(int ordinal) => Convert.ToDecimal(GetValue(ordinal), CultureInfo.InvariantCulture);

    public override double GetDouble(int ordinal) => (double)GetValue(ordinal);

    public override float GetFloat(int ordinal) => (float)GetDouble(ordinal);

    public override Guid GetGuid(int ordinal) => Guid.Parse(GetString(ordinal), CultureInfo.InvariantCulture);

    public override short GetInt16(int ordinal) => checked((short)GetInt64(ordinal));

    public override int GetInt32(int ordinal) => checked((int)GetInt64(ordinal));

    public override long GetInt64(int ordinal) => (long)GetValue(ordinal);

    public override string GetString(int ordinal) => (string)GetValue(ordinal);

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => throw new NotSupportedException("Text is read with GetString.");

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => throw new NotSupportedException("Text is read with GetString.");

    public override IEnumerator GetEnumerator() => new DbEnumerator(this, closeReader: false);

    public override void Close()
    {
        _isClosed = true;
        stream.Dispose();
        response.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Close();
    }

    private static async Task<int> GuardAsync(Task<int> reading)
    {
        try
        {
            return await reading;
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw Cut(error);
        }
    }

    private static SluiceException Cut(Exception? error) =>
        new(SluiceErrorKind.Destination, $"The connection to ClickHouse broke while rows were read{(error is null ? "." : $": {error.Message}")}", "Run the same command again.", error) { IsTransient = true };

    private bool IsLast(int count)
    {
        _end += count;
        return count == 0 && (_start == _end ? true : throw Cut(null));
    }

    private void MakeRoom()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private bool TryParse()
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        for (var place = 0; place < columns.Count; place++)
        {
            if (!TryValue(ref rest, columns[place], out _values[place]))
            {
                return false;
            }
        }

        var isRow = _start + rest.Length < _end;
        _start = _end - rest.Length;
        return isRow;
    }

    private static bool TryValue(ref Span<byte> rest, ClickHouseColumn column, out object? value)
    {
        value = null;
        if (rest.IsEmpty)
        {
            return false;
        }

        var isNull = rest[0] == 1;
        rest = rest[1..];
        return isNull || TryValue(ref rest, ClickHouseType.Bare(column.Type), out value);
    }

    private static bool TryValue(ref Span<byte> rest, string type, out object? value)
    {
        value = null;
        var size = type switch { "Int64" or "Float64" or "DateTime64(6, 'UTC')" => 8, "Bool" or "UInt8" => 1, _ => 0 };
        if (size == 0)
        {
            return TryText(ref rest, type, out value);
        }

        if (rest.Length < size)
        {
            return false;
        }

        value = type switch
        {
            "Float64" => BinaryPrimitives.ReadDoubleLittleEndian(rest),
            "Int64" => BinaryPrimitives.ReadInt64LittleEndian(rest),
            "Bool" or "UInt8" => rest[0] != 0,
            _ => DateTimeOffset.UnixEpoch.AddTicks(BinaryPrimitives.ReadInt64LittleEndian(rest) * TimeSpan.TicksPerMicrosecond),
        };
        rest = rest[size..];
        return true;
    }

    private static bool TryText(ref Span<byte> rest, string type, out object? value)
    {
        value = null;
        var (length, at) = (0, 0);
        for (var shift = 0; ; shift += 7, at++)
        {
            if (at == rest.Length)
            {
                return false;
            }

            length |= (rest[at] & 0x7f) << shift;
            if (rest[at] < 0x80)
            {
                break;
            }
        }

        if (rest.Length - at - 1 < length)
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(rest.Slice(at + 1, length));
        value = type == "FixedString(26)" ? ClickHouseText.ReadTime(text) : text;
        rest = rest[(at + 1 + length)..];
        return true;
    }
}

using System.Buffers.Binary;
using DuckDB.NET.Data;
using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.Postgres;

/// <summary>
/// Writes rows in the binary form of COPY. Text goes from DuckDB's memory to the socket as the UTF-8 that it is; the driver's own importer would make
/// a string of every value and bytes of every string.
/// </summary>
internal sealed class BinaryCopy(Stream to, IReadOnlyList<LoadColumn> columns)
{
    private const int FlushBytes = 64 * 1024;
    private const int Null = -1;
    private const byte JsonbVersion = 1;

    // PostgreSQL counts from 2000.
    private const long EpochMicroseconds = 946_684_800_000_000;

    private readonly ColumnType[] _types = [.. columns.Select(column => column.Type)];
    private byte[] _buffer = new byte[2 * FlushBytes];
    private int _used;

    public async Task<long> WriteAsync(DuckDBDataReader rows, CancellationToken cancel)
    {
        WriteHeader();
        var written = 0L;
        while (await rows.ReadAsync(cancel))
        {
            WriteRow(rows);
            written++;
            if (_used >= FlushBytes)
            {
                await FlushAsync(cancel);
            }
        }

        WriteInt16(-1);
        await FlushAsync(cancel);
        return written;
    }

    private void WriteHeader()
    {
        ReadOnlySpan<byte> signature = [.. "PGCOPY\n"u8, 0xff, (byte)'\r', (byte)'\n', 0];
        signature.CopyTo(_buffer);
        _used = signature.Length;
        WriteInt32(0);
        WriteInt32(0);
    }

    private void WriteRow(DuckDBDataReader rows)
    {
        WriteInt16((short)_types.Length);
        for (var place = 0; place < _types.Length; place++)
        {
            if (rows.IsDBNull(place))
            {
                WriteInt32(Null);
            }
            else
            {
                WriteValue(rows, place);
            }
        }
    }

    private void WriteValue(DuckDBDataReader rows, int place)
    {
        switch (_types[place])
        {
            case ColumnType.Bigint:
                WriteInt64(rows.GetInt64(place));
                break;
            case ColumnType.Timestamp or ColumnType.UnixTime:
                WriteInt64(rows.GetInt64(place) - EpochMicroseconds);
                break;
            case ColumnType.Double:
                WriteInt64(BitConverter.DoubleToInt64Bits(rows.GetDouble(place)));
                break;
            case ColumnType.Boolean:
                Reserve(5);
                WriteInt32(1);
                _buffer[_used++] = rows.GetBoolean(place) ? (byte)1 : (byte)0;
                break;
            case ColumnType.Json:
                var json = rows.GetUtf8(place);
                WriteInt32(json.Length + 1);
                Reserve(json.Length + 1);
                _buffer[_used++] = JsonbVersion;
                Append(json);
                break;
            default:
                var text = rows.GetUtf8(place);
                WriteInt32(text.Length);
                Append(text);
                break;
        }
    }

    private void WriteInt16(short value)
    {
        Reserve(sizeof(short));
        BinaryPrimitives.WriteInt16BigEndian(_buffer.AsSpan(_used), value);
        _used += sizeof(short);
    }

    private void WriteInt32(int value)
    {
        Reserve(sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_used), value);
        _used += sizeof(int);
    }

    // With its length before it.
    private void WriteInt64(long value)
    {
        Reserve(sizeof(int) + sizeof(long));
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(_used), sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(_buffer.AsSpan(_used + sizeof(int)), value);
        _used += sizeof(int) + sizeof(long);
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _used < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _used + bytes));
        }
    }

    private async Task FlushAsync(CancellationToken cancel)
    {
        await to.WriteAsync(_buffer.AsMemory(0, _used), cancel);
        _used = 0;
    }
}

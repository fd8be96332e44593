using System.Buffers.Binary;
using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;

namespace Sluice.Destinations.ClickHouse;

/// <summary>The rows of a DuckDB query in ClickHouse's RowBinary, in as many portions as are asked for.</summary>
internal sealed class RowBinaryRows : IAsyncDisposable
{
    private readonly DuckDBDataReader _reader;
    private readonly Action<RowBinaryBuffer, DuckDBDataReader, int>[] _writers;

    private RowBinaryRows(DuckDBDataReader reader, IReadOnlyList<ClickHouseColumn> columns)
    {
        _reader = reader;
        _writers = [.. columns.Select(column => Writer(ClickHouseType.Bare(column.Type), column.Type.StartsWith("Nullable", StringComparison.Ordinal)))];
    }

    /// <summary>Whether there are more rows.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Runs the query.</summary>
    /// <param name="command">Gives the columns in the order of <paramref name="columns"/>, of the types that <see cref="StagedValues"/> makes.</param>
    /// <param name="columns">The columns that are written.</param>
    /// <param name="cancel">Stops before the first row.</param>
    public static async Task<RowBinaryRows> OpenAsync(DuckDBCommand command, IReadOnlyList<ClickHouseColumn> columns, CancellationToken cancel)
    {
        var rows = new RowBinaryRows((DuckDBDataReader)await command.ExecuteReaderAsync(cancel), columns);
        try
        {
            rows.HasMore = await rows._reader.ReadAsync(cancel);
            return rows;
        }
        catch
        {
            await rows.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes rows until the buffer holds as many bytes, or none are left.</summary>
    public async Task FillAsync(RowBinaryBuffer buffer, int bytes, CancellationToken cancel)
    {
        while (HasMore && buffer.Length < bytes)
        {
            for (var place = 0; place < _writers.Length; place++)
            {
                _writers[place](buffer, _reader, place);
            }

            HasMore = await _reader.ReadAsync(cancel);
        }
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    private static Action<RowBinaryBuffer, DuckDBDataReader, int> Writer(string type, bool isNullable)
    {
        var write = Value(type);
        return !isNullable ? write : (buffer, reader, place) =>
        {
            var isNull = reader.IsDBNull(place);
            buffer.Byte(isNull ? (byte)1 : (byte)0);
            if (!isNull)
            {
                write(buffer, reader, place);
            }
        };
    }

    private static Action<RowBinaryBuffer, DuckDBDataReader, int> Value(string type) => type switch
    {
        "String" => (buffer, reader, place) => buffer.Text(reader.GetUtf8(place)),
        "FixedString(26)" => (buffer, reader, place) => buffer.Raw(reader.GetUtf8(place)),
        "Float64" => (buffer, reader, place) => BinaryPrimitives.WriteDoubleLittleEndian(buffer.Room(8), reader.GetDouble(place)),
        "UInt8" or "Bool" => (buffer, reader, place) => buffer.Byte(reader.GetBoolean(place) ? (byte)1 : (byte)0),
        _ => (buffer, reader, place) => BinaryPrimitives.WriteInt64LittleEndian(buffer.Room(8), reader.GetInt64(place)),
    };
}

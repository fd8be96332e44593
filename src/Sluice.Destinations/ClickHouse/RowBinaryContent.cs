using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using Sluice.DuckDb;

namespace Sluice.Destinations.ClickHouse;

/// <summary>The rows of a DuckDB query in ClickHouse's RowBinary, written while they are sent: a few buffers in memory, whatever the number of rows.</summary>
internal sealed class RowBinaryContent : HttpContent
{
    private const int BufferBytes = 1 << 20;

    private readonly DuckDBCommand _command;
    private readonly IReadOnlyList<ClickHouseColumn> _columns;
    private readonly bool _compresses;

    /// <param name="command">Gives the columns in the order of <paramref name="columns"/>, of the types that <see cref="StagedValues"/> makes.</param>
    /// <param name="columns">The columns that are written.</param>
    /// <param name="compresses">Whether to compress.</param>
    public RowBinaryContent(DuckDBCommand command, IReadOnlyList<ClickHouseColumn> columns, bool compresses)
    {
        _command = command;
        _columns = columns;
        _compresses = compresses;
        if (compresses)
        {
            Headers.ContentEncoding.Add("gzip");
        }
    }

    public Exception? Failure { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            await using var packed = _compresses ? new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true) : null;
            await WriteAsync(packed ?? stream, cancellationToken);
        }
        catch (DuckDBException error)
        {
            // HttpClient would say that the connection broke.
            Failure = error;
            throw;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancel)
    {
        await using var reader = (DuckDBDataReader)await _command.ExecuteReaderAsync(cancel);
        var writers = _columns.Select(column => Writer(ClickHouseType.Bare(column.Type), column.Type.StartsWith("Nullable", StringComparison.Ordinal))).ToArray();
        var (filling, sending) = (new RowBinaryBuffer(BufferBytes), new RowBinaryBuffer(BufferBytes));
        var sent = Task.CompletedTask;
        try
        {
            while (await reader.ReadAsync(cancel))
            {
                for (var place = 0; place < writers.Length; place++)
                {
                    writers[place](filling, reader, place);
                }

                if (filling.Length >= BufferBytes)
                {
                    // One buffer is on its way while the other one fills.
                    await sent;
                    sent = stream.WriteAsync(filling.Written, cancel).AsTask();
                    (filling, sending) = (sending, filling);
                    filling.Clear();
                }
            }
        }
        finally
        {
            await sent;
        }

        await stream.WriteAsync(filling.Written, cancel);
    }

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

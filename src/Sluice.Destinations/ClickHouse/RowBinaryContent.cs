using System.IO.Compression;
using System.Net;
using Sluice.DuckDb;

namespace Sluice.Destinations.ClickHouse;

/// <summary>A portion of rows as the body of a request, written while it is sent: two buffers in memory, whatever the number of rows.</summary>
internal sealed class RowBinaryContent : HttpContent
{
    private const int BufferBytes = 1 << 20;
    private const long PortionBytes = 48L << 20;

    private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RowBinaryRows _rows;
    private readonly bool _compresses;

    public RowBinaryContent(RowBinaryRows rows, bool compresses)
    {
        _rows = rows;
        _compresses = compresses;
        if (compresses)
        {
            Headers.ContentEncoding.Add("gzip");
        }
    }

    /// <summary>Ends when the last row of the portion has been sent, or fails with what came in the way.</summary>
    public Task Written => _written.Task;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        try
        {
            await using (var packed = _compresses ? new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true) : null)
            {
                await WriteAsync(packed ?? stream, cancellationToken);
            }

            _written.SetResult();
        }
        catch (Exception error)
        {
            _written.SetException(error);
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
        var (filling, sending) = (new RowBinaryBuffer(BufferBytes), new RowBinaryBuffer(BufferBytes));
        var sent = Task.CompletedTask;
        try
        {
            for (var total = 0L; _rows.HasMore && total < PortionBytes; total += sending.Length)
            {
                // One buffer is on its way while the other one fills.
                filling.Clear();
                await _rows.FillAsync(filling, BufferBytes, cancel);
                await sent;
                sent = stream.WriteAsync(filling.Written, cancel).AsTask();
                (filling, sending) = (sending, filling);
            }
        }
        finally
        {
            await sent;
        }
    }
}

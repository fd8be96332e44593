using Sluice.CustomerIo.RateLimit;

namespace Sluice.CustomerIo.Http;

/// <summary>
/// Follows one attempt down to the wire. The handler below repeats a request by itself when a connection ends without an answer; that would be
/// one more arrival that the budget knows nothing of, and for a write a repetition nobody asked for. So a second connection is refused.
/// </summary>
internal sealed class WireTrace(BudgetSlot slot)
{
    private static readonly AsyncLocal<WireTrace?> Flow = new();
    private Stream? _connection;

    /// <summary>The attempt in whose flow the caller runs.</summary>
    public static WireTrace? Current => Flow.Value;

    /// <summary>Begins to follow an attempt in the calling method's flow.</summary>
    public static void Begin(BudgetSlot slot) => Flow.Value = new WireTrace(slot);

    /// <exception cref="IOException">The request had already left on another connection.</exception>
    public void Writing(Stream connection)
    {
        if (_connection is null)
        {
            _connection = connection;
            slot.Sent();
        }
        else if (_connection != connection)
        {
            throw new IOException("The connection ended without an answer.");
        }
    }
}

/// <summary>A connection that tells the attempt in progress when its bytes are written.</summary>
internal sealed class TracedStream(Stream inner) : Stream
{
    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => inner.Read(buffer);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(buffer, cancellationToken);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        WireTrace.Current?.Writing(this);
        inner.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        WireTrace.Current?.Writing(this);
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

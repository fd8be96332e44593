using System.Net;
using System.Net.Sockets;
using Sluice.CustomerIo.RateLimit;

namespace Sluice.CustomerIo.Http;

internal static class HandlerFactory
{
    public static readonly HttpRequestOptionsKey<BudgetSlot> SlotKey = new("Sluice.BudgetSlot");

    public static SocketsHttpHandler Create(int maxConnections = int.MaxValue) => new()
    {
        // A redirect would take the key to another host, and another datacenter is an error to be told.
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.GZip,
        ConnectCallback = ConnectAsync,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        EnableMultipleHttp2Connections = true,
        MaxConnectionsPerServer = maxConnections,
        PlaintextStreamFilter = TraceAsync,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        PooledConnectionLifetime = TimeSpan.FromMinutes(15),
        UseCookies = false,
    };

    // Requests that share an HTTP/2 connection are written by one of them: there is nothing to follow.
    private static ValueTask<Stream> TraceAsync(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancel) =>
        ValueTask.FromResult(context.NegotiatedHttpVersion.Major == 1 ? new TracedStream(context.PlaintextStream) : context.PlaintextStream);

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        // The request that made this connection necessary arrives later than its start says: the budget must know.
        if (context.InitialRequestMessage.Options.TryGetValue(SlotKey, out BudgetSlot slot))
        {
            slot.Connecting();
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

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

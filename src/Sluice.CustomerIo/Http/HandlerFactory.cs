using System.Net;
using System.Net.Sockets;
using Sluice.CustomerIo.RateLimit;

namespace Sluice.CustomerIo.Http;

internal static class HandlerFactory
{
    public static readonly HttpRequestOptionsKey<BudgetSlot> SlotKey = new("Sluice.BudgetSlot");

    public static SocketsHttpHandler Create() => new()
    {
        // A redirect would take the key to another host, and another datacenter is an error to be told.
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.GZip,
        ConnectCallback = ConnectAsync,
        ConnectTimeout = TimeSpan.FromSeconds(15),
        EnableMultipleHttp2Connections = true,
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

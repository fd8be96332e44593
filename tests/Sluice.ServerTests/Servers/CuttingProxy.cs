using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Sluice.ServerTests.Servers;

/// <summary>A way to a server on loopback that is cut, as by a firewall or a restart, after so many bytes or at once.</summary>
public sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly int _server;
    private readonly Task _accepting;
    private CancellationTokenSource _cut = new();
    private int _cuts;

    private CuttingProxy(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>The port on 127.0.0.1 to connect to instead of the server's.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>After how many bytes sent to the server every connection is cut; null for never.</summary>
    public long? CutAfter { get; set; }

    /// <summary>How many connections were cut so far.</summary>
    public int Cuts => _cuts;

    /// <summary>Starts a proxy for the server on that port of 127.0.0.1.</summary>
    public static CuttingProxy Start(int server, long? cutAfter = null) => new(server) { CutAfter = cutAfter };

    /// <summary>Cuts all connections that are open now.</summary>
    public async Task CutAsync()
    {
        var cut = Interlocked.Exchange(ref _cut, new CancellationTokenSource());
        var open = _connections.Keys.ToList();
        await cut.CancelAsync();
        await Task.WhenAll(open);
        cut.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await CutAsync();
        _cut.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_end.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            // The server must not see a connection that a cut would not wait for.
            var known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var connection = ForwardAsync(known.Task, client, CutAfter ?? long.MaxValue, _cut.Token);
            _connections[connection] = true;
            known.SetResult();
            _ = connection.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private async Task ForwardAsync(Task known, Socket client, long limit, CancellationToken cut)
    {
        await known;
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            // Not stopped by a cut: the runtime closes a socket whose connecting is cancelled with a goodbye, and the server may have it already.
            await server.ConnectAsync(IPAddress.Loopback, _server, CancellationToken.None);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cut);
            var there = PumpAsync(client, server, limit, stop.Token);
            var back = PumpAsync(server, client, long.MaxValue, stop.Token);
            var isCut = await await Task.WhenAny(there, back) || await Task.WhenAll(there, back) is [true, _] or [_, true];
            // Nothing may wait on a socket that is closed: it would be shut down, which is a goodbye, and not reset.
            await stop.CancelAsync();
            await Task.WhenAll(there, back);
            if (isCut)
            {
                Interlocked.Increment(ref _cuts);
                // Both sides get a reset, also those that only wait.
                client.LingerState = server.LingerState = new LingerOption(true, 0);
            }
        }
    }

    /// <summary>Whether the connection must be cut; false when one side has ended it.</summary>
    private static async Task<bool> PumpAsync(Socket from, Socket to, long limit, CancellationToken cut)
    {
        var buffer = new byte[8192];
        try
        {
            while (true)
            {
                var read = await from.ReceiveAsync(buffer, cut);
                if (read == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return false;
                }

                var part = (int)Math.Min(read, limit);
                limit -= part;
                await to.SendAsync(buffer.AsMemory(0, part), cut);
                if (part < read || limit == 0)
                {
                    return true;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // One side has gone: the other one learns it when both sockets are closed.
            return false;
        }
    }
}

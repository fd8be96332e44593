using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Tests.CustomerIo;

/// <summary>Writes its replies to the wire byte by byte as they are given, and then ends the connection in an orderly way.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly string[] _replies;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public RawServer(params string[] replies)
    {
        _replies = replies;
        _listener.Start();
        _loop = ServeAsync();
    }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public int Requests { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                await ReplyAsync(socket);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The client is gone, or the test is over.
            }
        }
    }

    private async Task ReplyAsync(Socket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        int filled = 0;
        while (!buffer.AsSpan(0, filled).EndsWith("\r\n\r\n"u8) && !buffer.AsSpan(0, filled).EndsWith("}"u8))
        {
            int read = await socket.ReceiveAsync(buffer.AsMemory(filled), _stop.Token);
            if (read == 0)
            {
                return;
            }

            filled += read;
        }

        string reply = _replies[Math.Min(Requests, _replies.Length - 1)];
        Requests++;
        await socket.SendAsync(Encoding.UTF8.GetBytes(reply));
        socket.Shutdown(SocketShutdown.Send);
        // Until the client has taken everything and closes.
        while (await socket.ReceiveAsync(buffer, _stop.Token) > 0)
        {
        }
    }
}

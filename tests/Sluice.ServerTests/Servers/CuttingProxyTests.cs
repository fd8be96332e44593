using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Sluice.ServerTests.Servers;

/// <summary>The way to a server that is cut.</summary>
public sealed class CuttingProxyTests : IDisposable
{
    private readonly TcpListener _server = new(IPAddress.Loopback, 0);

    public CuttingProxyTests() => _server.Start();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task Both_directions_are_forwarded_to_their_ends()
    {
        await using var proxy = Start(null);
        using var client = await ConnectAsync(proxy);
        using var server = await _server.AcceptSocketAsync();

        await client.SendAsync(Encoding.UTF8.GetBytes(new string('a', 100_000)));
        client.Shutdown(SocketShutdown.Send);
        Assert.Equal((100_000, true), await ReadAsync(server));
        await server.SendAsync("answer"u8.ToArray());
        server.Close();

        Assert.Equal((6, true), await ReadAsync(client));
        Assert.Equal(0, proxy.Cuts);
    }

    [Fact]
    public async Task No_more_than_so_many_bytes_arrive_before_the_cut()
    {
        await using var proxy = Start(5_000);
        using var client = await ConnectAsync(proxy);
        using var server = await _server.AcceptSocketAsync();

        await client.SendAsync(new byte[5_000]);

        var (count, ended) = await ReadAsync(server);
        Assert.False(ended);
        Assert.InRange(count, 0, 5_000);
        Assert.False((await ReadAsync(client)).Ended);
        Assert.Equal(1, proxy.Cuts);
    }

    [Fact]
    public async Task Open_connections_are_cut_on_demand_and_new_ones_go_on()
    {
        await using var proxy = Start(null);
        using var client = await ConnectAsync(proxy);
        using var server = await _server.AcceptSocketAsync();

        await proxy.CutAsync();

        Assert.False((await ReadAsync(client)).Ended);
        Assert.False((await ReadAsync(server)).Ended);
        Assert.Equal(1, proxy.Cuts);
        using var second = await ConnectAsync(proxy);
        using var secondServer = await _server.AcceptSocketAsync();
        await second.SendAsync("x"u8.ToArray());
        second.Close();
        Assert.Equal((1, true), await ReadAsync(secondServer));
    }

    private CuttingProxy Start(long? cutAfter) => CuttingProxy.Start(((IPEndPoint)_server.LocalEndpoint).Port, cutAfter);

    private static async Task<Socket> ConnectAsync(CuttingProxy proxy)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(IPAddress.Loopback, proxy.Port);
        return client;
    }

    /// <summary>How many bytes came, and whether they ended properly and not by a cut.</summary>
    private static async Task<(int Count, bool Ended)> ReadAsync(Socket socket)
    {
        var buffer = new byte[8192];
        var count = 0;
        try
        {
            while (await socket.ReceiveAsync(buffer) is var read and > 0)
            {
                count += read;
            }

            return (count, true);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return (count, false);
        }
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Sluice.ServerTests.Servers;

/// <summary>A port on loopback for a server that can't choose one itself.</summary>
internal static class ServerPort
{
    /// <summary>A free port below those that systems give to outgoing connections, so that none of them takes it before the server does.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(15_000, 32_000);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one, then.
            }
        }
    }
}

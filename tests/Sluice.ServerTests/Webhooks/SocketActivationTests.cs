using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading.Channels;
using Sluice.Benchmarks.Kill;
using Sluice.ServerTests.Cli;
using Xunit;

namespace Sluice.ServerTests.Webhooks;

/// <summary>A server that systemd hands its socket to, as it does with the units in packaging/systemd.</summary>
public sealed class SocketActivationTests
{
    private const int SetDescriptorFlags = 2;
    private const int Enough = 10;

    [Fact]
    public async Task A_restart_refuses_nobody()
    {
        using var tool = new Tool();
        tool.Environment["APP_KEY"] = "app-key";
        tool.Environment["HOOK_KEY"] = HookedServer.Key;
        await File.WriteAllTextAsync(tool.PathOf("sluice.yaml"), """
            version: 1
            workspaces: {main: {app_api_key: "${APP_KEY}", webhook_signing_key: "${HOOK_KEY}"}}
            destinations: {warehouse: "duckdb:///crm.duckdb"}
            syncs: {daily: {tables: [messages]}}
            """, Tool.Cancel);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(512);
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");

        // Who is started inherits it, as from systemd.
        Assert.Equal(0, fcntl((int)socket.Handle, SetDescriptorFlags, 0));
        using var first = Start(tool, socket, address);
        await ListeningAsync(first);
        using var stop = new CancellationTokenSource();
        var answers = Channel.CreateUnbounded<HttpStatusCode>();
        var sending = SendAsync(address, answers.Writer, stop.Token);
        await ExpectOkAsync(answers.Reader, Enough);
        using (var kill = Process.Start("kill", ["-TERM", $"{first.Id}"]))
        {
            await kill.WaitForExitAsync(Tool.Cancel);
        }

        await first.WaitForExitAsync(Tool.Cancel);
        using var second = Start(tool, socket, address);
        await ListeningAsync(second);
        await ExpectOkAsync(answers.Reader, Enough);
        await stop.CancelAsync();
        await sending;
        await ExpectOkAsync(answers.Reader, answers.Reader.Count);
        second.Kill();
        await second.WaitForExitAsync(Tool.Cancel);
    }

    private static async Task ExpectOkAsync(ChannelReader<HttpStatusCode> answers, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await answers.ReadAsync(Tool.Cancel));
        }
    }

    private static Process Start(Tool tool, Socket socket, Uri address) => tool.Start(
        "bash",
        ["-c", $"exec 3<&{socket.Handle}; export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$0\" serve --listen {address.GetLeftPart(UriPartial.Authority)}",
            BuiltTool.Program]);

    private static async Task ListeningAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync(Tool.Cancel) is { } line)
        {
            if (line.StartsWith("Listening", StringComparison.Ordinal))
            {
                return;
            }
        }

        Assert.Fail(await process.StandardError.ReadToEndAsync(Tool.Cancel));
    }

    private static async Task SendAsync(Uri address, ChannelWriter<HttpStatusCode> answers, CancellationToken stop)
    {
        using var http = new HttpClient();
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var body = Encoding.UTF8.GetBytes($$"""{"event_id":"e{{number}}","metric":"sent"}""");
            var at = $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}";
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/hooks/main")) { Content = new ByteArrayContent(body) };
            request.Headers.Add("X-CIO-Timestamp", at);
            request.Headers.Add("X-CIO-Signature", HookedServer.Sign(HookedServer.Key, at, body));

            // A connection of its own each time: that is what a restart would refuse.
            request.Headers.ConnectionClose = true;
            using var response = await http.SendAsync(request, Tool.Cancel);
            answers.TryWrite(response.StatusCode);
        }
    }

    [DllImport("libc", SetLastError = true)]
    private static extern int fcntl(int descriptor, int command, int argument);
}

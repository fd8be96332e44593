using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.ServerTests.Cli;
using Xunit;

namespace Sluice.ServerTests.Webhooks;

/// <summary>A server that is killed (signal 9) while events come in: what it answered with 200 is in the destination, once.</summary>
public sealed class KilledReceiverTests
{
    private const int Senders = 8;
    private const int BeforeKill = 400;
    private const int Events = 1_000;

    [Fact]
    public async Task Nothing_that_was_answered_with_200_is_lost_or_doubled()
    {
        using var tool = new Tool();
        tool.Environment["APP_KEY"] = "app-key";
        tool.Environment["HOOK_KEY"] = HookedServer.Key;
        await File.WriteAllTextAsync(tool.PathOf("sluice.yaml"), $$"""
            version: 1
            workspaces: {main: {app_api_key: "${APP_KEY}", base_url: "http://127.0.0.1:9", webhook_signing_key: "${HOOK_KEY}"} }
            destinations: {warehouse: "duckdb:///{{tool.PathOf("crm.duckdb")}}"}
            syncs: {daily: {tables: [messages]} }
            """, Tool.Cancel);
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        using var first = await StartAsync(tool, address);
        var taken = 0;
        using var client = new Sender(address, () =>
        {
            if (Interlocked.Increment(ref taken) == BeforeKill)
            {
                first.Kill(entireProcessTree: true);
            }
        });
        var refused = await client.SendAsync([.. Enumerable.Range(0, Events)], mayFail: true);
        Assert.NotEmpty(refused);
        await first.WaitForExitAsync(Tool.Cancel);

        // As the vendor does it: what was not answered with 200 comes again.
        using var second = await StartAsync(tool, address);
        Assert.Empty(await client.SendAsync(refused, mayFail: false));
        second.Kill(entireProcessTree: true);
        await second.WaitForExitAsync(Tool.Cancel);

        await using var server = await HookedServer.InAsync(tool.Folder);
        await server.FoldAsync();
        var events = await server.ReadAsync("webhook_events", "event_id");
        Assert.Equal(
            Enumerable.Range(0, Events).Select(Sender.IdOf).Order(StringComparer.Ordinal), events.Select(row => (string)row["event_id"]!));
        Assert.Equal(Events, (await server.ReadAsync("messages", "id")).Count);
    }

    private static async Task<Process> StartAsync(Tool tool, Uri address)
    {
        var process = tool.Start("serve", "--listen", address.GetLeftPart(UriPartial.Authority));
        while (await process.StandardOutput.ReadLineAsync(Tool.Cancel) is { } line)
        {
            if (line.StartsWith("Listening", StringComparison.Ordinal))
            {
                return process;
            }
        }

        Assert.Fail(await process.StandardError.ReadToEndAsync(Tool.Cancel));
        return process;
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private sealed class Sender(Uri address, Action taken) : IDisposable
    {
        private readonly HttpClient _http = new();

        public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"e{number:D5}");

        /// <summary>Sends events side by side; gives those that were not answered with 200.</summary>
        public async Task<IReadOnlyList<int>> SendAsync(IReadOnlyList<int> numbers, bool mayFail)
        {
            var lost = new List<int>();
            await Parallel.ForEachAsync(numbers,
                new ParallelOptions { MaxDegreeOfParallelism = Senders, CancellationToken = Tool.Cancel }, async (number, cancel) =>
            {
                if (await SendAsync(number, mayFail, cancel))
                {
                    taken();
                    return;
                }

                lock (lost)
                {
                    lost.Add(number);
                }
            });
            return lost;
        }

        public void Dispose() => _http.Dispose();

        private async Task<bool> SendAsync(int number, bool mayFail, CancellationToken cancel)
        {
            var body = Encoding.UTF8.GetBytes($$$"""
                {"event_id":"{{{IdOf(number)}}}","object_type":"email","metric":"sent","timestamp":100,"data":{"delivery_id":"d{{{number}}}"}}
                """);
            var at = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/hooks/main")) { Content = new ByteArrayContent(body) };
            request.Headers.Add("X-CIO-Timestamp", at);
            request.Headers.Add("X-CIO-Signature", HookedServer.Sign(HookedServer.Key, at, body));
            try
            {
                using var response = await _http.SendAsync(request, cancel);
                return response.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException) when (mayFail)
            {
                return false;
            }
        }
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Sluice.Benchmarks.Kill;
using Xunit;

namespace Sluice.ServerTests.Simulator;

/// <summary>Prism between a client and the simulator: it refuses what the vendor's own description of the Track API does not allow.</summary>
internal sealed class PrismProxy : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _description;

    private PrismProxy(Process process, Uri address, string description) => (_process, Address, _description) = (process, address, description);

    public Uri Address { get; }

    /// <summary>Skips the test when the description or prism is not there.</summary>
    public static async Task<PrismProxy> StartAsync(Uri upstream)
    {
        var source = Path.GetFullPath(Path.Combine(BuiltTool.Root, "../shared/customerio-api/track-api.openapi.json"));
        var prism = Path.Combine(BuiltTool.Root, "node_modules/.bin/prism");
        Assert.SkipUnless(File.Exists(source), $"{source} is missing");
        Assert.SkipUnless(File.Exists(prism), $"{prism} is missing");
        var description = Path.Combine(Path.GetTempPath(), $"track-{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(description, Relaxed(await File.ReadAllTextAsync(source)));
        var port = FreePort();
        string[] arguments = ["proxy", description, upstream.ToString().TrimEnd('/'), "--port", $"{port}", "--host", "127.0.0.1", "--errors"];
        var process = Process.Start(NodeScript.Start(prism, arguments))!;
        var proxy = new PrismProxy(process, new Uri($"http://127.0.0.1:{port}/"), description);
        await WaitAsync(process);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        File.Delete(_description);
    }

    /// <summary>The alternatives of the description overlap, so that what is right matches several of them: oneOf becomes anyOf.</summary>
    private static string Relaxed(string description)
    {
        var root = JsonNode.Parse(description)!;
        Relax(root);
        foreach (var path in root["paths"]!.AsObject())
        {
            // The vendor's client calls its empty bodies JSON, also where the description knows of no body at all.
            if (path.Value?["post"] is JsonObject post && !post.ContainsKey("requestBody"))
            {
                post["requestBody"] = new JsonObject { ["content"] = new JsonObject { ["application/json"] = new JsonObject() } };
            }
        }

        return root.ToJsonString();
    }

    private static void Relax(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list)
            {
                Relax(item);
            }
        }
        else if (node is JsonObject members)
        {
            foreach (var name in members.Select(pair => pair.Key).ToList())
            {
                Relax(members[name]);
            }

            if (members["oneOf"] is JsonArray alternatives)
            {
                members.Remove("oneOf");
                members["anyOf"] = alternatives;
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task WaitAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains("is listening", StringComparison.Ordinal))
            {
                // What it says later must be read, or it stops when the pipe is full.
                process.BeginErrorReadLine();
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        Assert.Fail($"prism ended before it listened: {await process.StandardError.ReadToEndAsync()}");
    }
}

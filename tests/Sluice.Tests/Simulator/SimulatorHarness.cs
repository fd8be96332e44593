using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Simulator;

/// <summary>A running simulator with a client that holds its key; the clock stands still at a fixed instant.</summary>
public sealed class SimulatorHarness : IAsyncDisposable
{
    public static readonly SimulatorOptions Small = new()
    {
        Customers = 20,
        RequestsPerSecond = 0,
        TrackRequestsPerSecond = 0,
        Now = new DateTimeOffset(2026, 3, 15, 12, 0, 0, TimeSpan.Zero),
        FreezeClock = true,
    };

    private SimulatorHarness(SimulatorServer server)
    {
        Server = server;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server.BaseAddress };
        Client.DefaultRequestHeaders.Add("Authorization", "Bearer sim-app-key");
        Anyone = new HttpClient { BaseAddress = server.BaseAddress };
    }

    public SimulatorServer Server { get; }

    public World World => Server.World;

    /// <summary>Sends the App API key.</summary>
    public HttpClient Client { get; }

    /// <summary>Sends no key.</summary>
    public HttpClient Anyone { get; }

    public static async Task<SimulatorHarness> StartAsync(SimulatorOptions? options = null)
        => new(await SimulatorServer.StartAsync(options ?? Small, TestContext.Current.CancellationToken));

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Client.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"GET {path}: {(int)answer.StatusCode} {body}");
        return Parse(body);
    }

    public async Task<int> StatusAsync(string path)
    {
        using var answer = await Client.GetAsync(path);
        return (int)answer.StatusCode;
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await Client.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"POST {path}: {(int)answer.StatusCode} {text}");
        return Parse(text);
    }

    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? json = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await (client ?? Client).SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>All rows of a paged list, read to the end as a careful client would.</summary>
    public async Task<List<JsonElement>> WalkAsync(string path, string root, object? post = null)
    {
        var rows = new List<JsonElement>();
        var seen = new HashSet<string>();
        for (string? next = null; ;)
        {
            var separator = path.Contains('?') ? '&' : '?';
            var page = next is null ? path : $"{path}{separator}start={Uri.EscapeDataString(next)}";
            var body = post is null ? await GetAsync(page) : await PostAsync(page, post);
            rows.AddRange(body.GetProperty(root).EnumerateArray());
            next = body.TryGetProperty("next", out var token) ? token.GetString() : null;
            if (string.IsNullOrEmpty(next))
            {
                return rows;
            }

            Assert.True(seen.Add(next), $"{path} gave the token {next} twice");
        }
    }

    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Anyone.Dispose();
        await Server.DisposeAsync();
    }
}

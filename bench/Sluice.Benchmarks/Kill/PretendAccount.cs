using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Sluice.Simulator;

namespace Sluice.Benchmarks.Kill;

/// <summary>The simulator in this process, steered as any test steers it.</summary>
internal sealed class PretendAccount : IAsyncDisposable
{
    private readonly SimulatorServer _server;
    private readonly HttpClient _http;

    private PretendAccount(SimulatorServer server)
    {
        _server = server;
        _http = new HttpClient { BaseAddress = server.BaseAddress };
    }

    public World World => _server.World;

    public string Address => _server.BaseAddress.GetLeftPart(UriPartial.Authority);

    public static async Task<PretendAccount> StartAsync(SimulatorOptions options, CancellationToken cancel) =>
        new(await SimulatorServer.StartAsync(options, cancel));

    /// <summary>Answers that could be used so far: refused and broken ones don't count, because their number is chance.</summary>
    public async Task<long> AnswersAsync(CancellationToken cancel)
    {
        using var stats = JsonDocument.Parse(await _http.GetStringAsync(Control("stats"), cancel));
        var faults = stats.RootElement.GetProperty("faults");
        return Count(stats.RootElement.GetProperty("byStatus"), "200") - Count(faults, "cut-body") - Count(faults, "reset");
    }

    public Task SetFaultsAsync(IReadOnlyList<string> faults, CancellationToken cancel) => PostAsync("faults", new { faults }, cancel);

    /// <summary>What happens in an account in some hours: people come, go and change, messages are sent, names are edited.</summary>
    public async Task ChangeAsync(Random dice, CancellationToken cancel)
    {
        await PostAsync("clock", new { advance = string.Create(CultureInfo.InvariantCulture, $"{1 + dice.Next(48)}h") }, cancel);
        var people = World.Rows("customers").Select(row => row.GetProperty("cio_id").GetString()!).ToList();
        for (var i = 1 + dice.Next(5); i > 0; i--)
        {
            await ChangeAsync(
                new
                {
                    op = "add-person",
                    email = $"new-{i}@example.com",
                    attributes = new { plan = "new" },
                },
                cancel);
            await ChangeAsync(
                new
                {
                    op = "update-person",
                    cio_id = people[dice.Next(people.Count)],
                    attributes = new { plan = $"changed {i}" },
                },
                cancel);
        }

        var gone = people[dice.Next(people.Count)];
        await ChangeAsync(new { op = "delete-person", cio_id = gone }, cancel);
        await ChangeAsync(new { op = "add-messages", parent = "campaign", id = 1, count = 1 + dice.Next(20) }, cancel);
        await ChangeAsync(new { op = "update-campaign", id = 2, name = $"Renamed {dice.Next(1000)}" }, cancel);
        await ChangeAsync(new { op = "update-newsletter", id = 2, name = $"Renamed {dice.Next(1000)}" }, cancel);
        await ChangeAsync(new { op = "add-activity", cio_id = people.First(person => person != gone), type = "event", name = "bought" }, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    private static long Count(JsonElement counts, string name) => counts.TryGetProperty(name, out var count) ? count.GetInt64() : 0;

    private static Uri Control(string name) => new($"/_sim/{name}", UriKind.Relative);

    private Task ChangeAsync(object change, CancellationToken cancel) => PostAsync("change", change, cancel);

    private async Task PostAsync(string name, object body, CancellationToken cancel)
    {
        using var answer = await _http.PostAsJsonAsync(Control(name), body, cancel);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(
                $"{JsonSerializer.Serialize(body)}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancel)}");
        }
    }
}

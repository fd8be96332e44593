using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Sluice.CustomerIo;

namespace Sluice.Benchmarks.Webhooks;

/// <summary>Sends signed events at a steady rate, whether answers come or not, as many senders do that know nothing of each other.</summary>
internal sealed class WebhookClient(Uri address, string key) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 64 }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>How long answers took, in milliseconds, from the moment at which the event was due.</summary>
    public ConcurrentBag<double> Milliseconds { get; } = [];

    /// <summary>Events that were not answered with 200.</summary>
    public ConcurrentBag<int> Refused { get; } = [];

    public static string IdOf(int number) => string.Create(CultureInfo.InvariantCulture, $"01BENCH{number:D19}");

    /// <summary>A client of its own process prints what it saw.</summary>
    public static async Task<int> RunAsync(string address, int rate, int seconds)
    {
        using var client = new WebhookClient(new Uri(address), WebhookBench.Key);
        await client.SendAsync(Enumerable.Range(0, rate * seconds), rate);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Percentiles.Of(client.Milliseconds)}, refused {client.Refused.Count}"));
        return 0;
    }

    public async Task SendAsync(IEnumerable<int> numbers, int rate)
    {
        var (began, sent, sending) = (Stopwatch.StartNew(), 0, new List<Task>());
        foreach (var number in numbers)
        {
            var due = TimeSpan.FromSeconds(sent++ / (double)rate);
            if (due - began.Elapsed is var wait && wait > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(wait);
            }

            sending.Add(SendAsync(number, began, due));
        }

        await Task.WhenAll(sending);
    }

    public void Dispose() => _http.Dispose();

    /// <summary>The body of an event: 350 bytes, three events a delivery.</summary>
    public static byte[] Body(int number)
    {
        var metric = (number % 3) switch { 0 => "sent", 1 => "delivered", _ => "opened" };
        var person = $$$"""
            "customer_id":"{{{number}}}","identifiers":{"id":"{{{number}}}","email":"p{{{number}}}@example.com","cio_id":"d9c1{{{number}}}"}
            """;
        return Encoding.UTF8.GetBytes($$$"""
            {"event_id":"{{{IdOf(number)}}}","object_type":"email","metric":"{{{metric}}}","timestamp":{{{1_700_000_000 + number}}},
            "data":{"delivery_id":"RPILAgUBcRhIBqSfeiIwdIYJ{{{number / 3}}}",{{{person}}},"recipient":"p{{{number}}}@example.com","campaign_id":7}}
            """);
    }

    private async Task SendAsync(int number, Stopwatch began, TimeSpan due)
    {
        var body = Body(number);
        var at = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/hooks/main")) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation(WebhookSignature.TimestampHeader, at);
        request.Headers.TryAddWithoutValidation(WebhookSignature.SignatureHeader, WebhookSignature.Of(key, at, body));
        try
        {
            using var response = await _http.SendAsync(request);
            Milliseconds.Add((began.Elapsed - due).TotalMilliseconds);
            if (response.StatusCode != HttpStatusCode.OK)
            {
                Refused.Add(number);
            }
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            Refused.Add(number);
        }
    }
}

/// <summary>Says how numbers are spread.</summary>
internal static class Percentiles
{
    public static string Of(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        double At(double share) => sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{sorted.Count} answers, p50 {At(0.5):0.0} ms, p95 {At(0.95):0.0} ms, p99 {At(0.99):0.0} ms");
    }
}

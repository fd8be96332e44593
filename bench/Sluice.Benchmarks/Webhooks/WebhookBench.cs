using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Benchmarks.Kill;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;
using Sluice.Engine.Webhooks;
using Sluice.Server;
using Sluice.Server.Webhooks;

namespace Sluice.Benchmarks.Webhooks;

/// <summary>
/// How fast webhooks are taken and folded: the time in the server and from a client of another process, beside the same client against a bare
/// endpoint; nothing lost or doubled after a kill in the middle; and the rate of folding into DuckDB and, by its address, into PostgreSQL.
/// </summary>
internal static class WebhookBench
{
    public const string Key = "bench-key";

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (rate, seconds) = (1_000, 60);
        string? postgres = null;
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            (rate, seconds, postgres) = arguments[i] switch
            {
                "--rate" => (int.Parse(arguments[i + 1], CultureInfo.InvariantCulture), seconds, postgres),
                "--seconds" => (rate, int.Parse(arguments[i + 1], CultureInfo.InvariantCulture), postgres),
                _ => (rate, seconds, arguments[i + 1]),
            };
        }

        await LatencyAsync(rate, seconds);
        await BareAsync(rate, Math.Min(seconds, 20));
        var isWhole = await KilledAsync(rate, seconds);
        await FoldAsync("DuckDB", null, 200_000);
        if (postgres is not null)
        {
            await FoldAsync("PostgreSQL", postgres, 50_000);
        }

        return isWhole ? 0 : 1;
    }

    private static string Load => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private static async Task LatencyAsync(int rate, int seconds)
    {
        var folder = NewFolder();
        var times = new ConcurrentBag<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, all) =>
            {
                if (instrument.Name == "sluice.webhooks.seconds")
                {
                    all.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, _, _) => times.Add(value * 1000));
        listener.Start();
        await using (var server = await StartAsync(folder))
        {
            var seen = await ClientAsync(server.Addresses[0], rate, seconds);
            Console.WriteLine($"client of another process, {rate}/s for {seconds} s (load {Load}): {seen}");
            Console.WriteLine($"in the server (load {Load}): {Percentiles.Of(times)}");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task BareAsync(int rate, int seconds)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        await using var web = builder.Build();
        web.MapPost("/hooks/{workspace}", async (Microsoft.AspNetCore.Http.HttpContext context) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
        });
        await web.StartAsync();
        Console.WriteLine($"the same client, a bare endpoint (load {Load}): {await ClientAsync(new Uri(web.Urls.First()), rate, seconds)}");
    }

    private static async Task<bool> KilledAsync(int rate, int seconds)
    {
        var folder = NewFolder();
        var address = new Uri("http://127.0.0.1:4799");
        using var first = await ServeAsync(folder, address);
        using var client = new WebhookClient(address, Key);
        var sending = client.SendAsync(Enumerable.Range(0, rate * seconds), rate);
        await Task.Delay(TimeSpan.FromSeconds(seconds / 2.0));
        first.Kill(entireProcessTree: true);
        await first.WaitForExitAsync();
        using var second = await ServeAsync(folder, address);
        await sending;
        var again = client.Refused.ToList();
        client.Refused.Clear();
        await client.SendAsync(again, rate);
        second.Kill(entireProcessTree: true);
        await second.WaitForExitAsync();
        var lost = client.Refused.Count;
        await using (var server = await StartAsync(folder))
        {
            await server.Services.GetRequiredService<FoldLoop>().FoldDueAsync(everything: true, CancellationToken.None);
        }

        var found = await CountAsync(folder);
        Console.WriteLine(
            $"killed in the middle: {rate * seconds} events, {again.Count} came again, " +
            $"{lost} were never answered with 200, {found} rows in webhook_events (load {Load})");
        Directory.Delete(folder, recursive: true);
        return lost == 0 && found == rate * seconds;
    }

    private static async Task FoldAsync(string name, string? uri, int events)
    {
        var folder = NewFolder();
        var job = new TableJob
        {
            Source = new TableName("messages", null),
            Resource = ResourceCatalog.Default.Find("messages")!,
            Schema = $"bench_{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}",
            Table = "messages",
            Strategy = Strategy.Merge,
            PrimaryKey = ["id"],
        };
        var masks = EventMasking.Of([MaskSet.None]);
        var target = new FoldTarget
        {
            Workspace = "main",
            Request = new IngestRequest { Tables = [job], PairId = "bench", WorkFolder = folder },
            Schema = job.Schema,
            Messages = job,
            Masks = masks,
        };
        var batches = Enumerable.Range(0, events).Select(number => ReceivedEvent.Read(WebhookClient.Body(number), masks, DateTimeOffset.UnixEpoch))
            .Chunk(50_000).ToList();
        await using var destination = await DestinationRegistry.OpenAsync(
            uri ?? $"duckdb:///{Path.Combine(folder, "fold.duckdb")}", CancellationToken.None);
        var clock = Stopwatch.StartNew();
        foreach (var batch in batches)
        {
            await new EventFold(destination, target, TimeProvider.System).RunAsync(batch, [], CancellationToken.None);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"fold into {name}: {events} events in {clock.Elapsed.TotalSeconds:0.0} s, " +
                $"{events / clock.Elapsed.TotalSeconds:N0} events/s (load {Load})"));
        await destination.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        File.WriteAllText(Path.Combine(folder, "sluice.yaml"), $$"""
            version: 1
            workspaces: {main: {app_api_key: "${APP_KEY}", base_url: "http://127.0.0.1:9", webhook_signing_key: "${HOOK_KEY}"} }
            destinations: {warehouse: "duckdb:///{{Path.Combine(folder, "crm.duckdb")}}"}
            syncs: {daily: {tables: [messages]} }
            """);
        return folder;
    }

    private static Task<SluiceServer> StartAsync(string folder)
    {
        var variables = new Dictionary<string, string?> { ["APP_KEY"] = "app-key", ["HOOK_KEY"] = Key };
        return SluiceServer.StartAsync(
            new ServerOptions
            {
                Folder = folder,
                WorkFolder = Path.Combine(folder, ".sluice"),
                Listen = new Uri("http://127.0.0.1:0"),
                Variables = name => variables.GetValueOrDefault(name),
                OpenClient = (source, budget) => new CustomerIoClient(source.Client, budget: budget),
            },
            CancellationToken.None);
    }

    private static async Task<Process> ServeAsync(string folder, Uri address)
    {
        var start = new ProcessStartInfo(BuiltTool.Program, ["serve", "--listen", address.GetLeftPart(UriPartial.Authority)])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        (start.Environment["APP_KEY"], start.Environment["HOOK_KEY"]) = ("app-key", Key);
        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.StartsWith("Listening", StringComparison.Ordinal))
        {
        }

        return process;
    }

    private static async Task<string> ClientAsync(Uri address, int rate, int seconds)
    {
        string[] arguments =
        [
            "webhook-client", address.ToString(), rate.ToString(CultureInfo.InvariantCulture), seconds.ToString(CultureInfo.InvariantCulture),
        ];
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var client = Process.Start(start)!;
        var seen = await client.StandardOutput.ReadToEndAsync();
        await client.WaitForExitAsync();
        return seen.Trim();
    }

    private static async Task<int> CountAsync(string folder)
    {
        await using var destination = await DestinationRegistry.OpenAsync($"duckdb:///{Path.Combine(folder, "crm.duckdb")}", CancellationToken.None);
        await using var reader = await destination.ReadTableAsync("customerio", EventColumns.Table, [], CancellationToken.None);
        var rows = 0;
        while (reader is not null && await reader.ReadAsync())
        {
            rows++;
        }

        return rows;
    }
}

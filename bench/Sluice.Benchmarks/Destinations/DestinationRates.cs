using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Benchmarks.Destinations;

/// <summary>What it costs each destination to publish a million staged messages, against the least that must be done, in the same run.</summary>
internal static class DestinationRates
{
    private const int Rounds = 3;
    private const long OldRows = 10_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        var count = int.Parse(args[0], CultureInfo.InvariantCulture);
        var file = Path.Combine(folder, "messages.ndjson");
        await RecordedMessages.WriteAsync(file, count);
        using var pages = await RecordedMessages.ReadAsync(file);
        var rows = Path.Combine(folder, "rows.duckdb");
        await LoadAsync($"duckdb:///{rows}", pages, folder, "rows", Strategy.Replace, null);
        Console.WriteLine($"{pages.Count:N0} deliveries, {pages.Bytes / 1e6:F0} MB of JSON");
        foreach (var uri in args.Skip(1).Select(uri => uri.Replace("FOLDER", folder, StringComparison.Ordinal)))
        {
            await MeasureAsync(uri, pages, folder, Yardstick.For(uri, rows, folder));
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task MeasureAsync(string uri, RecordedMessages pages, string folder, Yardstick? yardstick)
    {
        var kind = uri[..uri.IndexOf("://", StringComparison.Ordinal)];
        var (ours, theirs) = (new List<Cost>(), new List<Cost>());
        for (var round = 0; round < Rounds; round++)
        {
            ours.Add(await LoadAsync(uri, pages, folder, $"{kind}-replace-{round}", Strategy.Replace, null));
            if (yardstick is not null)
            {
                theirs.Add(await yardstick.ReplaceAsync());
            }
        }

        Tell($"{kind} replace", pages.Count, ours, theirs, yardstick?.Name ?? "");
        (ours, theirs) = ([], []);
        for (var round = 0; round < Rounds; round++)
        {
            await LoadAsync(uri, pages, folder, $"{kind}-old-{round}", Strategy.Replace, OldRows);
            if (yardstick is not null && await yardstick.MergeAsync() is { } cost)
            {
                theirs.Add(cost);
            }

            ours.Add(await LoadAsync(uri, pages, folder, $"{kind}-merge-{round}", Strategy.Merge, null));
        }

        Tell($"{kind} merge", pages.Count, ours, theirs, "COPY + INSERT … ON CONFLICT by hand");
    }

    private static void Tell(string what, int rows, List<Cost> ours, List<Cost> theirs, string yardstick)
    {
        var our = Cost.Best(ours);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {our}, {rows / our.Seconds / 1000:F0} thousand rows a second; all: " +
                $"{string.Join(", ", ours.Select(cost => cost.Seconds.ToString("F2", CultureInfo.InvariantCulture)))}"
        );
        if (theirs.Count > 0)
        {
            var their = Cost.Best(theirs);
            text += string.Create(
                CultureInfo.InvariantCulture,
                $"\n  {yardstick}: {their}; all: " +
                    $"{string.Join(", ", theirs.Select(cost => cost.Seconds.ToString("F2", CultureInfo.InvariantCulture)))}; ratio " +
                    $"{their.Seconds / our.Seconds:F2}"
            );
        }

        Console.WriteLine(text);
    }

    private static async Task<Cost> LoadAsync(string uri, RecordedMessages pages, string folder, string name, Strategy strategy, long? limit)
    {
        var resource = ResourceCatalog.Default.Find("messages")!;
        var request = new IngestRequest
        {
            Tables =
            [
                new TableJob
                {
                    Source = TableName.Parse("messages", ResourceCatalog.Default),
                    Resource = resource,
                    Table = "messages",
                    Strategy = strategy,
                    PrimaryKey = resource.PrimaryKey,
                    Settings = new()
                    {
                        FullRefresh = true,
                        Limit = limit,
                        Deletes = DeletePolicy.Ignore,
                    },
                },
            ],
            WorkFolder = Path.Combine(folder, "work"),
            PairId = name,
        };
        using var client = new CustomerIoClient(
            new CustomerIoOptions { AppApiKey = "k", BaseUrl = new Uri("http://recorded/"), RequestsPerSecond = 10_000 }, null, pages);
        await using var destination = new TimedDestination(await DestinationRegistry.OpenAsync(uri, default));
        var report = await new IngestRun(request, Workspace.Alone(request, client), destination, TimeProvider.System).RunAsync(default);
        if (report.ExitCode != 0 || (limit is null && report.Tables[0].Rows + report.Tables[0].Unchanged != pages.Count))
        {
            throw new InvalidOperationException(
                $"{uri}: the run ended with {report.ExitCode} and {report.Tables[0].Rows} rows: {report.Tables[0].Error}");
        }

        Console.WriteLine($"  {name}: doubles looked for in {destination.Preparing}, published in {destination.Publishing}");
        return destination.Publishing!;
    }
}

using System.Globalization;
using DuckDB.NET.Data;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Runs;

namespace Sluice.Benchmarks;

/// <summary>From page bytes to committed rows, against DuckDB's own read_json of the same records into a table of a file.</summary>
internal static class Throughput
{
    private const int Rounds = 5;

    public static async Task<int> RunAsync(string[] args)
    {
        var count = args is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 200_000;
        var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        var file = Path.Combine(folder, "messages.ndjson");
        await RecordedMessages.WriteAsync(file, count);
        using var pages = await RecordedMessages.ReadAsync(file);
        Console.WriteLine($"{pages.Count:N0} deliveries, {pages.Bytes / 1e6:F0} MB of JSON");
        var (ours, theirs) = (new List<Cost>(), new List<Cost>());
        for (var round = 0; round < Rounds; round++)
        {
            theirs.Add(Yardstick(file, Path.Combine(folder, $"yardstick-{round}.duckdb")));
            ours.Add(await SluiceAsync(pages, folder, round));
            Console.WriteLine($"round {round + 1}: read_json {theirs[^1]}, sluice {ours[^1]}");
        }

        var (their, our) = (Cost.Best(theirs), Cost.Best(ours));
        Console.WriteLine(
            $"best of {Rounds}: read_json {their}, sluice {our}; ratio {their.Seconds / our.Seconds:F2} by the clock, {their.Cpu / our.Cpu:F2} " +
                $"by processor time"
        );
        Directory.Delete(folder, recursive: true);
        return 0;
    }
    private static Cost Yardstick(string file, string database)
    {
        var clock = new CostClock();
        using (var connection = new DuckDBConnection($"Data Source={database}"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"CREATE TABLE messages AS SELECT * FROM read_json({DuckDBLiteral.Quote(file)})";
            command.ExecuteNonQuery();
        }

        return clock.Cost;
    }

    private static async Task<Cost> SluiceAsync(RecordedMessages pages, string folder, int round)
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
                    Strategy = resource.DefaultStrategy,
                    PrimaryKey = resource.PrimaryKey,
                },
            ],
            WorkFolder = Path.Combine(folder, "work"),
            PairId = $"round{round}",
        };
        using var client = new CustomerIoClient(
            new CustomerIoOptions { AppApiKey = "k", BaseUrl = new Uri("http://recorded/"), RequestsPerSecond = 10_000 }, null, pages);
        var clock = new CostClock();
        await using (var destination = await DestinationRegistry.OpenAsync($"duckdb:///{Path.Combine(folder, $"sluice-{round}.duckdb")}", default))
        {
            var report = await new IngestRun(request, Workspace.Alone(request, client), destination, TimeProvider.System).RunAsync(default);
            if (report.ExitCode != 0 || report.Tables[0].Rows != pages.Count)
            {
                throw new InvalidOperationException(
                    $"The run ended with {report.ExitCode} and {report.Tables[0].Rows} rows: {report.Tables[0].Error}");
            }
        }

        return clock.Cost;
    }
}

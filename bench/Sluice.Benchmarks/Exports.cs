using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using DuckDB.NET.Data;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Runs;
using Sluice.Settings;

namespace Sluice.Benchmarks;

/// <summary>
/// An export of people from the answer to committed rows, against DuckDB's own read_csv of the same file; and the peak memory of the tool that reads
/// it.
/// </summary>
internal static class Exports
{
    private const int Rounds = 3;
    private static readonly string[] Attributes = ["plan", "city", "first_name", "score"];

    public static async Task<int> RunAsync(string[] args)
    {
        var people = args is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        var file = Path.Combine(folder, "export.csv");
        await MemoryAsync(people, folder, file);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{people:N0} people, {new FileInfo(file).Length / 1e6:F0} MB of CSV"));
        var (ours, theirs) = (new List<Cost>(), new List<Cost>());
        for (var round = 0; round < Rounds; round++)
        {
            theirs.Add(Yardstick(file, Path.Combine(folder, $"yardstick-{round}.duckdb")));
            ours.Add(await SluiceAsync(file, people, folder, round));
            Console.WriteLine($"round {round + 1}: read_csv {theirs[^1]}, sluice {ours[^1]}");
        }

        var (their, our) = (Cost.Best(theirs), Cost.Best(ours));
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"best of {Rounds}: read_csv {their}, sluice {our}; ratio {their.Seconds / our.Seconds:F2} by the clock, " +
                    $"{their.Cpu / our.Cpu:F2} by processor time"
            ));
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    // The tool as a process with the simulator's export; the file is kept for the rounds that follow.
    private static async Task MemoryAsync(int people, string folder, string file)
    {
        var (simulator, address) = await ToolProcess.SimulatorAsync(
            "--customers", people.ToString(CultureInfo.InvariantCulture), "--messages", "100", "--activities", "100", "--rps", "0");
        using (simulator)
        {
            var options = Attributes.SelectMany(name => new[] { "--option", $"attributes={name}" }).ToArray();
            var (report, peak) = await ToolProcess.IngestAsync(
                address,
                "customers_export",
                $"duckdb:///{Path.Combine(folder, "memory.duckdb")}",
                folder,
                10_000,
                options);
            var table = report.GetProperty("tables")[0];
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"whole ingest from the simulator: {table.GetProperty("rows")} rows in {table.GetProperty("seconds").GetDouble():F1} s (the " +
                        $"simulator makes the file meanwhile), peak memory {peak:F0} MB, {table.GetProperty("outcome")}"
                ));
            await FetchAsync(address, file);
        }
    }

    private static async Task FetchAsync(Uri address, string file)
    {
        using var client = new CustomerIoClient(new CustomerIoOptions { AppApiKey = "sim-app-key", BaseUrl = address, RequestsPerSecond = 10_000 });
        var answer = await client.SendAsync(ApiRequest.Get("/v1/exports/{id}/download", new KeyValuePair<string, string>("id", "112")));
        using var body = System.Text.Json.JsonDocument.Parse(answer.Body);
        await using var export = await client.OpenLinkAsync(new Uri(body.RootElement.GetProperty("url").GetString()!));
        await using var output = File.Create(file);
        var buffer = new byte[1024 * 1024];
        while (await export.ReadAsync(buffer, default) is > 0 and var read)
        {
            await output.WriteAsync(buffer.AsMemory(0, read));
        }
    }

    private static Cost Yardstick(string file, string database)
    {
        var clock = new CostClock();
        using (var connection = new DuckDBConnection($"Data Source={database}"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"CREATE TABLE people AS SELECT * FROM read_csv({DuckDBLiteral.Quote(file)})";
            command.ExecuteNonQuery();
        }

        return clock.Cost;
    }

    private static async Task<Cost> SluiceAsync(string file, int people, string folder, int round)
    {
        var mistakes = new ValidationErrors();
        var settings = new SettingWords()
            .Say("--source-table", "customers_export")
            .Say("--option", Attributes.Select(name => $"attributes={name}"));
        var request = IngestRequestReader.Read(settings, $"round{round}", mistakes) with { WorkFolder = Path.Combine(folder, "work") };
        mistakes.ThrowIfAny();
        using var answers = new RecordedExport(file, people);
        using var client = new CustomerIoClient(
            new CustomerIoOptions
            {
                AppApiKey = "k",
                BaseUrl = new Uri("http://recorded/"),
                RequestsPerSecond = 10_000,
            },
            null,
            answers);
        var clock = new CostClock();
        await using (var destination = await DestinationRegistry.OpenAsync($"duckdb:///{Path.Combine(folder, $"sluice-{round}.duckdb")}", default))
        {
            var report = await new IngestRun(request, Workspace.Alone(request, client), destination, TimeProvider.System).RunAsync(default);
            if (report.ExitCode != 0 || report.Tables[0].Rows != people)
            {
                throw new InvalidOperationException(
                    $"The run ended with {report.ExitCode} and {report.Tables[0].Rows} rows: {report.Tables[0].Error}");
            }
        }

        return clock.Cost;
    }

    // A finished export, so that neither the simulator nor HTTP is measured.
    private sealed class RecordedExport(string file, int people) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(
                request.RequestUri!.AbsolutePath switch
                {
                    "/v1/workspaces" => Json("{\"workspaces\":[]}"),
                    "/v1/exports" => Json("{\"exports\":[]}"),
                    "/v1/exports/112/download" => Json("{\"url\":\"http://recorded/file\"}"),
                    "/file" => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(File.OpenRead(file)) },
                    _ => Json(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{{\"export\":{{\"id\":112,\"type\":\"customers\",\"status\":\"done\",\"total\":{people}}}}}")),
                });

        private static HttpResponseMessage Json(string body) => new(HttpStatusCode.OK)
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
    }
}

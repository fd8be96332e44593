using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using DuckDB.NET.Data;
using Sluice.CustomerIo;
using Sluice.Engine.DuckDb;
using Sluice.Writes.Import;

namespace Sluice.Benchmarks;

/// <summary>
/// An import of people from a CSV file: against DuckDB's read_csv and a bare loop that posts batches, against the Track API's rate limit, and the
/// peak memory of the tool.
/// </summary>
internal static class Imports
{
    private const int Rounds = 3;
    private const int BatchBytes = 500_000;
    private static readonly string[] Columns = ["id", "email", "plan", "city", "first_name", "score"];

    public static async Task<int> RunAsync(string[] args)
    {
        var people = args is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        var file = Write(Path.Combine(folder, "people.csv"), people, 0);
        Say($"{people:N0} people, {new FileInfo(file).Length / 1e6:F0} MB of CSV");
        await MemoryAsync(file, folder);
        await AgainstBareLoopAsync(file, folder);
        await AgainstLimitAsync(Write(Path.Combine(folder, "long.csv"), people / 10, 950), folder);
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static string Write(string file, int people, int extra)
    {
        using var lines = new StreamWriter(file);
        lines.WriteLine(string.Join(',', Columns));
        var filler = new string('x', extra);
        for (var i = 0; i < people; i++)
        {
            var plan = i % 3 == 0 ? "pro" : "free";
            lines.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"person-{i:00000000},p{i}@example.com,{plan}{filler},Berlin{filler},Ada {i % 977}{filler},{i % 100}"));
        }

        return file;
    }

    private static async Task MemoryAsync(string file, string folder)
    {
        var (simulator, address) = await ToolProcess.SimulatorAsync("--customers", "10", "--messages", "10", "--rps", "0", "--track-rps", "0");
        using (simulator)
        {
            Environment.SetEnvironmentVariable("CUSTOMERIO_SITE_ID", "sim-site");
            Environment.SetEnvironmentVariable("CUSTOMERIO_TRACK_API_KEY", "sim-track-key");
            Environment.SetEnvironmentVariable("CUSTOMERIO_TRACK_BASE_URL", address.OriginalString);
            Environment.SetEnvironmentVariable("SLUICE_HOME", Path.Combine(folder, "work"));
            var rejects = Path.Combine(folder, "rejects.csv");
            var (output, peak) = await ToolProcess.RunAsync(
                "import", file, "--into", "people", "--verify", "none", "--track-rate", "10000", "--rejects", rejects, "--json");
            using var report = JsonDocument.Parse(output);
            Say($"whole import into the simulator: {report.RootElement.GetProperty("taken")} rows, peak memory {peak:F0} MB");
        }
    }

    private static async Task AgainstBareLoopAsync(string file, string folder)
    {
        var (ours, theirs) = (new List<Cost>(), new List<Cost>());
        for (var round = 0; round < Rounds; round++)
        {
            var clock = new CostClock();
            await BareLoopAsync(file);
            theirs.Add(clock.Cost);
            ours.Add((await SluiceAsync(file, folder, $"loop-{round}", 10_000, TimeSpan.Zero)).Cost);
            Console.WriteLine($"round {round + 1}: bare loop {theirs[^1]}, sluice {ours[^1]}");
        }

        var (their, our) = (Cost.Best(theirs), Cost.Best(ours));
        Say($"best of {Rounds}: ratio {their.Seconds / our.Seconds:F2} by the clock, {their.Cpu / our.Cpu:F2} by processor time");
    }

    private static async Task AgainstLimitAsync(string file, string folder)
    {
        const int Rate = 100;
        var (cost, requests) = await SluiceAsync(file, folder, "limit", Rate, TimeSpan.FromMilliseconds(100));
        var reached = (double)requests / Rate / cost.Seconds;
        Say($"{requests} requests of 500 kB at {Rate}/s and 100 ms latency: {cost.Seconds:F2} s, {reached:F2} of the limit");
    }

    // Reads, makes JSON and posts, one batch after another: nothing is checked, journalled or retried.
    private static async Task BareLoopAsync(string file)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.UseStreamingMode = true;
        command.CommandText = $"SELECT * FROM read_csv({DuckDBLiteral.Quote(file)}, all_varchar = true)";
        using var reader = command.ExecuteReader();
        using var client = new HttpClient(new Taking(TimeSpan.Zero));
        var body = new ArrayBufferWriter<byte>(2 * BatchBytes);
        while (reader.Read())
        {
            body.Write(body.WrittenCount == 0 ? "{\"batch\":["u8 : ","u8);
            WritePerson(reader, body);
            if (body.WrittenCount > BatchBytes - 1_000)
            {
                await PostAsync(client, body);
            }
        }

        await PostAsync(client, body);
    }

    private static void WritePerson(DuckDBDataReader reader, ArrayBufferWriter<byte> body)
    {
        using var json = new Utf8JsonWriter(body);
        json.WriteStartObject();
        json.WriteString("type", "person");
        json.WriteString("action", "identify");
        json.WriteStartObject("identifiers");
        json.WriteString("id", reader.GetString(0));
        json.WriteEndObject();
        json.WriteStartObject("attributes");
        for (var column = 1; column < Columns.Length; column++)
        {
            json.WriteString(Columns[column], reader.GetString(column));
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static async Task PostAsync(HttpClient client, ArrayBufferWriter<byte> body)
    {
        body.Write("]}"u8);
        using var content = new ByteArrayContent(body.WrittenSpan.ToArray());
        using var answer = await client.PostAsync(new Uri("http://recorded/api/v2/batch"), content);
        body.ResetWrittenCount();
    }

    private static async Task<(Cost Cost, int Requests)> SluiceAsync(string file, string folder, string name, double rate, TimeSpan latency)
    {
        var work = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        using var taking = new Taking(latency);
        using var client = new CustomerIoClient(
            new CustomerIoOptions
            {
                AppApiKey = "",
                SiteId = "s",
                TrackApiKey = "k",
                TrackBaseUrl = new Uri("http://recorded/"),
                TrackRequestsPerSecond = rate,
            },
            null,
            taking);
        var settings = new ImportSettings
        {
            Source = file,
            Target = "people",
            Folder = folder,
            WorkFolder = work,
            RejectsPath = Path.Combine(work, "rejects.csv"),
            Workspace = "s",
        };
        var clock = new CostClock();
        await using var import = await ImportRun.PrepareAsync(settings, client, TimeProvider.System, default);
        var prepared = latency > TimeSpan.Zero ? new CostClock() : clock;
        var report = await import.RunAsync(default);
        if (report.ExitCode != 0)
        {
            throw new InvalidOperationException($"The import ended with {report.ExitCode}.");
        }

        return (prepared.Cost, taking.Requests);
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));

    // Takes every batch, so that neither the simulator nor HTTP is measured.
    private sealed class Taking(TimeSpan latency) : HttpMessageHandler
    {
        private int _requests;

        public int Requests => _requests;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            await Task.Delay(latency, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes("{}")) };
        }
    }
}

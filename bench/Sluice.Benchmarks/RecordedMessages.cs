using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Web;
using Sluice.CustomerIo;
using Sluice.Simulator;

namespace Sluice.Benchmarks;

/// <summary>Deliveries taken from the simulator once, then given as pages from memory, so that neither it nor HTTP is measured.</summary>
internal sealed class RecordedMessages : HttpMessageHandler
{
    private readonly byte[] _lines;
    private readonly (long Created, int Offset, int Length)[] _records;

    private RecordedMessages(byte[] lines, (long Created, int Offset, int Length)[] records)
    {
        _lines = lines;
        _records = records;
    }

    public int Count => _records.Length;

    public long Bytes => _lines.Length;

    public static async Task<RecordedMessages> ReadAsync(string file)
    {
        var lines = await File.ReadAllBytesAsync(file);
        var records = new List<(long, int, int)>();
        for (var offset = 0; offset < lines.Length;)
        {
            var length = lines.AsSpan(offset).IndexOf((byte)'\n');
            records.Add((CreatedOf(lines.AsSpan(offset, length)), offset, length));
            offset += length + 1;
        }

        return new RecordedMessages(lines, [.. records.OrderByDescending(record => record.Item1)]);
    }

    /// <summary>Writes the simulator's deliveries as newline-delimited JSON.</summary>
    public static async Task WriteAsync(string file, int messages)
    {
        await using var simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions
            {
                Customers = Math.Max(200, messages / 50),
                Messages = messages,
                RequestsPerSecond = 0,
            },
            default);
        using var client = new CustomerIoClient(
            new CustomerIoOptions
            {
                AppApiKey = "sim-app-key",
                BaseUrl = simulator.BaseAddress,
                RequestsPerSecond = 10_000,
            });
        await using var output = File.Create(file);
        var end = TimeProvider.System.GetUtcNow();
        for (var window = 0; window < 5; window++, end = end.AddDays(-180))
        {
            var request = ApiRequest.Get("/v1/messages").WithQuery("limit", "1000")
                .WithQuery("start_ts", Unix(end.AddDays(-180)) + "").WithQuery("end_ts", (Unix(end) - 1).ToString(CultureInfo.InvariantCulture));
            await foreach (var page in new PageReader(client).ReadAsync(request, new PageShape { RootKeys = ["messages"], Paged = true }))
            {
                for (var i = 0; i < page.Records.Count; i++)
                {
                    await output.WriteAsync(page.Record(i));
                    output.WriteByte((byte)'\n');
                }
            }
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(request.RequestUri!.AbsolutePath.EndsWith("/messages", StringComparison.Ordinal)
            ? Json(Page(HttpUtility.ParseQueryString(request.RequestUri.Query)))
            : Json("{\"workspaces\":[]}"u8.ToArray()));

    private byte[] Page(System.Collections.Specialized.NameValueCollection query)
    {
        var from = long.Parse(query["start_ts"]!, CultureInfo.InvariantCulture);
        var to = long.Parse(query["end_ts"]!, CultureInfo.InvariantCulture);
        var first = query["start"] is { } cursor ? int.Parse(cursor, CultureInfo.InvariantCulture) : FirstAtOrBefore(to);
        var body = new MemoryStream(700_000);
        body.Write("{\"messages\":["u8);
        var i = first;
        for (; i < _records.Length && i < first + 1000 && _records[i].Created >= from; i++)
        {
            body.Write(i == first ? ""u8 : ","u8);
            body.Write(_lines.AsSpan(_records[i].Offset, _records[i].Length));
        }

        var more = i < _records.Length && _records[i].Created >= from;
        body.Write(Encoding.UTF8.GetBytes(more ? $"],\"next\":\"{i}\"}}" : "]}"));
        return body.ToArray();
    }

    private int FirstAtOrBefore(long time)
    {
        var (low, high) = (0, _records.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _records[middle].Created > time ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static HttpResponseMessage Json(byte[] body) => new(HttpStatusCode.OK)
    {
        Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
    };

    private static long CreatedOf(ReadOnlySpan<byte> record)
    {
        var rest = record[(record.LastIndexOf("\"created\":"u8) + "\"created\":"u8.Length)..];
        return long.Parse(rest[..rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9')], CultureInfo.InvariantCulture);
    }

    private static long Unix(DateTimeOffset time) => time.ToUnixTimeSeconds();
}

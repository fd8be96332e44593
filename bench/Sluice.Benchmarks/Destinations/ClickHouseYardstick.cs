using Sluice.Destinations.ClickHouse;
using Sluice.Engine.DuckDb;

namespace Sluice.Benchmarks.Destinations;

/// <summary>One HTTP insert of a Parquet file that lies there already, into a table made as the destination's.</summary>
internal sealed class ClickHouseYardstick(string uri, string database, string folder) : Yardstick(database)
{
    private readonly ClickHouseAddress _address = ClickHouseAddress.Parse(uri);

    public override string Name => "bare HTTP insert of the same Parquet";

    public override async Task<Cost> ReplaceAsync()
    {
        var file = Path.Combine(folder, "bare.parquet");
        if (!File.Exists(file))
        {
            using var connection = Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"COPY {Source} TO {DuckDBLiteral.Quote(file)} (FORMAT parquet, COMPRESSION zstd)";
            command.ExecuteNonQuery();
        }

        using var http = new HttpClient { BaseAddress = _address.Endpoint, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("X-ClickHouse-User", _address.User);
        http.DefaultRequestHeaders.Add("X-ClickHouse-Key", _address.Password);
        var table = new ClickHouseSchema(_address, "customerio").Name("messages");
        var bare = new ClickHouseSchema(_address, "customerio").Name("bare_messages");
        await SendAsync(http, $"DROP TABLE IF EXISTS {bare}", null);
        await SendAsync(http, $"CREATE TABLE {bare} AS {table}", null);
        var clock = new CostClock();
        await using (var body = File.OpenRead(file))
        {
            await SendAsync(http, $"INSERT INTO {bare} FORMAT Parquet", new StreamContent(body));
        }

        return clock.Cost;
    }

    private static async Task SendAsync(HttpClient http, string sql, HttpContent? body)
    {
        using var response = await http.PostAsync($"/?query={Uri.EscapeDataString(sql)}", body ?? new StringContent(""));
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{sql}: {await response.Content.ReadAsStringAsync()}");
        }
    }
}

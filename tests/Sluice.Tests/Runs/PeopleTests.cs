using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class PeopleTests
{
    [Fact]
    public async Task Twenty_thousand_people_cost_at_most_230_requests()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 20_000, Messages = 100, RequestsPerSecond = 0 });
        var report = await bench.IngestAsync(bench.Request(IngestHarness.Jobs("customers", "customer_attributes")));
        Assert.Equal(0, report.ExitCode);
        Assert.All(report.Tables, table => Assert.Equal(20_000, table.Rows));
        Assert.InRange(report.Requests, 1, 230);
    }

    [Fact]
    public async Task Messages_and_activities_of_customers_are_those_that_each_person_s_own_endpoint_gives()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 60, RequestsPerSecond = 0, FreezeClock = true });
        await bench.IngestAsync(bench.Request(IngestHarness.Jobs("customers", "customer_messages", "customer_activities")));
        using var client = bench.Client();
        foreach (var person in bench.Query("SELECT cio_id FROM customerio.customers").Select(row => (string)row[0]!))
        {
            await AssertSameAsync(bench, client, person, "messages", "customer_messages", "created > now() - INTERVAL 179 DAY");
            await AssertSameAsync(bench, client, person, "activities", "customer_activities", "true");
        }
    }

    private static async Task AssertSameAsync(IngestHarness bench, CustomerIoClient client, string person, string list, string table, string recent)
    {
        var request = ApiRequest.Get($"/v1/customers/{{customer_id}}/{list}", new KeyValuePair<string, string>("customer_id", person))
            .WithQuery("id_type", "cio_id").WithQuery("limit", "100");
        var theirs = new List<string>();
        await foreach (var page in new PageReader(client).ReadAsync(request, new PageShape { RootKeys = [list], Paged = true }))
        {
            theirs.AddRange(
                Enumerable
                    .Range(0, page.Records.Count)
                    .Select(i => JsonDocument.Parse(page.Record(i)).RootElement)
                    .Where(row =>
                        list != "messages"
                        || DateTimeOffset.FromUnixTimeSeconds(row.GetProperty("created").GetInt64()) > DateTimeOffset.UtcNow.AddDays(-179))
                    .Select(row => row.GetProperty("id").GetString()!));
        }

        var ours = bench.Query($"SELECT id FROM customerio.{table} WHERE cio_id = '{person}' AND {recent}").Select(row => (string)row[0]!);
        Assert.Equal(theirs.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }
}

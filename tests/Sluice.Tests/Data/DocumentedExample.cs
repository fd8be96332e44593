using Dapper;
using Sluice.Data;

namespace Sluice.Tests.Data;

/// <summary>The examples of docs/ado-net.md, as they stand there; what they write goes to a writer that is called like the console.</summary>
internal static class DocumentedExample
{
    public static async Task RunAsync(string connectionString, TextWriter Console)
    {
        await using var connection = new SluiceConnection(connectionString);
        connection.Planned += (_, planned) =>
        {
            Console.WriteLine($"{planned.Report.LikelyRequests} requests, {planned.Report.Duration.TotalMinutes:0.0} minutes");
            planned.Cancel = planned.Report.LikelyRequests > 200;
        };
        await connection.OpenAsync();

        await using var command = new SluiceCommand("SELECT id, name, created FROM campaigns WHERE state = @state ORDER BY id", connection);
        command.Parameters.AddWithValue("@state", "running");
        await using (var reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                Console.WriteLine($"{reader.GetInt64(0)} {reader.GetString(1)} {reader.GetDateTime(2):yyyy-MM-dd}");
            }
        }
    }

    public static async Task RunDapperAsync(string connectionString, TextWriter Console)
    {
        await using var source = new SluiceDataSource(connectionString);
        await using var connection = await source.OpenConnectionAsync();
        var actions = await connection.QueryAsync<(string Campaign, long Actions)>(
            "SELECT c.name, count(*) FROM campaigns c JOIN campaign_actions a ON a.campaign_id = c.id WHERE c.id IN @ids GROUP BY ALL ORDER BY ALL",
            new { ids = new[] { 1, 2 } });
        foreach (var (campaign, count) in actions)
        {
            Console.WriteLine($"{campaign}: {count}");
        }
    }
}

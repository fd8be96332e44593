using System.Data;
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

    public static async Task ChangeAsync(string connectionString, TextWriter Console)
    {
        await using var connection = new SluiceConnection($"{connectionString};MaxWrites=50");
        connection.Planned += (_, planned) =>
        {
            foreach (var change in planned.Write?.Calls.SelectMany(call => call.Changes) ?? [])
            {
                Console.WriteLine($"{change.Name}: {change.Old} → {change.New}");
            }
        };
        await connection.OpenAsync();

        await using var command = new SluiceCommand("UPDATE snippets SET value = @value WHERE name = 'address'", connection);
        command.Parameters.AddWithValue("@value", "1 New Street");
        Console.WriteLine($"{await command.ExecuteNonQueryAsync()} row changed");

        await using var send = new SluiceCommand("SendTransactionalEmailWithTemplate", connection) { CommandType = CommandType.StoredProcedure };
        send.Parameters.AddWithValue("TransactionalMessageId", "1");
        send.Parameters.AddWithValue("To", "a@example.com");
        send.Parameters.AddWithValue("Identifiers_Email", "a@example.com");
        await using (var reader = await send.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                Console.WriteLine($"delivery {reader["delivery_id"]}, queued at {reader["queued_at"]:HH:mm}");
            }
        }

        await using var delete = new SluiceCommand("DELETE FROM customers WHERE id = '1'", connection) { ConfirmWrites = 1 };
        await delete.ExecuteNonQueryAsync();
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

using Sluice.Engine.Runs;
using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Cli.Output;
using Sluice.Destinations;
using Sluice.Engine.DuckDb;

namespace Sluice.Cli.Commands;

/// <summary>The file <c>demo.duckdb</c>, recreated by every demo.</summary>
internal static class DemoDatabase
{
    /// <summary>An empty folder for the demo's pages: those of an interrupted demo are of another simulator.</summary>
    public static string EmptyFolder(string workFolder)
    {
        WorkFolder.Prepare(workFolder);
        var folder = Path.Combine(workFolder, "demo");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return folder;
    }

    /// <summary>Deletes an existing demo database and returns the new one's address; a file that is in use or not a database is kept.</summary>
    public static async Task<string> ReplaceAsync(string path, CancellationToken cancel)
    {
        var uri = $"duckdb:///{path.Replace("?", "%3F", StringComparison.Ordinal)}";
        if (File.Exists(path))
        {
            // Opening it fails if another program has it open; deleting it would not.
            await using (await DestinationRegistry.OpenAsync(uri, cancel))
            {
            }

            File.Delete(path);
            File.Delete(path + ".wal");
        }

        return uri;
    }
}

/// <summary>Answers three typical questions about the data.</summary>
internal static class DemoQuestions
{
    private static readonly (string Question, string Sql)[] All =
    [
        ("Which campaigns are opened most?", """
            SELECT campaign_name AS campaign, delivered, round(100 * open_rate, 1) AS open_rate, round(100 * click_rate, 1) AS click_rate
            FROM customerio_models.campaigns_summary
            WHERE delivered > 0
            ORDER BY open_rate DESC, campaign LIMIT 5
            """),
        ("Which plans are people on, and who still wants to hear from us?", """
            SELECT coalesce(a.value, '(none)') AS plan, count(*) AS people, count(*) FILTER (NOT p.unsubscribed) AS subscribed
            FROM customerio_models.people p
            LEFT JOIN customerio_models.person_attributes a ON a.cio_id = p.cio_id AND a.name = 'plan'
            GROUP BY ALL ORDER BY people DESC, plan
            """),
        ("How many messages went out in each of the last six months?", """
            SELECT strftime(sent_at, '%Y-%m') AS "month", count(*) AS messages,
                   count(DISTINCT cio_id) AS people, count(*) FILTER (channel = 'email') AS emails
            FROM customerio_models.deliveries
            WHERE sent_at IS NOT NULL
            GROUP BY ALL ORDER BY "month" DESC LIMIT 6
            """),
    ];

    public static async Task AnswerAsync(string path, TextWriter output, CancellationToken cancel)
    {
        await using var connection = new InterruptibleConnection($"{DuckDbSettings.ConnectionString(path)};access_mode=READ_ONLY");
        await connection.OpenAsync(cancel);
        foreach (var (question, sql) in All)
        {
            await output.WriteLineAsync($"\n{question}\n\n{sql}\n");
            await output.WriteAsync(await AnswerAsync(connection, sql, cancel));
        }

        await output.WriteLineAsync($"\nAsk more of {path}, for example with the duckdb command.");
    }

    private static async Task<string> AnswerAsync(DuckDBConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var columns = Enumerable.Range(0, reader.FieldCount).ToList();
        var table = new TextTable([.. columns.Select(column => (reader.GetFieldType(column) == typeof(string) ? "" : ">") + reader.GetName(column))]);
        while (await reader.ReadAsync(cancel))
        {
            table.Add([.. columns.Select(column => Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture) ?? "")]);
        }

        return table.ToString();
    }
}

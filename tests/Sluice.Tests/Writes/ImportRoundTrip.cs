using System.Globalization;
using System.Text;
using Sluice.Engine.DuckDb;
using Sluice.Tests.Cli;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>People into Customer.io and out again.</summary>
internal static class ImportRoundTrip
{
    /// <summary>Imports people and ingests them, and compares value by value with the file.</summary>
    public static async Task AssertAsync(ImportBench bench, int rows)
    {
        var text = new StringBuilder("id,email,Name,plan_code,age,note\n");
        for (var n = 0; n < rows; n++)
        {
            var note = (n % 4) switch { 0 => "", 1 => "\"a \"\"quoted\"\", one\"", 2 => "Zoë 🦊", _ => "\"two\nlines\"" };
            text.Append(CultureInfo.InvariantCulture, $"imp-{n},p{n}@example.com,Name {n},00{n},{n % 90},{note}\n");
        }

        bench.Write("people.csv", text.ToString());
        var report = await bench.RunAsync(bench.Settings("people.csv", "people"));
        Assert.Equal(((long)rows, 0L), (report.Taken, report.Rejected));
        var base64 = Uri.EscapeDataString(bench.Simulator.Server.BaseAddress.ToString());
        var home = new Dictionary<string, string> { ["SLUICE_HOME"] = Path.Combine(bench.Folder, "home") };
        var tool = new ToolHarness(home) { Folder = bench.Folder };
        var database = Path.Combine(bench.Folder, "back.duckdb");
        var (code, _, error) = await tool.RunAsync(
            "ingest", "--source-table", "customer_attributes", "--dest-uri", $"duckdb:///{database}", "--progress", "none",
            "--source-uri", $"customerio://?api_key=sim-app-key&base_url={base64}&rate=10000");
        Assert.True(code == 0, error);
        await using var connection = await DuckDbSettings.OpenAsync(database, TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = $"""
            SELECT count(*) FROM read_csv('{bench.Folder}/people.csv', all_varchar = true, header = true) f
            JOIN customerio.customer_attributes t ON t.id = f.id
            WHERE t.email = f.email AND (t.attributes->>'Name') = f."Name" AND (t.attributes->>'plan_code') = f.plan_code
              AND (t.attributes->>'age') = f.age
              AND (t.attributes->>'note') IS NOT DISTINCT FROM f.note
            """;
        Assert.Equal((long)rows, command.ExecuteScalar());
    }
}

using System.Net.Http.Json;
using System.Text.Json;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>An export is asked for once, whenever the tool is killed.</summary>
public sealed class ExportKillTests
{
    private const string Asking = "POST /v1/exports/customers";
    private const string Looking = "GET /v1/exports/{id}";
    private const string Fetching = "GET /_files/{workspace}/{id}/{expires}/{signature}";

    private static readonly string[] Ingest =
        ["ingest", "--source-uri", "customerio://?rate=10000", "--source-table", "customers_export", "--option", "attributes=essay", "--dest-uri", "duckdb:///sluice.duckdb"];

    [Theory]
    [InlineData(Asking, "slow-body:20s#1/v1/exports/customers")]
    [InlineData(Looking, "slow-body:20s#2/v1/exports/*")]
    [InlineData(Fetching, "slow-body:20s#1/_files*")]
    public async Task A_killed_run_goes_on_with_the_same_export(string moment, string fault)
    {
        await using var account = await SimulatedAccount.StartAsync("--export-polls", "3", "--fault", fault);
        using var tool = account.NewTool();
        using (var process = tool.Start(Ingest))
        {
            await SeenAsync(account, moment);

            // Answers of which the fault sends the first tenth after two seconds: some of the file is on the disk then, and all but a part of the answer is not.
            await Task.Delay(3_000, Tool.Cancel);
            await StoppableRuns.SignalAsync("KILL", process);
            await process.WaitForExitAsync(Tool.Cancel);
            Assert.NotEqual(ExitCode.Done, process.ExitCode);
        }

        (await tool.RunAsync(Ingest)).Ended(ExitCode.Done);
        Assert.Equal(1, await CountAsync(account, Asking));
        Assert.Equal(60, await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(DISTINCT cio_id) FROM customerio.customers_export"));
        Assert.Equal(5000, await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT max(length(essay)) FROM customerio.customers_export"));
    }

    private static async Task SeenAsync(SimulatedAccount account, string route)
    {
        while (await CountAsync(account, route) == 0)
        {
            await Task.Delay(20, Tool.Cancel);
        }
    }

    private static async Task<int> CountAsync(SimulatedAccount account, string route)
    {
        using var http = new HttpClient { BaseAddress = new Uri(account.Address) };
        var stats = await http.GetFromJsonAsync<JsonElement>("/_sim/stats", Tool.Cancel);
        return stats.GetProperty("byRoute").TryGetProperty(route, out var count) ? count.GetInt32() : 0;
    }
}

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
    [
        "ingest",
        "--source-uri",
        "customerio://?rate=10000",
        "--source-table",
        "customers_export",
        "--option",
        "attributes=essay",
        "--dest-uri",
        "duckdb:///sluice.duckdb",
    ];

    // An answer in ten pieces, the first after half a second: it is on its way whenever the kill comes.
    [Theory]
    [InlineData(Asking, "slow-body:5s#1/v1/exports/customers")]
    [InlineData(Looking, "slow-body:5s#2/v1/exports/*")]
    public async Task A_run_that_is_killed_while_it_waits_goes_on_with_the_same_export(string moment, string fault) =>
        await AssertGoesOnAsync(fault, async (account, _) =>
        {
            await SeenAsync(account, moment);
            await Task.Delay(700, Tool.Cancel);
        });

    [Fact]
    public async Task A_run_that_is_killed_within_the_file_goes_on_with_the_same_export() =>
        await AssertGoesOnAsync("slow-body:20s#1/_files*", async (account, tool) =>
        {
            await SeenAsync(account, Fetching);
            while (
                !Directory
                    .EnumerateFiles(tool.PathOf(".sluice"), "export-*", SearchOption.AllDirectories)
                    .Any(file => new FileInfo(file).Length > 0))
            {
                await Task.Delay(20, Tool.Cancel);
            }
        });

    private static async Task AssertGoesOnAsync(string fault, Func<SimulatedAccount, Tool, Task> moment)
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { ExportPolls = 3, Faults = [fault] });
        using var tool = account.NewTool();
        using (var process = tool.Start(Ingest))
        {
            await moment(account, tool);
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

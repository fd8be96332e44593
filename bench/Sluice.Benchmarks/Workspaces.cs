using System.Globalization;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;

namespace Sluice.Benchmarks;

/// <summary>All tables of three workspaces in one run: how much of each workspace's own 10 requests a second is used.</summary>
internal static class Workspaces
{
    private static readonly string[] Names = ["main", "shop", "labs"];

    public static async Task<int> RunAsync(string[] people)
    {
        var customers = people.Length > 0 ? int.Parse(people[0], CultureInfo.InvariantCulture) : 100;
        var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        var options = new SimulatorOptions
        {
            Customers = customers,
            ExtraKeys = ["second-key", "third-key"],
            Latency = TimeSpan.FromMilliseconds(100),
        };
        await using var simulator = await SimulatorServer.StartAsync(options, default);
        await using var destination = await DestinationRegistry.OpenAsync($"duckdb:///{Path.Combine(folder, "out.duckdb")}", default);
        string[] keys = [options.AppApiKey, .. options.ExtraKeys];
        var workspaces = Names.Select((name, place) => new Workspace(name, $"pair-{name}", Client(keys[place], simulator.BaseAddress))).ToList();
        var request = new IngestRequest { Tables = [.. Jobs()], WorkFolder = Path.Combine(folder, "work"), PairId = "all" };
        var report = await new IngestRun(request, workspaces, destination, TimeProvider.System).RunAsync(default);
        var seconds = (report.EndedAt - report.StartedAt).TotalSeconds;
        foreach (var workspace in report.Workspaces)
        {
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{workspace.Name}: {workspace.Requests} requests, {10 * workspace.BudgetUsed:0.00} a second while asking, " +
                        $"{workspace.RateLimited} answers of 429"
                ));
        }

        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Tables.Count} tables, {report.Tables.Count(table => table.Outcome == TableOutcome.Done)} whole; together " +
                    $"{report.Requests} requests in {seconds:0.0} s, {report.Requests / seconds:0.00} a second"
            ));
        workspaces.ForEach(workspace => workspace.Client.Dispose());
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static IEnumerable<TableJob> Jobs()
    {
        var mistakes = new ValidationErrors();
        var jobs = IngestRequestReader.Read(new SettingWords().Say("--source-table", TableList.All), "", mistakes).Tables;
        mistakes.ThrowIfAny();
        return jobs.Select(WorkspaceColumn.Combine);
    }

    private static CustomerIoClient Client(string key, Uri address) => new(new CustomerIoOptions { AppApiKey = key, BaseUrl = address });
}

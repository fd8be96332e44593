using System.Globalization;

namespace Sluice.Benchmarks;

/// <summary>How near the plan of an ingest comes to the requests that it then makes.</summary>
internal static class PlanCost
{
    private const string Tables =
        "campaigns,campaign_actions,campaign_metrics:days,campaign_action_metrics:days,campaign_link_metrics:days,campaign_action_link_metrics:days";

    // What is counted is requests, not time: a pretend account without a limit answers them sooner.
    private const double Rate = 1000;

    public static async Task<int> RunAsync(string[] sizes)
    {
        var (campaigns, actions) = (sizes.Length > 0 ? sizes[0] : "500", sizes.Length > 1 ? sizes[1] : "10");
        var folder = Directory.CreateTempSubdirectory("sluice-bench-").FullName;
        var (simulator, address) = await ToolProcess.SimulatorAsync(
            "--campaigns", campaigns, "--actions-of-each-campaign", actions, "--customers", "1000", "--messages", "20000", "--rps", "0");
        using (simulator)
        {
            var destination = $"duckdb:///{Path.Combine(folder, "out.duckdb")}";
            var (plan, _) = await ToolProcess.IngestAsync(address, Tables, destination, folder, Rate, "--dry-run");
            var (report, _) = await ToolProcess.IngestAsync(address, Tables, destination, folder, Rate);
            var (planned, used) = (plan.GetProperty("requests").GetInt64(), report.GetProperty("requests").GetInt64());
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{campaigns} campaigns with {actions} actions: {planned} requests planned for {plan.GetProperty("requests_spent")}, {used} " +
                        $"used: {100.0 * (planned - used) / used:+0.00;-0.00;0.00} %"
                ));
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }
}

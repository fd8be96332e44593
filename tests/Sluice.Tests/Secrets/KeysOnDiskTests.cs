using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Secrets;

public sealed class KeysOnDiskTests
{
    [Fact]
    public async Task Keys_and_what_opens_a_webhook_are_in_no_file_table_report_or_attempt()
    {
        await using var account = await CanaryAccount.StartAsync();
        var answer = await account.AskAsync("/v1/reporting_webhooks");
        Assert.Contains("canaryhookuser:canaryhookpassword@", answer, StringComparison.Ordinal);
        Assert.Contains("canaryhooktoken", answer, StringComparison.Ordinal);

        var attempts = new List<string>();
        var report = await account.IngestAsync(account.Request([], "all") with { KeepSpool = true }, attempt =>
        {
            lock (attempts)
            {
                attempts.Add($"{attempt} {Sluice.Cli.Output.AttemptText.Of(attempt)}");
            }
        });

        Assert.Equal(ExitCode.Done, report.ExitCode);
        var files = Canary.Files(account.Bench.WorkFolder);
        Assert.Contains(files.Values, file => file.Contains("https://***@hooks.example.com/cio?token=***", StringComparison.Ordinal));
        Assert.All(files, file => Canary.AssertNone(file.Value, file.Key, Canary.Keys));
        Canary.AssertNone(Canary.Bytes(account.Bench.File), "the database file", Canary.Keys);
        Canary.AssertNone(account.Tables(), "a table", Canary.Keys);
        Canary.AssertNone(ReportJson.Serialize(report), "the report", Canary.Keys);
        Assert.NotEmpty(attempts);
        Assert.All(attempts, attempt => Canary.AssertNone(attempt, "an attempt", Canary.Keys));
    }

    [Fact]
    public async Task Keys_are_in_no_file_of_a_run_that_was_stopped()
    {
        await using var account = await CanaryAccount.StartAsync(new SimulatorOptions { Customers = 80, RequestsPerSecond = 0, FreezeClock = true, Latency = TimeSpan.FromMilliseconds(10) });
        var report = await account.StopAfterAsync(account.Request([], "all"), answers: 150);

        Assert.Equal(ExitCode.Cancelled, report.ExitCode);
        var files = Canary.Files(account.Bench.WorkFolder);
        Assert.Contains(files.Values, file => file.Contains("***@hooks.example.com", StringComparison.Ordinal));
        Assert.All(files, file => Canary.AssertNone(file.Value, file.Key, Canary.Keys));
        Canary.AssertNone(Canary.Bytes(account.Bench.File), "the database file", Canary.Keys);
    }

    [Fact]
    public async Task A_plan_tells_nothing_of_keys_and_people()
    {
        await using var account = await CanaryAccount.StartAsync();
        using var client = account.Client();
        var plan = await Planner.PlanAsync(account.Request(CanaryAccount.Masks, "all"), client, null, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.NotEmpty(plan.Tables);
        Canary.AssertNone($"{plan}{string.Concat(plan.Tables)}{Sluice.Cli.Output.PlanView.Write(plan, json: false)}{Sluice.Cli.Output.PlanView.Write(plan, json: true)}", "the plan");
    }

    // Whoever hands records to a spool must take out what is not to be stored: a third place must be looked at before it is added here.
    [Fact]
    public void Whoever_hands_records_of_Customer_io_to_a_spool_takes_out_what_is_hidden()
    {
        var places = Checkout.Files("src/Sluice.Engine", "*.cs").Where(file => Checkout.Read(file).Contains("Spool.AppendAsync(", StringComparison.Ordinal)).ToList();

        const string exports = "src/Sluice.Engine/Extract/Exports/";
        const string slices = "src/Sluice.Engine/Extract/SliceWalks.cs";
        Assert.Equal(["src/Sluice.Engine/Extract/MetricsWalks.cs", "src/Sluice.Engine/Extract/PageWalk.cs", slices], places.Where(place => !place.StartsWith(exports, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.Contains("CsvMasking.For(feed)", Checkout.Read("src/Sluice.Engine/Extract/Exports/ExportDownload.cs"), StringComparison.Ordinal);
        Assert.Contains("feed.Parent!.Spool.PagesAsync(", Checkout.Read(slices), StringComparison.Ordinal);
        Assert.All(places.Where(place => place != slices && !place.StartsWith(exports, StringComparison.Ordinal)), place => Assert.Contains("_rewriter.Rewrite(", Checkout.Read(place), StringComparison.Ordinal));
    }
}

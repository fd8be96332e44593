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
        await using var account = await CanaryAccount.StartAsync(
            new SimulatorOptions
            {
                Customers = 80,
                RequestsPerSecond = 0,
                FreezeClock = true,
                Latency = TimeSpan.FromMilliseconds(10),
            });
        var request = account.Request([], "all") with { KeepSpool = true };
        var report = await account.StopAfterAsync(request, answers: 150, stored: "***@hooks.example.com");

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
        var request = account.Request(CanaryAccount.Masks, "all");
        var plan = await Planner.PlanAsync(
            request, Workspace.Alone(request, client), null, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.NotEmpty(plan.Tables);
        Canary.AssertNone(
            $"{plan}{string.Concat(plan.Tables)}{Sluice.Cli.Output.PlanView.Write(plan, json: false)}{Sluice.Cli.Output.PlanView.Write(plan, json: true)}",
            "the plan");
    }

    // Whoever hands records to a sink must take out what is not to be stored: a further place must be looked at before it is added here.
    [Fact]
    public void Whoever_hands_records_of_Customer_io_to_a_sink_takes_out_what_is_hidden()
    {
        const string extract = "src/Sluice.Engine/Extract/";
        var sources = Checkout.Files("src/Sluice.Engine", "*.cs").ToDictionary(file => file, Checkout.Read, StringComparer.Ordinal);
        var places = sources
            .Where(file => file.Value.Contains("run.KeepAsync(", StringComparison.Ordinal))
            .Select(file => file.Key)
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [$"{extract}Exports/PersonRecords.cs", $"{extract}MetricsExtractor.cs", $"{extract}PartitionReader.cs", $"{extract}SplitExtractor.cs"],
            places);
        Assert.Equal(
            [$"{extract}Exports/CsvSplitter.cs", $"{extract}Exports/ExportFileReader.cs", $"{extract}ExtractionRun.cs"],
            sources
                .Where(file =>
                    file.Value.Contains("Sink.AppendAsync(", StringComparison.Ordinal)
                    || file.Value.Contains("Files.AppendAsync(", StringComparison.Ordinal))
                .Select(file => file.Key)
                .Order(StringComparer.Ordinal));
        Assert.Contains("CsvMasking.For(run)", sources[$"{extract}Exports/ExportDownload.cs"], StringComparison.Ordinal);
        Assert.Contains("run.Parent!.Sink.PagesAsync(", sources[$"{extract}SplitExtractor.cs"], StringComparison.Ordinal);
        Assert.Contains("_rewriter.Rewrite(", sources[$"{extract}Records/RecordTransform.cs"], StringComparison.Ordinal);
        Assert.All(
            new[] { "MetricsExtractor.cs", "PartitionReader.cs" },
            file => Assert.Contains("RecordTransform.For(run.Extraction)", sources[extract + file], StringComparison.Ordinal));
    }
}

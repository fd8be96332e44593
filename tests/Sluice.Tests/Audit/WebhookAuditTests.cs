using System.Text;
using Sluice.Destinations;
using Sluice.Engine.Audit;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;
using Sluice.Engine.Webhooks;
using Sluice.Server.Runs;
using Sluice.Simulator;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Audit;

/// <summary>What an audit, a run and a full refresh make of rows that webhooks have touched.</summary>
public sealed class WebhookAuditTests
{
    private static readonly SimulatorOptions World = new() { Customers = 40, RequestsPerSecond = 0, FreezeClock = true };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_metric_that_an_event_tells_of_is_no_difference_and_another_one_is()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request(IngestHarness.Jobs("messages"));
        await bench.IngestAsync(request);
        var id = (string)bench.Scalar("SELECT id FROM customerio.messages ORDER BY id LIMIT 1")!;
        await FoldAsync(bench, request, id, "spammed");
        Assert.False((await AuditAsync(bench, request)).Tables[0].Differs);

        bench.Execute($"UPDATE customerio.messages SET metrics = json_merge_patch(metrics, '{{\"dropped\":1}}') WHERE id = '{id}'");
        var found = await AuditAsync(bench, request);
        Assert.Equal((1L, 0L), (found.Tables[0].Stale, found.Tables[0].Missing));
        Assert.Contains($"{id}: stale: metrics", found.Tables[0].Examples);
    }

    [Fact]
    public async Task A_run_keeps_a_metric_that_the_API_does_not_have_yet()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request(IngestHarness.Jobs("messages"));
        await bench.IngestAsync(request);
        var id = (string)bench.Scalar("SELECT id FROM customerio.messages ORDER BY created DESC LIMIT 1")!;
        await FoldAsync(bench, request, id, "spammed");
        await bench.IngestAsync(request);
        Assert.Equal("777", bench.Scalar($"SELECT metrics->>'spammed' FROM customerio.messages WHERE id = '{id}'"));
    }

    [Fact]
    public async Task A_full_refresh_begins_with_the_API_and_folds_the_events_again()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request(IngestHarness.Jobs("messages"));
        await bench.IngestAsync(request);
        var id = (string)bench.Scalar("SELECT id FROM customerio.messages ORDER BY id LIMIT 1")!;
        await FoldAsync(bench, request, id, "spammed");
        await FoldAsync(bench, request, "only-by-webhook", "sent");
        bench.Execute($"UPDATE customerio.messages SET metrics = json_merge_patch(metrics, '{{\"dropped\":1}}') WHERE id = '{id}'");
        var refresh = request with { Tables = [.. request.Tables.Select(job => job.AsFullRefresh())] };
        var report = await bench.IngestAsync(refresh);
        Assert.Null(bench.Scalar($"SELECT metrics->>'spammed' FROM customerio.messages WHERE id = '{id}'"));
        await using (var destination = await DestinationRegistry.OpenAsync(bench.DestinationUri, Cancel))
        {
            Assert.Equal((report, 2), await new EventRefold(destination, refresh, TimeProvider.System).RunAsync(report, Cancel));
        }

        Assert.Equal("777", bench.Scalar($"SELECT metrics->>'spammed' FROM customerio.messages WHERE id = '{id}'"));
        Assert.Null(bench.Scalar($"SELECT metrics->>'dropped' FROM customerio.messages WHERE id = '{id}'"));
        Assert.Equal("""{"sent":777}""", bench.Scalar("SELECT metrics::VARCHAR FROM customerio.messages WHERE id = 'only-by-webhook'"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_signal_behind_the_last_commit_leaves_the_report_and_says_what_was_not_folded(bool hasEvents)
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request(IngestHarness.Jobs("messages"));
        await bench.IngestAsync(request);
        if (hasEvents)
        {
            await FoldAsync(bench, request, "only-by-webhook", "sent");
        }

        var refresh = request with { Tables = [.. request.Tables.Select(job => job.AsFullRefresh())] };
        using var client = bench.Client();
        using var signal = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var ingest = new LockedIngest(refresh, Workspace.Alone(refresh, client), bench.DestinationUri, TimeProvider.System);
        var report = await ingest.RunAsync(
            async (run, cancel) =>
            {
                var loaded = await run.RunAsync(cancel);
                await signal.CancelAsync();
                return loaded;
            },
            signal.Token);

        Assert.Equal(TableOutcome.Done, report.Tables[0].Outcome);
        Assert.Equal(
            hasEvents
                ? (ExitCode.Cancelled, "Stopped before the events of webhooks were folded once more into the messages that were replaced.")
                : (ExitCode.Done, null),
            (report.ExitCode, report.Error));
    }

    private static async Task FoldAsync(IngestHarness bench, IngestRequest request, string delivery, string metric)
    {
        var body = $$$"""
            {"event_id":"{{{delivery}}}-{{{metric}}}","object_type":"email","metric":"{{{metric}}}","timestamp":777,
            "data":{"delivery_id":"{{{delivery}}}"}}
            """;
        var masks = EventMasking.Of([MaskSet.None]);
        var target = new FoldTarget
        {
            Workspace = "main",
            Request = request,
            Schema = request.Tables[0].Schema,
            Messages = request.Tables[0],
            Masks = masks,
        };
        await using var destination = await DestinationRegistry.OpenAsync(bench.DestinationUri, Cancel);
        await new EventFold(destination, target, TimeProvider.System).RunAsync(
            [ReceivedEvent.Read(Encoding.UTF8.GetBytes(body), masks, DateTimeOffset.UnixEpoch)], [], Cancel);
    }

    private static async Task<AuditReport> AuditAsync(IngestHarness bench, IngestRequest request)
    {
        var aside = bench.File + ".audit.duckdb";
        File.Delete(aside);
        using var client = bench.Client();
        await using var destination = await DestinationRegistry.OpenAsync(bench.DestinationUri, Cancel);
        await using var scratch = await DestinationRegistry.OpenAsync($"duckdb:///{aside}", Cancel);
        return await new AuditRun(request, client, destination, scratch, TimeProvider.System).RunAsync(repair: false, Cancel);
    }
}

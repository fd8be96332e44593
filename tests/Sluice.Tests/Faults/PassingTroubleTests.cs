using Xunit;

namespace Sluice.Tests.Faults;

/// <summary>Troubles that pass: the table is as if nothing had been, and the report tells the retries.</summary>
public sealed class PassingTroubleTests
{
    [Theory]
    [InlineData("408")]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("502")]
    [InlineData("503")]
    [InlineData("504")]
    [InlineData("reset")]
    [InlineData("reset:after")]
    [InlineData("cut-body")]
    [InlineData("cut-gzip")]
    [InlineData("html-error")]
    [InlineData("invalid-json")]
    [InlineData("empty-body")]
    [InlineData("broken-utf8")]
    public async Task What_passes_is_tried_again_and_nothing_is_lost(string kind)
    {
        // The second page of each list, and once more right behind it.
        await using var faults = await FaultHarness.StartAsync(
            $"{kind}#2,#3/v1/newsletters*", $"{kind}#2,#3/v1/activities*", $"{kind}#3,#4,#7/v1/messages*", $"{kind}#1/v1/customers*");
        var report = await faults.IngestAsync(FaultHarness.Paged);
        faults.AssertDone(report, FaultHarness.Paged);
        Assert.True(report.Tables[0].Pages >= 3);
        Assert.Equal(2, report.Tables[0].Retries);
        Assert.True(await faults.StruckAsync(kind.Split(':')[0]) >= 8);
    }

    [Theory]
    [InlineData("slow-body:40ms")]
    [InlineData("hang:40ms")]
    [InlineData("content-type:text/html")]
    [InlineData("content-type:application/octet-stream")]
    [InlineData("bom")]
    public async Task What_is_only_odd_is_read_as_it_is(string kind)
    {
        await using var faults = await FaultHarness.StartAsync($"{kind}/v1/*");
        var report = await faults.IngestAsync(FaultHarness.Paged);
        faults.AssertDone(report, FaultHarness.Paged);
        Assert.All(report.Tables, table => Assert.Equal(0, table.Retries));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_in_time_is_asked_for_again()
    {
        await using var faults = await FaultHarness.StartAsync("hang:10m#2/v1/newsletters*", "slow-body:10m#2/v1/activities*");
        faults.Time = TimeProvider.System;
        faults.Options = options => options with { AttemptTimeout = TimeSpan.FromSeconds(1) };
        faults.AssertDone(await faults.IngestAsync("newsletters", "activities"), "newsletters", "activities");
        Assert.Equal(2, faults.Attempts.Count(attempt => attempt.Error is Sluice.CustomerIo.CustomerIoErrorKind.Timeout));
    }

    [Fact]
    public async Task Many_troubles_at_once_still_give_the_whole_world()
    {
        await using var faults = await FaultHarness.StartAsync(
            "500@0.05", "reset@0.03", "cut-body@0.03", "cut-gzip@0.03", "invalid-json@0.03", "429@0.05", "empty-body@0.02", "bom@0.2");
        var tables = new[] { "campaigns", "campaign_actions", "segments" }.Concat(FaultHarness.Paged).ToArray();
        faults.AssertDone(await faults.IngestAsync(tables), tables);
    }

    [Fact]
    public async Task A_retry_is_counted_and_waited_for_by_the_clock()
    {
        await using var faults = await FaultHarness.StartAsync("503:7#1/v1/campaigns");
        var report = await faults.IngestAsync("campaigns");
        faults.AssertDone(report, "campaigns");
        Assert.Equal((2L, 1L), (report.Tables[0].Requests, report.Tables[0].Retries));
        Assert.True(report.Tables[0].WaitedSeconds >= 7);
    }
}

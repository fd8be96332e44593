using Sluice.Engine.Runs;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Faults;

/// <summary>Disks and files that are not what they were.</summary>
public sealed class DiskFaultTests
{
    [Fact]
    public async Task A_full_disk_in_the_work_folder_ends_with_2_and_the_next_run_goes_on()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full, the device that is always full.");
        await using var faults = await FaultHarness.StartAsync();
        await StopOnTheSecondPageAsync(faults);
        File.CreateSymbolicLink(Path.Combine(Spool(faults), "segment-00002.ndjson"), "/dev/full");
        await faults.SetAsync();
        var full = await faults.IngestAsync("newsletters");
        Assert.Equal(ExitCode.Config, full.ExitCode);
        Assert.Contains("No space left on device", full.Tables[0].Error, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("SLUICE_HOME", full.Tables[0].Hint, StringComparison.Ordinal);
        Assert.False(faults.HasTable("newsletters"));
        File.Delete(Path.Combine(Spool(faults), "segment-00002.ndjson"));
        var rest = await faults.IngestAsync("newsletters");
        faults.AssertDone(rest, "newsletters");
        Assert.True(rest.Tables[0].Resumed);
    }

    [Fact]
    public async Task A_disk_without_room_for_a_segment_is_told_before_anything_is_written()
    {
        await using var faults = await FaultHarness.StartAsync();
        var request = faults.Bench.Request(IngestHarness.Jobs("newsletters")) with { SegmentBytes = long.MaxValue / 2 };
        var report = await faults.IngestAsync(request);
        Assert.Equal(ExitCode.Config, report.ExitCode);
        Assert.Matches("needs [0-9.]+ MB of free disk for the next pages, but there are only [0-9.]+ MB", report.Tables[0].Error!);
        Assert.Contains(Spool(faults), report.Tables[0].Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Spool(faults), "segment-*"));
        Assert.False(faults.HasTable("newsletters"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_segment_that_was_removed_or_cut_by_hand_is_asked_for_again(bool removed)
    {
        await using var faults = await FaultHarness.StartAsync();
        await StopOnTheSecondPageAsync(faults);
        var segment = Path.Combine(Spool(faults), "segment-00001.ndjson");
        if (removed)
        {
            File.Delete(segment);
        }
        else
        {
            await File.WriteAllTextAsync(segment, "{}\n", TestContext.Current.CancellationToken);
        }

        await faults.SetAsync();
        faults.AssertDone(await faults.IngestAsync("newsletters"), "newsletters");
    }

    [Fact]
    public async Task A_destination_removed_between_two_runs_is_made_anew()
    {
        await using var faults = await FaultHarness.StartAsync();
        faults.AssertDone(await faults.IngestAsync("newsletters", "messages"), "newsletters", "messages");
        File.Delete(faults.Bench.File);
        faults.AssertDone(await faults.IngestAsync("newsletters", "messages"), "newsletters", "messages");
    }

    [Fact]
    public async Task A_destination_removed_after_a_run_that_failed_is_made_anew_from_what_was_fetched()
    {
        await using var faults = await FaultHarness.StartAsync();
        await StopOnTheSecondPageAsync(faults);
        File.Delete(faults.Bench.File);
        await faults.SetAsync();
        faults.AssertDone(await faults.IngestAsync("newsletters"), "newsletters");
    }

    [Fact]
    public async Task A_destination_removed_during_a_run_is_told_and_never_called_done()
    {
        await using var faults = await FaultHarness.StartAsync();
        faults.BeforeRequest = request =>
        {
            File.Delete(faults.Bench.File);
            return Task.CompletedTask;
        };
        var report = await faults.IngestAsync("newsletters");
        Assert.Equal(ExitCode.Destination, report.ExitCode);
        Assert.Contains(faults.Bench.File, report.Error, StringComparison.Ordinal);
        faults.BeforeRequest = null;
        faults.AssertDone(await faults.IngestAsync("newsletters"), "newsletters");
    }

    private static string Spool(FaultHarness faults) => Path.Combine(faults.Bench.WorkFolder, "spool", "test", "newsletters");

    private static async Task StopOnTheSecondPageAsync(FaultHarness faults)
    {
        await faults.SetAsync([.. Enumerable.Range(2, 30).Select(number => $"500#{number}/v1/newsletters*")]);
        Assert.Equal(ExitCode.Api, (await faults.IngestAsync("newsletters")).ExitCode);
    }
}

using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Runs;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Faults;

/// <summary>Cursors that lie, and lists that change while they are read.</summary>
public sealed class PagingFaultTests
{
    [Theory]
    [InlineData("repeated-cursor")]
    [InlineData("alternating-cursor")]
    public async Task A_cursor_that_comes_again_ends_the_list_instead_of_looping(string kind)
    {
        await using var faults = await FaultHarness.StartAsync($"{kind}/v1/activities*");
        var report = await faults.IngestAsync("campaigns", "activities");
        Assert.Equal([TableOutcome.Done, TableOutcome.Failed], report.Tables.Select(table => table.Outcome));
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Contains("a second time on page", report.Tables[1].Error, StringComparison.Ordinal);
        Assert.InRange(report.Tables[1].Requests, 1, 4);
        Assert.False(faults.HasTable("activities"));
        await faults.SetAsync();
        faults.AssertDone(await faults.IngestAsync("campaigns", "activities"), "campaigns", "activities");
    }

    [Fact]
    public async Task An_empty_page_in_the_middle_is_not_taken_for_the_end()
    {
        await using var faults = await FaultHarness.StartAsync("empty-middle-page/v1/*");
        faults.AssertDone(await faults.IngestAsync(FaultHarness.Paged), FaultHarness.Paged);
        Assert.True(await faults.StruckAsync("empty-middle-page") > 3);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("empty")]
    [InlineData("absent")]
    public async Task Every_form_of_the_last_cursor_is_the_end(string form)
    {
        await using var faults = await FaultHarness.StartAsync($"last-next:{form}/v1/*");
        faults.AssertDone(await faults.IngestAsync(FaultHarness.Paged), FaultHarness.Paged);
    }

    [Fact]
    public async Task A_cursor_that_is_a_number_is_sent_back_as_it_came()
    {
        await using var faults = await FaultHarness.StartAsync("next-as-number/v1/*");
        var report = await faults.IngestAsync(FaultHarness.Paged);
        faults.AssertDone(report, FaultHarness.Paged);
        Assert.True(report.Tables[1].Pages >= 4);
    }

    [Theory]
    [InlineData("duplicate-rows")]
    [InlineData("duplicate-rows:across-pages")]
    public async Task A_row_that_comes_twice_is_one_row_and_counted_as_doubled(string kind)
    {
        await using var faults = await FaultHarness.StartAsync($"{kind}/v1/newsletters*", $"{kind}/v1/activities*");
        var report = await faults.IngestAsync("newsletters", "activities");
        faults.AssertDone(report, "newsletters", "activities");
        var doubles = kind == "duplicate-rows" ? 0 : 1;
        Assert.All(report.Tables, table => Assert.Equal(table.Pages - doubles, table.Doubled));
        Assert.All(report.Tables, table => Assert.Equal(table.Fetched, table.Rows + table.Doubled));
    }

    [Fact]
    public async Task Rows_that_arrive_while_pages_are_read_lose_none_and_double_none()
    {
        await using var faults = await FaultHarness.StartAsync();
        var before = Ids(faults, "activities").Concat(Ids(faults, "messages")).Concat(Ids(faults, "customers")).ToList();
        var asked = 0;
        faults.BeforeRequest = async request =>
        {
            // With every second page that goes on something new stands at the head of the lists.
            if (request.RequestUri!.Query.Contains("start=", StringComparison.Ordinal) && Interlocked.Increment(ref asked) % 2 == 1)
            {
                await faults.ChangeAsync(new { op = "add-activity", type = "event", name = "late" });
                await faults.ChangeAsync(new { op = "add-messages", count = 3 });
                await faults.ChangeAsync(new { op = "add-person", email = $"late{asked.ToString(CultureInfo.InvariantCulture)}@example.com" });
            }
        };
        var report = await faults.IngestAsync("activities", "messages", "customers");
        Assert.Equal(ExitCode.Done, report.ExitCode);
        var read = Read(faults, "activities", "id").Concat(Read(faults, "messages", "id")).Concat(Read(faults, "customers", "cio_id")).ToList();
        Assert.Empty(before.Except(read));
        Assert.Equal(read.Count, read.Distinct().Count());
        Assert.Empty(read.Except(Ids(faults, "activities").Concat(Ids(faults, "messages")).Concat(Ids(faults, "customers"))));
        faults.BeforeRequest = null;
        Assert.True(World(faults) > before.Count, "Nothing arrived while pages were read.");
        faults.AssertDone(await faults.IngestAsync("activities", "messages", "customers"), "activities", "messages", "customers");
    }

    [Fact]
    public async Task Parents_that_appear_and_vanish_while_children_are_read_are_told()
    {
        await using var faults = await FaultHarness.StartAsync();
        var deleted = false;
        faults.BeforeRequest = async request =>
        {
            if (!deleted && request.RequestUri!.AbsolutePath.EndsWith("/actions", StringComparison.Ordinal))
            {
                deleted = true;
                await faults.ChangeAsync(new { op = "delete-campaign", id = 12 });
            }
        };
        var request = faults.Bench.Request(IngestHarness.Jobs("campaign_actions")) with { Parallelism = 1 };
        var report = await faults.IngestAsync(request);
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Contains("campaigns 12 is gone", Assert.Single(report.Tables[0].Skipped), StringComparison.Ordinal);
        faults.AssertExact("campaign_actions");
    }

    private static IEnumerable<string> Ids(FaultHarness faults, string table) =>
        faults
            .World.Rows(table)
            .Select(row => row.TryGetProperty("id", out var id) && table != "customers" ? Text(id) : Text(row.GetProperty("cio_id")));

    private static string Text(JsonElement id) => id.ToString();

    private static int World(FaultHarness faults) =>
        Ids(faults, "activities").Count() + Ids(faults, "messages").Count() + Ids(faults, "customers").Count();

    private static IEnumerable<string> Read(FaultHarness faults, string table, string key) =>
        faults.Bench.Query($"SELECT {key} FROM customerio.{table}").Select(row => (string)row[0]!);
}

using Sluice.Engine.Catalog;
using Sluice.Settings;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class IncrementalTests
{
    private static readonly SimulatorOptions World = new() { Customers = 200, RequestsPerSecond = 0, FreezeClock = true };

    [Fact]
    public async Task The_next_run_asks_only_for_what_can_have_changed_and_writes_only_what_has()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var first = await bench.IngestAsync("messages");
        await bench.ChangeAsync("""{"op":"add-messages","count":3}""");
        var second = await bench.IngestAsync("messages");
        var table = Assert.Single(second.Tables);
        Assert.Equal(3, table.Rows);
        Assert.True(table.Unchanged > 0, "The look-back reads rows again that are as they were.");
        Assert.Equal(table.Fetched, table.Rows + table.Unchanged + table.Doubled);
        Assert.True(second.Requests < first.Requests / 4, $"{second.Requests} requests after {first.Requests}");
        Truth.AssertEqual(bench, IngestHarness.Job("messages"), bench.Simulator.World.Rows("messages"));
    }

    [Fact]
    public async Task A_row_that_was_not_written_again_keeps_the_run_that_wrote_it()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var first = await bench.IngestAsync("campaigns");
        await bench.ChangeAsync("""{"op":"update-campaign","id":3,"name":"Renamed"}""");
        var second = await bench.IngestAsync("campaigns");
        Assert.Equal(1, second.Tables[0].Rows);
        Assert.Equal("Renamed", bench.Scalar("SELECT name FROM customerio.campaigns WHERE id = 3"));
        Assert.Equal(second.RunId, bench.Scalar("SELECT _sluice_run_id FROM customerio.campaigns WHERE id = 3"));
        Assert.Equal(first.RunId, bench.Scalar("SELECT DISTINCT _sluice_run_id FROM customerio.campaigns WHERE id <> 3"));
    }

    [Fact]
    public async Task A_row_that_changed_in_the_second_of_the_last_read_is_not_missed()
    {
        // The clock stands still: the change has the very second that the state remembers.
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("campaigns", "segments", "newsletters");
        await bench.ChangeAsync("""{"op":"update-segment","id":2,"name":"Same second"}""");
        await bench.IngestAsync("campaigns", "segments", "newsletters");
        Assert.Equal("Same second", bench.Scalar("SELECT name FROM customerio.segments WHERE id = 2"));
    }

    [Fact]
    public async Task An_interval_reads_its_range_and_leaves_the_state_alone()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var first = await bench.IngestAsync("messages");
        var before = bench.Query("SELECT * FROM customerio._sluice_state");
        var from = first.Tables[0].Until!.Value.AddDays(-200);
        await bench.AdvanceAsync("2d");
        var report = await bench.IngestAsync(
            bench.Request(IngestHarness.Jobs("messages")).WithSettings(settings => settings with { Interval = new Interval(from, from.AddDays(10)) })
        );
        Assert.Equal(0, report.ExitCode);
        Assert.Equal(before, bench.Query("SELECT * FROM customerio._sluice_state"));
    }

    [Fact]
    public async Task A_full_refresh_starts_over()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var first = await bench.IngestAsync("messages", "campaigns");
        await bench.ChangeAsync("""{"op":"delete-campaign","id":2}""");
        var request = bench
            .Request([.. IngestHarness.Jobs("messages", "campaigns").Select(job => job with { Strategy = Strategy.Replace })])
            .WithSettings(settings => settings with { FullRefresh = true });
        var report = await bench.IngestAsync(request);
        Assert.InRange(report.Requests, 2, first.Requests - 20);
        Assert.Equal(first.Tables[0].TableRows, report.Tables[0].TableRows);
        Assert.Equal(0L, bench.Scalar("SELECT count(*) FROM customerio.campaigns WHERE id = 2"));
    }

    [Fact]
    public async Task The_years_before_the_first_delivery_are_asked_for_once_and_when_they_are_named()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var replaced = bench.Request([.. IngestHarness.Jobs("messages").Select(job => job with { Strategy = Strategy.Replace })]);
        var first = await bench.IngestAsync(replaced);
        await bench.IngestAsync("messages");
        await bench.AdvanceAsync("1d");
        var again = await bench.IngestAsync(replaced);
        Assert.InRange(again.Requests, 2, first.Requests - 20);
        Truth.AssertEqual(bench, IngestHarness.Job("messages"), bench.Simulator.World.Rows("messages"));

        var since = new DateTimeOffset(2012, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var told = await bench.IngestAsync(replaced.WithSettings(settings => settings with { Interval = new Interval(since, null) }));
        Assert.Equal(first.Requests, told.Requests);
    }

    [Fact]
    public async Task The_look_back_finds_an_opening_that_came_weeks_later()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("messages");
        await bench.AdvanceAsync("20d");
        var report = await bench.IngestAsync(
            bench.Request(IngestHarness.Jobs("messages")).WithSettings(settings => settings with { LookBack = TimeSpan.FromDays(180) }));
        Assert.True(report.Tables[0].Rows > 0, "In twenty days some deliveries were opened.");
        Truth.AssertEqual(bench, IngestHarness.Job("messages"), bench.Simulator.World.Rows("messages"));
    }

    [Fact]
    public async Task A_new_campaign_has_all_of_its_messages_ahead()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var job = IngestHarness.Job("campaign_messages");
        await bench.IngestAsync("campaign_messages");
        Assert.Contains(
            "\"3\"",
            (string)bench.Scalar("SELECT parents FROM customerio._sluice_state WHERE table_name = 'campaign_messages'")!,
            StringComparison.Ordinal);

        // The state forgets campaign 3, as if it had been skipped, and its rows are lost: only its own history brings them back.
        Execute(
            bench,
            "UPDATE customerio._sluice_state SET parents = json_merge_patch(parents, '{\"3\":null}'); DELETE FROM customerio.campaign_messages " +
                "WHERE campaign_id = 3"
        );
        var report = await bench.IngestAsync("campaign_messages");
        Assert.Equal(0, report.ExitCode);
        Truth.AssertEqual(bench, job, bench.Simulator.World.Rows("campaign_messages"));
    }

    [Fact]
    public async Task Activities_are_read_up_to_what_is_known()
    {
        await using var bench = await IngestHarness.StartAsync(World with { Activities = 2_000 });
        var request = bench.Request([IngestHarness.Job("activities") with { Strategy = Strategy.Merge }]);
        var first = await bench.IngestAsync(request);
        await bench.ChangeAsync("""{"op":"add-activity","type":"event","name":"late"}""");
        var second = await bench.IngestAsync(request);
        Assert.Equal(1, second.Tables[0].Rows);
        Assert.InRange(second.Requests, 2, first.Requests / 4);
        Truth.AssertEqual(bench, request.Tables[0], bench.Simulator.World.Rows("activities"));
    }

    [Fact]
    public async Task Append_adds_new_rows_and_new_versions_and_nothing_twice()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var request = bench.Request([IngestHarness.Job("campaigns") with { Strategy = Strategy.Append }]);
        await bench.IngestAsync(request);
        var before = (long)bench.Scalar("SELECT count(*) FROM customerio.campaigns")!;
        await bench.IngestAsync(request);
        Assert.Equal(before, bench.Scalar("SELECT count(*) FROM customerio.campaigns"));
        await bench.ChangeAsync("""{"op":"update-campaign","id":3,"name":"Second version"}""");
        await bench.IngestAsync(request);
        Assert.Equal(2L, bench.Scalar("SELECT count(*) FROM customerio.campaigns WHERE id = 3"));
        Assert.Equal(before + 1, bench.Scalar("SELECT count(*) FROM customerio.campaigns"));
    }

    [Fact]
    public async Task A_table_that_was_dropped_is_read_from_the_beginning_whatever_the_state_says()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("messages");
        Execute(bench, "DROP TABLE customerio.messages");
        await bench.IngestAsync("messages");
        Truth.AssertEqual(bench, IngestHarness.Job("messages"), bench.Simulator.World.Rows("messages"));
    }

    [Fact]
    public async Task Two_tables_of_one_feed_begin_where_the_one_further_behind_needs_it()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("messages");
        var report = await bench.IngestAsync("messages", "customer_messages");
        Assert.Equal(0, report.ExitCode);
        Assert.Equal(
            bench.Scalar("SELECT count(*) FROM customerio.messages WHERE cio_id IS NOT NULL OR customer_id IS NOT NULL"),
            bench.Scalar("SELECT count(*) FROM customerio.customer_messages"));
        Assert.Equal(0, report.Tables[0].Rows);
    }

    [Fact]
    public async Task Rows_and_state_come_in_one_transaction()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var report = await bench.IngestAsync(bench.Request(IngestHarness.Jobs(TableList.Standard().ToArray())));
        Assert.Equal(0, report.ExitCode);
        Assert.Equal((long)report.Tables.Count, bench.Scalar("SELECT count(*) FROM customerio._sluice_state"));
        Assert.Equal((long)report.Tables.Count, bench.Scalar("SELECT count(*) FROM customerio._sluice_ledger"));
        Assert.Equal(0L, bench.Scalar("SELECT count(*) FROM customerio._sluice_ledger WHERE fetched <> loaded + unchanged + doubled + left_out"));
    }

    [Fact]
    public async Task Nothing_new_costs_at_most_thirty_requests_for_the_standard_tables()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 1_000, RequestsPerSecond = 0, FreezeClock = true });
        var request = bench.Request(IngestHarness.Jobs([.. TableList.Standard()]));
        await bench.IngestAsync(request);
        var report = await bench.IngestAsync(request);
        Assert.Equal(0, report.ExitCode);
        Assert.Equal(0, report.Tables.Where(table => table.Strategy != "replace").Sum(table => table.Rows));
        Assert.InRange(report.Requests, 1, 30);
    }

    private static void Execute(IngestHarness bench, string sql) => bench.Query(sql + "; SELECT 1");
}

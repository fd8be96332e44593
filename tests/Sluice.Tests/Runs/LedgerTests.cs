using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class LedgerTests
{
    private static readonly SimulatorOptions World = new() { Customers = 250, RequestsPerSecond = 0, FreezeClock = true };

    [Fact]
    public async Task People_are_counted_against_what_the_workspace_says()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        var report = await bench.IngestAsync("customers", "customer_attributes");
        Assert.Equal(0, report.ExitCode);
        Assert.Equal(report.Tables[0].Fetched, report.Tables[0].Expected);
        Assert.Contains("/v1/workspaces", report.Tables[0].ExpectedBy, StringComparison.Ordinal);
        Assert.Equal(report.Tables[0].Fetched, report.Tables[1].Expected);
        Assert.Equal(
            bench.Query("SELECT fetched, expected FROM customerio._sluice_ledger WHERE table_name = 'customers'")[0],
            [report.Tables[0].Fetched, report.Tables[0].Expected]);
    }

    [Fact]
    public async Task A_short_count_is_named_makes_the_run_partial_and_marks_nobody()
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync("customers");
        await bench.FaultsAsync("drop-rows:3#1/v1/customers");
        var report = await bench.IngestAsync("customers");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Contains("expected by /v1/workspaces", Assert.Single(report.Tables[0].Gaps), StringComparison.Ordinal);
        Assert.Equal(0, report.Tables[0].Deleted);
        await bench.FaultsAsync("drop-rows:3#1/v1/customers");
        Assert.Equal(0, (await bench.IngestAsync(bench.Request(IngestHarness.Jobs("customers")) with { AllowPartial = true })).ExitCode);
    }

    [Fact]
    public async Task People_left_out_of_an_answer_are_asked_for_again()
    {
        await using var bench = await IngestHarness.StartAsync(World with { Faults = ["drop-rows:4#1/v1/customers/attributes"] });
        var report = await bench.IngestAsync("customer_attributes");
        Assert.Equal(0, report.ExitCode);
        Truth.AssertEqual(bench, IngestHarness.Job("customer_attributes"), bench.Simulator.World.Rows("customer_attributes"));
    }

    [Fact]
    public async Task People_left_out_twice_are_named_one_by_one()
    {
        await using var bench = await IngestHarness.StartAsync(World with { Faults = ["drop-rows:2@1/v1/customers/attributes"] });
        var report = await bench.IngestAsync("customer_attributes");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        var table = Assert.Single(report.Tables);
        Assert.Equal(table.Expected, table.Fetched + table.Skipped.Count);
        Assert.All(table.Skipped, skipped => Assert.Contains("found by the search, left out twice", skipped, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("campaigns")]
    [InlineData("subscription_topics")]
    public async Task An_empty_list_where_rows_were_leaves_the_table_as_it_is(string name)
    {
        await using var bench = await IngestHarness.StartAsync(World);
        await bench.IngestAsync(name);
        var before = bench.Scalar($"SELECT count(*) FROM customerio.{name}");
        await bench.FaultsAsync($"drop-rows:1000@1/v1/{name}");
        var report = await bench.IngestAsync(name);
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Contains("no rows where the table has", Assert.Single(report.Tables[0].Gaps), StringComparison.Ordinal);
        Assert.Equal(before, bench.Scalar($"SELECT count(*) FROM customerio.{name}"));

        var accepted = await bench.IngestAsync(bench.Request(IngestHarness.Jobs(name)) with { AllowPartial = true });
        Assert.Equal(0, accepted.ExitCode);
        Assert.Equal(0, accepted.Tables[0].TableRows);
    }

    [Fact]
    public async Task No_deliveries_where_the_workspace_has_sent_some_is_a_gap()
    {
        await using var bench = await IngestHarness.StartAsync(World with { Faults = ["drop-rows:1000@1/v1/messages"] });
        var report = await bench.IngestAsync("messages");
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.Contains("none came", Assert.Single(report.Tables[0].Gaps), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_table_says_why_it_is_empty()
    {
        await using var bench = await IngestHarness.StartAsync(World with { Broadcasts = 0 });
        var report = await bench.IngestAsync("broadcasts", "broadcast_actions");
        Assert.Equal(0, report.ExitCode);
        Assert.Equal(
            ["empty: Customer.io answered with an empty list", "empty: there are no broadcasts"],
            report.Tables.Select(table => Assert.Single(table.Notes)));
    }
}

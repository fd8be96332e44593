using Sluice.Destinations;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class ResumeTests
{
    private static readonly string[] Tables =
        ["campaigns", "campaign_actions", "campaign_metrics:days", "customers", "customer_attributes", "messages"];

    [Fact]
    public async Task A_run_that_was_stopped_goes_on_without_asking_for_a_page_twice()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions
        {
            Customers = 2_000,
            Messages = 20_000,
            RequestsPerSecond = 0,
            FreezeClock = true,
            Latency = TimeSpan.FromMilliseconds(20),
        });
        var whole = await RequestsOfOneRunAsync(bench);
        var request = bench.Request(IngestHarness.Jobs(Tables));
        var stopped = await StopAfterAsync(bench, request, requests: 40);
        Assert.Equal(ExitCode.Cancelled, stopped.ExitCode);
        var rest = await bench.IngestAsync(request);
        Assert.Equal(0, rest.ExitCode);
        Assert.Contains(rest.Tables, table => table.Resumed);

        // What was in flight at the stop may come twice: at most one page a walk, and one request that asks for the time.
        Assert.InRange(stopped.Requests + rest.Requests, whole, whole + 26);
        foreach (var job in request.Tables.Where(job => !job.Resource.TakesPeriod))
        {
            Truth.AssertEqual(bench, job, bench.Simulator.World.Rows(job.Resource.Name));
        }
    }

    [Fact]
    public async Task Of_several_requests_that_give_the_whole_none_is_made_again()
    {
        await using var bench = await IngestHarness.StartAsync(Many with { Activities = 6_000 });
        var types = bench
            .Simulator.World.Rows("activities")
            .Select(row => row.GetProperty("type").GetString()!)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var request = bench.Request(
            IngestHarness.JobWith("activities", $"type={string.Join(',', types)}"),
            IngestHarness.JobWith("messages", "type=email,push,twilio,webhook"),
            IngestHarness.JobWith("esp_suppressions"));
        var whole = await bench.IngestAsync(request with { PairId = "whole" });
        Assert.Equal(0, whole.ExitCode);
        File.Delete(bench.File);
        var stopped = await StopAfterAsync(bench, request, requests: 60);
        Assert.Equal(ExitCode.Cancelled, stopped.ExitCode);
        var rest = await bench.IngestAsync(request);
        Assert.Equal(0, rest.ExitCode);
        Assert.True(rest.Tables[0].Resumed && rest.Tables[1].Resumed);
        Assert.InRange(stopped.Requests + rest.Requests, whole.Requests, whole.Requests + 26);
        Truth.AssertEqual(bench, request.Tables[0], bench.Simulator.World.Rows("activities"));
        Truth.AssertEqual(
            bench,
            request.Tables[1],
            bench.Simulator.World.Rows("messages").Where(row => row.GetProperty("type").GetString() is "email" or "push" or "twilio" or "webhook"));
    }

    [Theory]
    [InlineData("duckdb:///")]
    [InlineData("sqlite:///")]
    public async Task Another_schema_gets_all_rows_whatever_a_run_into_the_first_one_has_left(string scheme)
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 5_000, RequestsPerSecond = 0 });
        var request = bench.Request(IngestHarness.Jobs("customers")) with { StageRows = 1, SegmentBytes = 1 };
        await bench.FaultsAsync("403#4/v1/customers");
        Assert.NotEqual(ExitCode.Done, (await IngestAsync("a")).ExitCode);
        await bench.FaultsAsync();
        foreach (var schema in (string[])["b", "a"])
        {
            var report = await IngestAsync(schema);
            Assert.Equal((ExitCode.Done, 5_000L), (report.ExitCode, report.Tables[0].TableRows));
        }

        async Task<RunReport> IngestAsync(string schema)
        {
            await using var destination = await DestinationRegistry.OpenAsync(
                $"{scheme}{bench.File}", TestContext.Current.CancellationToken);
            using var client = bench.Client();
            var run = request with { Tables = [.. request.Tables.Select(job => job with { Schema = schema })] };
            return await new IngestRun(run, Workspace.Alone(run, client), destination, TimeProvider.System).RunAsync(
                TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData("duckdb:///")]
    [InlineData("sqlite:///")]
    [InlineData("parquet:///")]
    public async Task Pages_of_a_stopped_run_are_of_no_use_when_another_run_has_loaded_the_table(string scheme)
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 2_000, RequestsPerSecond = 0, FreezeClock = true });
        var request = bench.Request(IngestHarness.Jobs("customers")).WithSettings(settings => settings with { Deletes = DeletePolicy.Soft });
        await bench.FaultsAsync("403#2/v1/customers");
        Assert.NotEqual(ExitCode.Done, (await IngestAsync(request)).ExitCode);
        await bench.FaultsAsync();
        await bench.ChangeAsync("""{"op":"add-person","email":"late@example.com"}""");
        var newer = await IngestAsync(request with { WorkFolder = $"{bench.WorkFolder} elsewhere" });
        var again = await IngestAsync(request);
        Assert.Equal((ExitCode.Done, ExitCode.Done), (newer.ExitCode, again.ExitCode));
        Assert.Equal((false, 0L), (again.Tables[0].Resumed, again.Tables[0].Deleted));
        Assert.Equal(newer.Tables[0].TableRows, again.Tables[0].TableRows);

        async Task<RunReport> IngestAsync(IngestRequest one)
        {
            using var client = bench.Client();
            await using var destination = await DestinationRegistry.OpenAsync(scheme + bench.File, TestContext.Current.CancellationToken);
            return await new IngestRun(one, Workspace.Alone(one, client), destination, TimeProvider.System)
                .RunAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_full_refresh_reads_everything_again_and_leaves_the_same_rows()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 100, RequestsPerSecond = 0, FreezeClock = true });
        var request = bench.Request(IngestHarness.Jobs(Tables));
        var first = await bench.IngestAsync(request);
        var second = await bench.IngestAsync(request.WithSettings(settings => settings with { FullRefresh = true }));
        Assert.Equal(first.Tables.Select(table => table.TableRows), second.Tables.Select(table => table.TableRows));
        Assert.Equal(first.Tables.Select(table => table.Fetched), second.Tables.Select(table => table.Fetched));
        Assert.InRange(second.Requests, first.Requests / 2, first.Requests - 20);
        Assert.All(second.Tables, table => Assert.False(table.Resumed));
        Assert.Empty(Directory.EnumerateFiles(bench.WorkFolder, "*", SearchOption.AllDirectories));
        Assert.Equal(2L, bench.Query("SELECT count(*) FROM customerio._sluice_runs")[0][0]);
    }

    [Fact]
    public async Task A_kept_spool_is_for_looking_at_and_not_for_the_next_run()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 50, RequestsPerSecond = 0 });
        var request = bench.Request(IngestHarness.Jobs("customers")) with { KeepSpool = true };
        var first = await bench.IngestAsync(request);
        Assert.Contains(
            Directory.GetFiles(bench.WorkFolder, "*.ndjson", SearchOption.AllDirectories),
            file => file.Contains($"kept/{first.RunId}/customers", StringComparison.Ordinal));
        await bench.ChangeAsync("""{"op":"add-person","id":"late-comer"}""");
        Assert.Equal(first.Tables[0].Rows + 1, (await bench.IngestAsync(request)).Tables[0].Rows);
    }

    [Fact]
    public async Task Children_that_are_complete_before_their_parents_are_listed_again_wait_for_the_list()
    {
        await using var bench = await IngestHarness.StartAsync(
            new SimulatorOptions
            {
                Customers = 50,
                RequestsPerSecond = 0,
                Latency = TimeSpan.FromMilliseconds(50),
            });
        var request = bench.Request(IngestHarness.Jobs("customers", "customer_relationships", "customer_attributes")) with { LeaveSpool = true };
        await bench.IngestAsync(request);
        File.Delete(bench.File);
        Directory.Delete(Path.Combine(bench.WorkFolder, "spool", "test", "customers"), recursive: true);
        var report = await bench.IngestAsync(request);
        Assert.Equal([false, true, true], report.Tables.Select(table => table.Resumed));
        Assert.All(report.Tables, table => Assert.Empty(table.Gaps));
        Assert.Equal(0, report.ExitCode);
        Assert.Equal(50, report.Tables[2].Expected);
    }

    [Fact]
    public async Task Segments_are_removed_as_soon_as_the_destination_has_their_rows()
    {
        await using var bench = await IngestHarness.StartAsync(Many with { Latency = TimeSpan.FromMilliseconds(30) });
        var (seen, gone) = (new HashSet<string>(), false);
        // However slow spool and destination are: the last pages wait until one of the first segments has come and gone.
        bool HasGone()
        {
            var present = Segments(bench);
            seen.UnionWith(present);
            return seen.Count > present.Count;
        }

        void Wait(int answered)
        {
            lock (seen)
            {
                gone |= answered > 4 && SpinWait.SpinUntil(HasGone, answered == 24 ? TimeSpan.FromMinutes(1) : TimeSpan.Zero);
            }
        }

        var report = await RunAsync(bench, InSmallSteps(bench), Wait, TestContext.Current.CancellationToken);
        var table = Assert.Single(report.Tables);
        Assert.Equal(TableOutcome.Done, table.Outcome);
        Assert.True(gone);
        Assert.InRange(table.SpoolBytes, 1, table.Bytes - 1);
        Truth.AssertEqual(bench, IngestHarness.Job("messages"), bench.Simulator.World.Rows("messages"));
    }

    [Fact]
    public async Task A_run_goes_on_without_the_segments_that_the_destination_has()
    {
        await using var bench = await IngestHarness.StartAsync(Many);
        var stopped = await StopAfterAsync(bench, InSmallSteps(bench), requests: 36);
        Assert.Equal(ExitCode.Cancelled, stopped.ExitCode);
        Assert.Equal(0L, bench.Scalar("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'messages'"));
        var rest = await bench.IngestAsync(InSmallSteps(bench));
        Assert.Equal(0, rest.ExitCode);
        Assert.True(rest.Tables[0].Resumed);
        Truth.AssertEqual(bench, IngestHarness.Job("messages"), bench.Simulator.World.Rows("messages"));
    }

    [Fact]
    public async Task A_destination_that_was_removed_meanwhile_gets_everything_again()
    {
        await using var bench = await IngestHarness.StartAsync(Many);
        await StopAfterAsync(bench, InSmallSteps(bench), requests: 36);
        File.Delete(bench.File);
        var rest = await bench.IngestAsync(InSmallSteps(bench));
        Assert.Equal(0, rest.ExitCode);
        Truth.AssertEqual(bench, IngestHarness.Job("messages"), bench.Simulator.World.Rows("messages"));
    }

    [Fact]
    public async Task A_parent_that_is_gone_is_left_out_named_and_makes_the_run_partial()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions
        {
            Customers = 50,
            RequestsPerSecond = 0,
            Faults = ["404#1/v1/campaigns/3/actions"],
        });
        var report = await bench.IngestAsync(bench.Request(IngestHarness.Jobs("campaign_actions")));
        var table = Assert.Single(report.Tables);
        Assert.Equal(TableOutcome.Partial, table.Outcome);
        Assert.Contains("campaigns 3 is gone", Assert.Single(table.Skipped), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.True(table.Rows > 0);
    }

    [Fact]
    public async Task A_table_that_fails_leaves_the_old_rows_and_the_other_tables_come_through()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 50, RequestsPerSecond = 0 });
        var request = bench.Request(IngestHarness.Jobs("campaigns", "segments", "newsletters"));
        Assert.Equal(0, (await bench.IngestAsync(request)).ExitCode);
        var before = bench.Query("SELECT count(*) FROM customerio.segments")[0][0];
        using var http = new HttpClient { BaseAddress = bench.Simulator.BaseAddress };
        await http.PostAsync(new Uri("/_sim/faults", UriKind.Relative), new StringContent("""{"faults":["403@1/v1/segments"]}"""));
        var report = await bench.IngestAsync(request);
        Assert.Equal([TableOutcome.Done, TableOutcome.Failed, TableOutcome.Done], report.Tables.Select(table => table.Outcome));
        Assert.Equal(ExitCode.Partial, report.ExitCode);
        Assert.NotNull(report.Tables[1].Error);
        Assert.Equal(before, bench.Query("SELECT count(*) FROM customerio.segments")[0][0]);
    }

    private static SimulatorOptions Many => new()
    {
        Customers = 100,
        Messages = 12_000,
        RequestsPerSecond = 0,
        FreezeClock = true,
        Latency = TimeSpan.FromMilliseconds(10),
    };

    private static IngestRequest InSmallSteps(IngestHarness bench) =>
        bench.Request(IngestHarness.Jobs("messages")) with { SegmentBytes = 512 * 1024, StageRows = 1_000 };

    private static IReadOnlyList<string> Segments(IngestHarness bench) =>
        Directory.GetFiles(Path.Combine(bench.WorkFolder, "spool"), "segment-*", SearchOption.AllDirectories);

    private static async Task<long> RequestsOfOneRunAsync(IngestHarness bench)
    {
        var report = await bench.IngestAsync(bench.Request(IngestHarness.Jobs(Tables)) with { PairId = "whole" });
        Assert.Equal(0, report.ExitCode);
        File.Delete(bench.File);
        return report.Requests;
    }

    private static async Task<RunReport> StopAfterAsync(IngestHarness bench, IngestRequest request, int requests)
    {
        using var stop = new CancellationTokenSource();
        return await RunAsync(bench, request, answered => (answered == requests ? stop : null)?.Cancel(), stop.Token);
    }

    private static async Task<RunReport> RunAsync(IngestHarness bench, IngestRequest request, Action<int> answered, CancellationToken cancel)
    {
        using var client = bench.Client();
        var answers = 0;
        client.Observer = _ => answered(Interlocked.Increment(ref answers));
        await using var destination = await DestinationRegistry.OpenAsync(bench.DestinationUri, default);
        return await new IngestRun(request, Workspace.Alone(request, client), destination, TimeProvider.System).RunAsync(cancel);
    }
}

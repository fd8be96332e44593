using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public class WorkspacesTests
{
    private static readonly string[] Names = ["main", "shop", "labs"];
    private static readonly SimulatorOptions Options = new() { Customers = 60, RequestsPerSecond = 0, ExtraKeys = ["second-key", "third-key"] };

    private static readonly SimulatorOptions Small = Options with
    {
        Customers = 25,
        Campaigns = 4,
        Newsletters = 5,
        Broadcasts = 2,
        TransactionalMessages = 2,
        ActionsPerCampaign = 11,
        Now = new DateTimeOffset(2026, 5, 4, 10, 0, 0, TimeSpan.Zero),
        FreezeClock = true,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Several_workspaces_go_into_one_table_and_each_row_tells_which_one_it_is_of()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        var report = await RunAsync(
            bench,
            Names,
            WorkspaceColumn.Combine(IngestHarness.Job("customers")),
            WorkspaceColumn.Combine(IngestHarness.Job("campaign_metrics:days")));
        Assert.Equal(ExitCode.Done, report.ExitCode);
        Assert.Equal(Names, report.Workspaces.Select(workspace => workspace.Name));
        foreach (var name in Names)
        {
            Assert.Equal(
                await AloneAsync("customers", name),
                bench
                    .Query($"SELECT cio_id, email FROM customerio.customers WHERE workspace = '{name}' ORDER BY cio_id")
                    .Select(row => $"{row[0]} {row[1]}"));
        }

        Assert.Equal(3L, bench.Scalar("SELECT count(DISTINCT workspace) FROM customerio.campaign_metrics_days"));
    }

    [Fact]
    public async Task A_workspace_that_is_added_to_metrics_has_its_history_read_and_the_others_keep_theirs()
    {
        await using var bench = await IngestHarness.StartAsync(Small);
        var job = WorkspaceColumn.Combine(IngestHarness.Job("campaign_metrics:days"));
        await RunAsync(bench, ["main"], job);
        var report = await RunAsync(bench, ["main", "shop"], job);
        Assert.Equal((ExitCode.Done, "merge"), (report.ExitCode, report.Tables[0].Strategy));
        foreach (var name in (string[])["main", "shop"])
        {
            await using var alone = await IngestHarness.StartAsync(Small);
            await RunAsync(alone, [name], IngestHarness.Job("campaign_metrics:days"));
            Assert.Equal(
                alone.Scalar("SELECT count(*) FROM customerio.campaign_metrics_days"),
                bench.Scalar($"SELECT count(*) FROM customerio.campaign_metrics_days WHERE workspace = '{name}'"));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true, Traits = ["length", "long"])]
    public async Task Tables_of_two_workspaces_at_once_are_what_each_workspace_gives_alone(bool all)
    {
        await using var bench = await IngestHarness.StartAsync(Small);
        // A table of each way of reading shows what a workspace could mix up; all tables show that none has a way of its own.
        var jobs = all ? IngestHarness.AllJobs() : [.. IngestHarness.AllJobs().DistinctBy(ReadingOf)];
        string[] names = ["main", "shop"];
        var report = await RunAsync(bench, names, [.. jobs.Select(WorkspaceColumn.Combine)]);
        Assert.Empty(
            report
                .Tables.Where(table => table.Outcome is TableOutcome.Failed or TableOutcome.Cancelled)
                .Select(table => $"{table.Source}: {table.Error}"));
        foreach (var name in names)
        {
            await using var alone = await IngestHarness.StartAsync(Small);
            await RunAsync(alone, [name], [.. jobs]);
            Assert.All(jobs, job => Assert.Equal(Rows(alone, job, ""), Rows(bench, job, $"WHERE workspace = '{name}'")));
        }
    }

    private static ReadingKind ReadingOf(TableJob job) => ResourceCatalog.Default.Find(job.Source.Resource)!.Reading;

    [Fact]
    public async Task People_by_export_tell_their_workspace_too()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        Assert.Equal(
            ExitCode.Done,
            (
                await RunAsync(
                    bench,
                    Names,
                    WorkspaceColumn.Combine(IngestHarness.JobWith("customers", "via=export")),
                    WorkspaceColumn.Combine(IngestHarness.Job("customers_export")))
            ).ExitCode);
        foreach (var name in Names)
        {
            Assert.Equal(
                await AloneAsync("customers", name),
                bench
                    .Query($"SELECT cio_id, email FROM customerio.customers WHERE workspace = '{name}' ORDER BY cio_id")
                    .Select(row => $"{row[0]} {row[1]}"));
            Assert.Equal(60L, bench.Scalar($"SELECT count(*) FROM customerio.customers_export WHERE workspace = '{name}'"));
        }
    }

    [Fact]
    public async Task Kept_pages_of_several_workspaces_lie_beside_each_other()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        var workspaces = Open(bench, Names, 10_000);
        await using var destination = await DestinationRegistry.OpenAsync(bench.DestinationUri, Cancel);
        var request = Request(bench, WorkspaceColumn.Combine(IngestHarness.Job("campaigns"))) with { KeepSpool = true };
        var report = await new IngestRun(request, workspaces, destination, TimeProvider.System).RunAsync(Cancel);
        workspaces.ForEach(workspace => workspace.Client.Dispose());
        Assert.Equal(ExitCode.Done, report.ExitCode);
        Assert.Equal(
            Names.Order(), Directory.EnumerateDirectories(Path.Combine(bench.WorkFolder, "kept", report.RunId)).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_table_for_each_workspace_has_only_that_workspaces_rows()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        var jobs = Names
            .Select(name => WorkspaceColumn.AddTo(IngestHarness.Job("customers")) with { Table = $"{name}_customers", Workspaces = [name] })
            .ToArray();
        Assert.Equal(ExitCode.Done, (await RunAsync(bench, Names, jobs)).ExitCode);
        Assert.Equal(
            await AloneAsync("customers", "shop"),
            bench.Query("SELECT cio_id, email FROM customerio.shop_customers ORDER BY cio_id").Select(row => $"{row[0]} {row[1]}"));
        Assert.Equal("shop", bench.Scalar("SELECT DISTINCT workspace FROM customerio.shop_customers"));
    }

    [Fact]
    public async Task Exports_of_several_workspaces_go_into_one_table_too()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        Assert.Equal(ExitCode.Done, (await RunAsync(bench, Names, WorkspaceColumn.Combine(IngestHarness.Job("customers_export")))).ExitCode);
        foreach (var name in Names)
        {
            Assert.Equal(
                await AloneAsync("customers", name),
                bench
                    .Query($"SELECT cio_id, email FROM customerio.customers_export WHERE workspace = '{name}' ORDER BY cio_id")
                    .Select(row => $"{row[0]} {row[1]}"));
        }
    }

    [Fact]
    public async Task A_workspace_that_is_added_later_brings_its_whole_history_and_the_others_only_what_is_new()
    {
        await using var bench = await IngestHarness.StartAsync(Options with { Messages = 600 });
        var job = WorkspaceColumn.Combine(IngestHarness.Job("messages"));
        await RunAsync(bench, ["main", "shop"], job);
        var before = Count(bench);
        var report = await RunAsync(bench, Names, job);
        Assert.Equal(ExitCode.Done, report.ExitCode);
        Assert.Equal(before["main"], Count(bench)["main"]);
        Assert.Equal(await CountAloneAsync("labs"), Count(bench)["labs"]);
        var usage = report.Workspaces.ToDictionary(workspace => workspace.Name, workspace => workspace.Requests);
        Assert.True(usage["main"] < usage["labs"], $"main {usage["main"]}, labs {usage["labs"]}");
    }

    [Fact]
    public async Task Rows_that_one_workspace_lost_are_marked_and_the_same_keys_of_others_stay()
    {
        await using var bench = await IngestHarness.StartAsync(Options with { Seed = 3 });
        var job = WorkspaceColumn.Combine(IngestHarness.Job("segments"));
        await RunAsync(bench, Names, job);
        await bench.ChangeAsync(
            $$"""{"op":"delete-segment","id":{{bench.Scalar("SELECT min(id) FROM customerio.segments WHERE workspace = 'main'")}}}""");
        await RunAsync(bench, Names, job);
        Assert.Equal(
            ["main"],
            bench.Query("SELECT DISTINCT workspace FROM customerio.segments WHERE _sluice_deleted_at IS NOT NULL").Select(row => (string)row[0]!));
    }

    [Fact]
    public async Task A_run_that_stops_in_one_workspace_commits_nothing_of_the_table_and_goes_on()
    {
        await using var bench = await IngestHarness.StartAsync(Options with { Customers = 250 });
        var job = WorkspaceColumn.Combine(IngestHarness.Job("customer_attributes"));
        await bench.FaultsAsync("400#2/v1/customers/attributes");
        var failed = await RunAsync(bench, Names, job);
        Assert.Equal(TableOutcome.Failed, Assert.Single(failed.Tables).Outcome);
        await bench.FaultsAsync();
        var report = await RunAsync(bench, Names, job);
        Assert.Equal(ExitCode.Done, report.ExitCode);
        Assert.True(Assert.Single(report.Tables).Resumed);
        Assert.Equal(3L, bench.Scalar("SELECT count(DISTINCT workspace) FROM customerio.customer_attributes"));
    }

    [Fact]
    public async Task The_plan_names_the_workspaces_and_takes_as_long_as_the_slowest_one()
    {
        await using var bench = await IngestHarness.StartAsync(Options);
        var workspaces = Open(bench, Names, 10);
        var plan = await Planner.PlanAsync(
            Request(bench, WorkspaceColumn.Combine(IngestHarness.Job("campaigns"))), workspaces, null, TimeProvider.System, Cancel);
        Assert.Equal(Names, plan.Tables.Select(table => table.Workspace));
        Assert.Equal(plan.Requests / 3 / 10.0, plan.Duration.TotalSeconds, 3);
        workspaces.ForEach(workspace => workspace.Client.Dispose());
    }

    [Fact]
    public void The_columns_source_is_what_records_are_stamped_with() =>
        Assert.Equal(
            Engine.Extract.InjectedColumns.NameOf(WorkspaceColumn.Name),
            Assert.Single(WorkspaceColumn.AddTo(IngestHarness.Job("campaigns")).Resource.Columns, column => column.Name == "workspace").Source);

    // When it was read differs, and with it the place of a step and what is counted until now.
    private static IReadOnlyList<string> Rows(IngestHarness bench, TableJob job, string where) =>
        [
            .. bench
                .Query(
                    $"""
                    SELECT CAST(t AS VARCHAR) FROM (
                      SELECT COLUMNS(name -> NOT starts_with(name, '_sluice_') AND name NOT IN ('workspace', 'observed_at'))
                      FROM {job.Schema}.{job.Table} {where}) t ORDER BY 1
                    """)
                .Select(row => (string)row[0]!),
        ];

    private static Dictionary<string, long> Count(IngestHarness bench) =>
        bench.Query("SELECT workspace, count(*) FROM customerio.messages GROUP BY ALL").ToDictionary(row => (string)row[0]!, row => (long)row[1]!);

    private static async Task<long> CountAloneAsync(string name)
    {
        await using var alone = await IngestHarness.StartAsync(Options with { Messages = 600 });
        await RunAsync(alone, [name], IngestHarness.Job("messages"));
        return (long)alone.Scalar("SELECT count(*) FROM customerio.messages")!;
    }

    private static async Task<IReadOnlyList<string>> AloneAsync(string table, string name)
    {
        await using var alone = await IngestHarness.StartAsync(Options);
        await RunAsync(alone, [name], IngestHarness.Job(table));
        return [.. alone.Query($"SELECT cio_id, email FROM customerio.{table} ORDER BY cio_id").Select(row => $"{row[0]} {row[1]}")];
    }

    private static async Task<RunReport> RunAsync(IngestHarness bench, string[] names, params TableJob[] jobs)
    {
        var workspaces = Open(bench, names, 10_000);
        await using var destination = await DestinationRegistry.OpenAsync(bench.DestinationUri, Cancel);
        var report = await new IngestRun(Request(bench, jobs), workspaces, destination, TimeProvider.System).RunAsync(Cancel);
        workspaces.ForEach(workspace => workspace.Client.Dispose());
        return report;
    }

    private static IngestRequest Request(IngestHarness bench, params TableJob[] jobs) =>
        new()
        {
            Tables = jobs,
            WorkFolder = bench.WorkFolder,
            PairId = "all",
        };

    private static List<Workspace> Open(IngestHarness bench, string[] names, double rate) =>
        [
            .. names.Select(name => new Workspace(
                name,
                $"pair-{name}",
                new CustomerIoClient(
                    new CustomerIoOptions
                    {
                        AppApiKey = ((string[])[Options.AppApiKey, .. Options.ExtraKeys])[Array.IndexOf(Names, name)],
                        BaseUrl = bench.Simulator.BaseAddress,
                        RequestsPerSecond = rate,
                    }))),
        ];
}

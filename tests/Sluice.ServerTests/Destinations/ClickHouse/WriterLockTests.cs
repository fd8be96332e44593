using Sluice.Destinations.ClickHouse;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Servers;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;
using ClickHouseDatabase = Sluice.Destinations.ClickHouse.ClickHouseDatabase;

namespace Sluice.ServerTests.Destinations.ClickHouse;

/// <summary>One writer of a table at a time, and what becomes of one that is taken for dead.</summary>
public sealed class WriterLockTests(ChdbServer server)
{
    private const string Lock = "_sluice_lock_crm___things";

    private static readonly Resource Things = Table(Is("name", ColumnType.Text));

    /// <summary>The statement that makes a table's lock in the name of an owner.</summary>
    public static string Create(string table, string owner) =>
        $"CREATE TABLE _sluice_lock_{table} (at DateTime) ENGINE = MergeTree ORDER BY at COMMENT '{owner}'";

    [Fact]
    public async Task A_sign_of_life_that_fails_is_given_again()
    {
        await using var place = await PlaceAsync();
        var failures = 0;
        await using var proxy = new InterceptingProxy(server.Port, "SELECT now() FROM system.tables", () => Task.FromResult(++failures > 2));
        using var client = await ConnectAsync(place.UriBy(proxy.Port));
        var database = new ClickHouseDatabase(client, Schema);
        await using var held = await WriterLock.TakeAsync(database, new ScratchTables(database, "things"), "load", new FastTime(), Cancel);

        var signs = "0";
        for (var wait = 0; wait < 200 && signs == "0"; wait++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancel);
            signs = await place.Database.QueryAsync($"SELECT count() FROM {Lock}");
        }

        Assert.NotEqual("0", signs);
        Assert.True(failures > 2, $"{failures} signs of life were tried.");
        Assert.True(await held.IsHeldAsync(Cancel));
    }

    [Fact]
    public async Task A_lock_that_another_run_has_taken_over_is_not_held_and_gets_no_sign_of_life()
    {
        await using var place = await PlaceAsync();
        using var client = await ConnectAsync(place.Uri);
        var database = new ClickHouseDatabase(client, Schema);
        await using (var held = await WriterLock.TakeAsync(database, new ScratchTables(database, "things"), "load", new FastTime(), Cancel))
        {
            await StealAsync(place);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Cancel);
            Assert.False(await held.IsHeldAsync(Cancel));
        }

        Assert.Equal("0", await place.Database.QueryAsync($"SELECT count() FROM {Lock}"));
        Assert.Equal(
            "another", await place.Database.QueryAsync($"SELECT comment FROM system.tables WHERE database = currentDatabase() AND name = '{Lock}'"));
    }

    [Fact]
    public async Task A_run_that_lost_its_lock_before_its_rows_are_visible_leaves_the_table_alone()
    {
        await using var place = await PlaceAsync();
        var desk = new LoadHarness(place);
        await desk.LoadAsync(Job(Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await using var proxy = new InterceptingProxy(server.Port, """
            \"Step\":0
            """.Trim(), async () =>
        {
            await StealAsync(place);
            return true;
        });

        var report = await desk.TryLoadAsync(place.UriBy(proxy.Port), Job(Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"b"}"""]);

        Assert.Equal(SluiceErrorKind.Destination, report.ErrorKind);
        Assert.Contains("Another run has taken over crm.things", report.Error, StringComparison.Ordinal);
        Assert.Equal(["1|a"], await desk.LinesAsync());
        Assert.Equal(["run 1"], (await desk.ReadAsync("_sluice_ledger", "run_id"))!.Select(line => (string)line["run_id"]!));
    }

    [Fact]
    public async Task A_run_that_was_taken_over_at_the_last_moment_can_make_nothing_visible()
    {
        await using var place = await PlaceAsync();
        var (slow, fast) = (new LoadHarness(place), new LoadHarness(place) { WorkFolder = Path.Combine(place.Folder, "other") });
        await slow.LoadAsync(Job(Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await fast.LoadAsync(Job(Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":2,"name":"b"}"""]);
        await using var proxy = new InterceptingProxy(server.Port, "ATTACH PARTITION", async () =>
        {
            await place.Database.QueryAsync($"DROP TABLE {Lock}");
            await fast.LoadAsync(Job(Things, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"fast"}"""]);
            return true;
        });

        var report = await slow.TryLoadAsync(
            place.UriBy(proxy.Port),
            Job(Things, Strategy.Merge),
            LoadScenario.Plain,
            ["""{"id":1,"name":"slow"}"""]);

        Assert.Equal(TableOutcome.Failed, report.Outcome);
        Assert.Equal(["1|fast", "2|b"], await slow.LinesAsync());
        Assert.Equal(3, (await slow.ReadAsync("_sluice_ledger", "load_id"))!.Count);
    }

    [Fact]
    public void Only_a_process_of_this_very_machine_can_be_known_to_be_dead()
    {
        var (alive, dead) = (Environment.ProcessId, int.MaxValue);
        Assert.SkipWhen(WriterOwner.Machine == "-", "This system has no /proc that tells one start of a machine from another.");
        Assert.True(WriterOwner.IsDead($"load one {WriterOwner.Machine} {dead}", "other"));
        Assert.False(WriterOwner.IsDead($"load one {WriterOwner.Machine} {alive}", "other"));
        Assert.True(WriterOwner.IsDead($"load one {WriterOwner.Machine} {alive}", "load"));
        Assert.False(WriterOwner.IsDead($"load one {Environment.MachineName} {dead}", "other"));
        Assert.False(WriterOwner.IsDead($"load one 7c2e/pid:[1] {dead}", "other"));
        Assert.False(WriterOwner.IsDead("", "other"));
    }

    private static async Task StealAsync(ClickHouseTestPlace place)
    {
        await place.Database.QueryAsync($"DROP TABLE {Lock}");
        await place.Database.QueryAsync(Create("crm___things", "another"));
    }

    private static async Task<ClickHouseServer> ConnectAsync(string uri)
    {
        var client = new ClickHouseServer(ClickHouseAddress.Parse(uri));
        await client.ConnectAsync(Cancel);
        return client;
    }

    private async Task<ClickHouseTestPlace> PlaceAsync() => new(server, await server.NewDatabaseAsync());

    // Timers that ring after a hundredth of their time.
    private sealed class FastTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Part(dueTime), Part(period));

        private static TimeSpan Part(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / 100;
    }
}

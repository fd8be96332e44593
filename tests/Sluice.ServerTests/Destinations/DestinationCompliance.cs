using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.State;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>What every destination promises. A destination is one when a class that inherits this passes.</summary>
public abstract partial class DestinationCompliance : FormatCompliance
{
    /// <summary>
    /// Opens what reads while <paramref name="writer"/> writes: another connection, unless only one process may have the file open.
    /// </summary>
    protected virtual async Task<IDestination> OpenReaderAsync(IDestination writer) => await Desk.OpenAsync();

    /// <summary>Whether rows are staged outside the destination, so that two loads of a table can be staged at once.</summary>
    protected virtual bool StagesElsewhere => true;

    [Fact]
    public async Task A_table_that_is_not_there_is_none()
    {
        Assert.Null(await Desk.ReadAsync());
        await using var destination = await Desk.OpenAsync();
        Assert.Empty(await destination.SystemTables(Schema).ReadStatesAsync(Cancel));
        Assert.Empty(await destination.SystemTables(Schema).ReadRunsAsync(10, Cancel));
    }

    [Fact]
    public async Task The_destination_says_that_it_can_be_written_and_its_name_has_no_password()
    {
        await using var destination = await Desk.OpenAsync();
        Assert.NotEmpty(await destination.CheckAsync(Cancel));
        Assert.DoesNotContain(":sluice@", destination.Name, StringComparison.Ordinal);
        Assert.Null(await Desk.ReadAsync("_sluice_check", "i"));
    }

    [Fact]
    public async Task State_is_kept_set_and_forgotten()
    {
        await Desk.LoadAsync(Job(Named, Strategy.Merge), LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await using var destination = await Desk.OpenAsync();
        var books = destination.SystemTables(Schema);
        var state = Assert.Single(await books.ReadStatesAsync(Cancel));
        Assert.Equal(("things", "things", "run 1", Began - LookBack.Margin), (state.Table, state.Source, state.RunId, state.Until));
        var set = state with
        {
            Until = Began.AddDays(-7),
            RunId = null,
            Parents = new Dictionary<string, DateTimeOffset> { ["7"] = Began.AddDays(-1) },
        };
        await books.WriteStateAsync(set, Began, Cancel);
        var read = Assert.Single(await books.ReadStatesAsync(Cancel));
        Assert.Equal((set.Until, (string?)null, Began.AddDays(-1)), (read.Until, read.RunId, read.Parents["7"]));
        Assert.Equal(0, await books.ResetStateAsync("other", Cancel));
        Assert.Equal(1, await books.ResetStateAsync("things", Cancel));
        Assert.Empty(await books.ReadStatesAsync(Cancel));
        Assert.Equal(["1|a|NULL"], await Desk.LinesAsync());
    }

    [Fact]
    public async Task Runs_are_remembered_the_newest_first()
    {
        await using var destination = await Desk.OpenAsync();
        var books = destination.SystemTables(Schema);
        for (var run = 1; run <= 3; run++)
        {
            await books.RecordRunAsync(
                new RunRecord($"run {run}", Began.AddMinutes(run), Began.AddMinutes(run + 1), run - 1, run * 10, $"{{\"n\":{run}}}"), Cancel);
        }

        var runs = await books.ReadRunsAsync(2, Cancel);
        Assert.Equal([("run 3", 2, 30L), ("run 2", 1, 20L)], runs.Select(run => (run.RunId, run.ExitCode, run.Requests)));
        Assert.Equal(Began.AddMinutes(3), runs[0].StartedAt);
        Assert.Contains("3", runs[0].Report, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_tables_and_two_schemas_do_not_touch_each_other()
    {
        var job = Job(Named, Strategy.Replace);
        await Desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"a"}"""]);
        await Desk.LoadAsync(job with { Table = "others" }, LoadScenario.Plain, ["""{"id":2,"name":"b"}"""]);
        await Desk.LoadAsync(job with { Schema = "second" }, LoadScenario.Plain, ["""{"id":3,"name":"c"}"""]);
        Assert.Equal(["1|a|NULL"], await Desk.LinesAsync());
        Assert.Equal(["2"], (await Desk.ReadAsync("others"))!.Select(row => Line(row, "id")));
        await using var destination = await Desk.OpenAsync();
        Assert.Equal(
            ["others", "things"],
            (await destination.SystemTables(Schema).ReadStatesAsync(Cancel)).Select(state => state.Table).Order(StringComparer.Ordinal));
        Assert.Equal(["things"], (await destination.SystemTables("second").ReadStatesAsync(Cancel)).Select(state => state.Table));
    }
}

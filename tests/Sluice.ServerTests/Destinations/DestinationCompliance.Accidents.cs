using System.Diagnostics;
using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

public abstract partial class DestinationCompliance
{
    [Fact]
    public async Task Replace_is_atomic_to_a_reader_who_polls()
    {
        var job = Job(Named, Strategy.Replace);
        await Desk.LoadAsync(job, LoadScenario.Plain, Many(1000, "old"));
        await using var writer = await Desk.OpenAsync();
        await using var reader = await OpenReaderAsync(writer);
        using var done = new CancellationTokenSource();
        var polling = Task.Run(() => PollAsync(reader, done.Token), Cancel);
        for (var round = 0; round < 3; round++)
        {
            await ReplaceAsync(writer, job, $"load {round}", round % 2 == 0 ? Many(500, "new") : Many(1000, "old"));
        }

        await done.CancelAsync();
        var seen = await polling;
        Assert.NotEmpty(seen);
        Assert.All(seen, one => Assert.Contains(one, (string[])["1000 old", "500 new"]));
    }

    [Fact]
    public async Task A_crash_between_write_and_commit_leaves_nothing_and_the_next_run_goes_on()
    {
        var job = Job(Named, Strategy.Merge);
        var target = Desk.Target(job, "load");
        await using (var destination = await Desk.OpenAsync())
        await using (var staging = new StagingArea(destination))
        await using (var load = await staging.BeginLoadAsync(target, Cancel))
        {
            await load.WriteAsync(Desk.Shape(load, job, "load/1", Many(2000, "a")), null, Cancel);
            await load.PrepareAsync([.. Desk.Shape(load, job, "load/2", Many(1, "a")).Columns], Cancel);
        }

        Assert.Null(await Desk.ReadAsync());
        await using var again = await Desk.OpenAsync();
        Assert.Empty(await again.SystemTables(Schema).ReadStatesAsync(Cancel));
        await CommitAsync(again, job, target, Many(2000, "a"));
        Assert.Equal(2000, (await ReadAsync(again, "things", "id"))!.Count);
        Assert.Single(await again.SystemTables(Schema).ReadStatesAsync(Cancel));
    }

    [Fact]
    public async Task A_load_that_is_committed_already_is_not_loaded_again()
    {
        var job = Job(Named, Strategy.Append);
        var target = Desk.Target(job, "load");
        await using var destination = await Desk.OpenAsync();
        var first = await CommitAsync(destination, job, target, Many(100, "a"));
        var second = await CommitAsync(destination, job, target with { StageFolder = Path.Combine(Place.Folder, "another stage") }, Many(100, "b"));
        Assert.Equal((100, 100), (first.Loaded, second.Loaded));
        Assert.Equal(100, (await ReadAsync(destination, "things", "id"))!.Count(row => (string)row["name"]! == "a"));
    }

    [Fact]
    public async Task A_cancelled_commit_leaves_the_old_table_or_the_new_one_and_can_be_repeated()
    {
        var job = Job(Named, Strategy.Replace);
        var undisturbed = await UndisturbedCommitAsync(job, Many(2000, "old"));
        var before = 2000;
        for (var quarter = 0; quarter < 5; quarter += 2)
        {
            var target = Desk.Target(job, $"load {quarter}");
            var records = Many(2001 + quarter, $"new {quarter}");
            await using var destination = await Desk.OpenAsync();
            var isDone = await CommitOrStopAsync(destination, job, target, records, undisturbed * quarter / 4);
            Assert.Equal(isDone ? records.Count : before, (await ReadAsync(destination, "things", "id"))!.Count);
            await CommitAsync(destination, job, target, records);
            Assert.All((await ReadAsync(destination, "things", "id"))!, row => Assert.Equal($"new {quarter}", row["name"]));
            before = records.Count;
        }
    }

    [Fact]
    public async Task Two_writers_lose_nothing_and_double_nothing()
    {
        await Desk.LoadAsync(Job(Named, Strategy.Merge), LoadScenario.Plain, Many(1, "first"));
        await Task.WhenAll(InsistAsync(1, 0, 1000), InsistAsync(2, 500, 1500));
        var rows = await Desk.ReadAsync();
        Assert.Equal(Enumerable.Range(0, 1500).Select(id => (long)id), rows!.Select(row => (long)row["id"]!));
        Assert.All(rows!, row => Assert.StartsWith("writer", (string)row["name"]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_older_read_is_refused_when_a_newer_run_was_committed_meanwhile_and_marks_nothing_as_deleted()
    {
        var job = Job(Named, Strategy.Replace);
        var target = Desk.Target(job, "older") with { MarksDeleted = true };
        await using var destination = await Desk.OpenAsync();
        await using var staging = new StagingArea(destination);
        await using var load = await staging.BeginLoadAsync(target, Cancel);
        var segment = Desk.Shape(load, job, "older/1", Many(2, "older"));
        if (StagesElsewhere)
        {
            await load.WriteAsync(segment, null, Cancel);
        }

        await ElsewhereAsync(job, Many(3, "newer"));
        await load.WriteAsync(segment, null, Cancel);
        await load.PrepareAsync(segment.Columns, Cancel);
        var error = await Assert.ThrowsAsync<SluiceException>(() => load.CommitAsync(Checkpoint(job, target.RunId, 2), Cancel));
        Assert.Equal((SluiceErrorKind.Destination, true), (error.Kind, error.IsTransient));
        Assert.Contains("Another run has loaded", error.Message, StringComparison.Ordinal);
        var live = (await Desk.ReadAsync())!.Where(row => row["_sluice_deleted_at"] is null);
        Assert.Equal(["newer", "newer", "newer"], live.Select(row => row["name"]));
    }

    // Another machine, or another SLUICE_HOME.
    private async Task ElsewhereAsync(TableJob job, IReadOnlyList<string> records)
    {
        var desk = new LoadHarness(Place) { WorkFolder = Path.Combine(Place.Folder, "another home") };
        await desk.LoadAsync(job, LoadScenario.Plain with { Deletes = DeletePolicy.Soft }, records);
    }

    /// <summary>Loads as one run of its own process would, and tries again as its user would when another one is at work.</summary>
    private async Task InsistAsync(int writer, int from, int to)
    {
        var desk = new LoadHarness(Place) { WorkFolder = Path.Combine(Place.Folder, $"work {writer}") };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var report = await desk.TryLoadAsync(
                    Place.Uri, Job(Named, Strategy.Merge), LoadScenario.Plain, Many(to - from, $"writer {writer}", from));
                if (report.Outcome == TableOutcome.Done)
                {
                    return;
                }

                Assert.Equal(SluiceErrorKind.Destination, report.ErrorKind);
                Assert.True(attempt < 50, $"{report.Error} {report.Hint}");
            }
            catch (SluiceException error) when (error.Kind == SluiceErrorKind.Destination && attempt < 50)
            {
                // The file is another's: it is told so, and waits.
            }

            await Task.Delay(50, Cancel);
        }
    }

    private static IReadOnlyList<string> Many(int count, string name, int from = 0) =>
        [
            .. Enumerable
                .Range(from, count)
                .Select(id => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},\"name\":\"{name}\",\"at\":{1700000000 + id}}}")),
        ];

    private static async Task<List<string>> PollAsync(IDestination destination, CancellationToken done)
    {
        var seen = new List<string>();
        do
        {
            var rows = await ReadAsync(destination, "things", "id");
            seen.Add($"{rows?.Count} {string.Join('+', (rows ?? []).Select(row => row["name"]).Distinct())}");
        }
        while (!done.IsCancellationRequested);

        return seen;
    }

    private Task ReplaceAsync(IDestination destination, TableJob job, string load, IReadOnlyList<string> records) =>
        CommitAsync(destination, job, Desk.Target(job, load), records);

    private async Task<LoadResult> CommitAsync(IDestination destination, TableJob job, LoadTarget target, IReadOnlyList<string> records)
    {
        await using var staging = new StagingArea(destination);
        await using var load = await PrepareAsync(staging, job, target, records);
        return (await load.CommitAsync(Checkpoint(job, target.RunId, records.Count), Cancel))!;
    }

    /// <summary>How long a commit takes that nobody stops, so that others can be stopped in its course.</summary>
    private async Task<TimeSpan> UndisturbedCommitAsync(TableJob job, IReadOnlyList<string> records)
    {
        await using var destination = await Desk.OpenAsync();
        var target = Desk.Target(job, "undisturbed");
        await using var staging = new StagingArea(destination);
        await using var load = await PrepareAsync(staging, job, target, records);
        var watch = Stopwatch.StartNew();
        await load.CommitAsync(Checkpoint(job, target.RunId, records.Count), Cancel);
        return watch.Elapsed;
    }

    private async Task<bool> CommitOrStopAsync(
        IDestination destination, TableJob job, LoadTarget target, IReadOnlyList<string> records, TimeSpan after)
    {
        await using var staging = new StagingArea(destination);
        await using var load = await PrepareAsync(staging, job, target, records);
        using var stop = new CancellationTokenSource(after);
        try
        {
            await load.CommitAsync(Checkpoint(job, target.RunId, records.Count), stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<StagedLoad> PrepareAsync(StagingArea staging, TableJob job, LoadTarget target, IReadOnlyList<string> records)
    {
        var load = await staging.BeginLoadAsync(target, Cancel);
        var segment = Desk.Shape(load, job, $"{target.LoadId}/1", records);
        await load.WriteAsync(segment, null, Cancel);
        await load.PrepareAsync(segment.Columns, Cancel);
        return load;
    }
}

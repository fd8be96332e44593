using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;
using Xunit;
using static Sluice.Tests.Shape.ShapeBench;

namespace Sluice.Tests.Schema;

/// <summary>DuckDB stages rows in a part of its memory, and where that is too little, in all of it: no row is lost or doubled by that.</summary>
public sealed class StagingMemoryTests : IDisposable
{
    private const string Part = "61.0 MiB", Whole = "152.5 MiB";

    private static readonly Resource Things = Table(Is("id", ColumnType.Bigint), Is("text", ColumnType.Text));
    private readonly LoadBench _bench = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Rows_that_do_not_fit_a_part_of_the_memory_are_staged_once_more_in_all_of_it()
    {
        await using var destination = await _bench.OpenAsync();
        await using var staging = new StagingArea(destination);
        await using var load = await staging.BeginLoadAsync(LoadBench.Target(LoadBench.Job(Things), "run", "one"), Cancel);
        using var segments = new Shape.ShapeBench();
        var shaper = new Shaper(Options(Things) with { Known = load.KnownColumns });
        Assert.Equal(3, await load.WriteAsync(shaper.Shape(segments.Segment([.. Records(1, 3)])), null, Cancel));
        Assert.Equal(Part, Limit());

        _bench.Query("SET memory_limit = '4MB'; SELECT 1");
        Assert.Equal(100_000, await load.WriteAsync(shaper.Shape(segments.Segment([.. Records(4, 100_000)])), null, Cancel));

        Assert.Equal(Whole, Limit());
        await CommitAsync(load, shaper, 100_003);
    }

    [Fact]
    public async Task Keys_that_do_not_fit_a_part_of_the_memory_are_compared_in_all_of_it()
    {
        await using var destination = await _bench.OpenAsync();
        await using var staging = new StagingArea(destination);
        await using var load = await staging.BeginLoadAsync(LoadBench.Target(LoadBench.Job(Things), "run", "one"), Cancel);
        using var segments = new Shape.ShapeBench();
        var shaper = new Shaper(Options(Things) with { Known = load.KnownColumns });
        Assert.Equal(100_000, await load.WriteAsync(shaper.Shape(segments.Segment([.. Records(1, 100_000)])), null, Cancel));
        Assert.Equal(Part, Limit());

        _bench.Query("SET memory_limit = '2MB'; SELECT 1");
        await CommitAsync(load, shaper, 100_000);

        Assert.Equal(Whole, Limit());
    }

    [Fact]
    public async Task Tables_that_are_staged_side_by_side_get_more_and_long_rows_get_all()
    {
        await using var destination = await _bench.OpenAsync();
        await using var staging = new StagingArea(destination);
        await using var one = await staging.BeginLoadAsync(LoadBench.Target(LoadBench.Job(Things), "run", "one"), Cancel);
        var other = LoadBench.Job(Things with { Name = "others" });
        await using var two = await staging.BeginLoadAsync(LoadBench.Target(other, "run", "two"), Cancel);
        Assert.Equal("68.6 MiB", Limit());

        using var segments = new Shape.ShapeBench();
        var shaper = new Shaper(Options(Things) with { Known = two.KnownColumns });
        await two.WriteAsync(shaper.Shape(segments.Segment($"{{\"id\":1,\"text\":\"{new string('x', 2_000_000)}\"}}")), null, Cancel);

        Assert.Equal(Whole, Limit());
    }

    [Fact]
    public async Task What_a_long_record_was_allowed_stays_while_it_is_staged_and_the_next_run_begins_with_a_part_again()
    {
        var job = LoadBench.Job(Things);
        await using (var destination = await _bench.OpenAsync())
        {
            await using var staging = new StagingArea(destination);
            await using var load = await staging.BeginLoadAsync(LoadBench.Target(job, "run", "one"), Cancel);
            using var segments = new Shape.ShapeBench();
            var shaper = new Shaper(Options(Things) with { Known = load.KnownColumns });
            await load.WriteAsync(shaper.Shape(segments.Segment($"{{\"id\":1,\"text\":\"{new string('x', 9_000_000)}\"}}")), null, Cancel);
            var allowed = Limit();
            Assert.NotEqual(Whole, allowed);
            await load.WriteAsync(shaper.Shape(segments.Segment([.. Records(2, 3)])), null, Cancel);
            await using var beside = await staging.BeginLoadAsync(LoadBench.Target(job with { Table = "others" }, "run", "two"), Cancel);
            Assert.Equal(allowed, Limit());
            await CommitAsync(load, shaper, 4);
        }

        await using var next = await _bench.OpenAsync();
        await using var area = new StagingArea(next);
        await using var small = await area.BeginLoadAsync(LoadBench.Target(job with { Table = "small" }, "run", "three"), Cancel);
        Assert.Equal(Part, Limit());
    }

    private string? Limit() => _bench.Query("SELECT current_setting('memory_limit')")[0][0];

    private static IEnumerable<string> Records(int first, int count) => Enumerable.Range(first, count)
        .Select(id => string.Create(CultureInfo.InvariantCulture, $"{{\"id\":{id},\"text\":\"{id * 7919L}-{id * 104_729L}-{id * 15_485_863L}\"}}"));

    private async Task CommitAsync(StagedLoad load, Shaper shaper, long rows)
    {
        Assert.Equal(rows, (await load.PrepareAsync(shaper.Columns, Cancel)).Rows);
        Assert.Equal(rows, (await load.CommitAsync(new Checkpoint { Ledger = new LedgerLine { Source = "things" } }, Cancel))!.Loaded);
        Assert.Equal([[$"{rows}", $"{rows}"]], _bench.Query("SELECT count(*), count(DISTINCT id) FROM crm.things"));
    }
}

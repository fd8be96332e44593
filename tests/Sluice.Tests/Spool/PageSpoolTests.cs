using Sluice.CustomerIo;
using Sluice.Engine.Spool;
using Xunit;

namespace Sluice.Tests.Spool;

public sealed class PageSpoolTests : IDisposable
{
    private readonly SpoolBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Pages_are_read_back_in_order_as_pages_and_as_segments()
    {
        await using var spool = _bench.Open();
        await spool.AppendAsync(Pages.Draft("all", "A", "{\"a\":1}", "{\"a\":2}"), default);
        await spool.AppendAsync(Pages.Draft("all", "B"), default);
        await spool.AppendAsync(Pages.Draft("all", null, "{\"a\":3}"), default);
        await spool.CompleteAsync(default);

        const string All = "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n";
        Assert.Equal(All, await SpoolBench.PagesOf(spool));
        Assert.Equal(All, await SpoolBench.RecordsOf(spool));
        var segment = Assert.Single(await SpoolBench.SegmentsOf(spool));
        Assert.Equal((3L, (long)All.Length, 8), (segment.Rows, segment.Length, segment.LargestRecord));
        Assert.Equal((3L, (long)All.Length), (spool.Rows, spool.Bytes));
        Assert.Equal($"{spool.SpoolId}/{segment.Number}", segment.PackageId);
    }

    [Fact]
    public async Task A_feed_without_records_ends_without_a_segment()
    {
        await using var spool = _bench.Open();
        await spool.AppendAsync(Pages.Draft("all", null), default);
        await spool.CompleteAsync(default);
        Assert.Empty(await SpoolBench.SegmentsOf(spool));
        Assert.Equal("", await SpoolBench.PagesOf(spool));
        Assert.True(spool.Partition("all").IsDone);
    }

    [Fact]
    public async Task Reopening_with_the_same_question_goes_on()
    {
        string id;
        await using (var spool = _bench.Open())
        {
            id = spool.SpoolId;
            Assert.False(spool.WasResumed);
            await spool.AppendAsync(Pages.Draft("one", "A", "{\"a\":1}", "{\"a\":2}"), default);
            await spool.AppendAsync(Pages.Draft("two", null, "{\"a\":3}"), default);
            await spool.SplitAsync("three", ["3a", "3b"], default);
            await spool.SkipAsync("four", "it is gone", default);
        }

        await using var again = _bench.Open(later: TimeSpan.FromHours(23));
        Assert.True(again.WasResumed);
        Assert.Equal((id, SpoolBench.Now), (again.SpoolId, again.Began));
        Assert.Equal(
            ("A", false, 1, 2L),
            (again.Partition("one").Next, again.Partition("one").IsDone, again.Partition("one").Pages, again.Partition("one").Rows));
        Assert.Equal((null, true), (again.Partition("two").Next, again.Partition("two").IsDone));
        Assert.Equal(["3a", "3b"], again.Partition("three").SplitInto!);
        Assert.True(again.Partition("three").IsDone);
        Assert.Equal(("it is gone", true), (again.Partition("four").SkipReason, again.Partition("four").IsDone));
        Assert.Equal([KeyValuePair.Create("four", "it is gone")], again.Skips);
        Assert.Equal((3L, 24L), (again.Rows, again.Bytes));
        Assert.Equal((null, false, 0), (again.Partition("five").Next, again.Partition("five").IsDone, again.Partition("five").Pages));
        Assert.False(again.IsComplete);
    }

    [Fact]
    public async Task A_resumed_feed_appends_behind_what_it_has()
    {
        await using (var spool = _bench.Open())
        {
            await spool.AppendAsync(Pages.Draft("all", "A", "{\"a\":1}"), default);
        }

        await using (var spool = _bench.Open())
        {
            await spool.AppendAsync(Pages.Draft("all", null, "{\"a\":2}"), default);
            await spool.CompleteAsync(default);
            Assert.Equal(2, (await SpoolBench.SegmentsOf(spool)).Select(segment => segment.PackageId).Distinct().Count());
        }

        await using var complete = _bench.Open();
        Assert.True(complete.IsComplete);
        Assert.Equal("{\"a\":1}\n{\"a\":2}\n", await SpoolBench.RecordsOf(complete));
        Assert.Equal("{\"a\":1}\n{\"a\":2}\n", await SpoolBench.PagesOf(complete));
    }

    [Theory]
    [InlineData("another question", 0)]
    [InlineData("question", 24)]
    public async Task Another_question_or_an_old_spool_begins_anew(string fingerprint, int hours)
    {
        string id;
        await using (var spool = _bench.Open())
        {
            id = spool.SpoolId;
            await spool.AppendAsync(Pages.Draft("all", "A", "{\"a\":1}"), default);
        }

        await using var again = _bench.Open(fingerprint, TimeSpan.FromHours(hours));
        Assert.False(again.WasResumed);
        Assert.NotEqual(id, again.SpoolId);
        Assert.Equal((0L, 0L, 0), (again.Rows, again.Bytes, again.Partition("all").Pages));
        Assert.Equal(SpoolBench.Now.AddHours(hours), again.Began);
        Assert.False(File.Exists(_bench.SegmentPath(1)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{\"a\"")]
    public async Task A_manifest_whose_pages_are_gone_begins_anew(string? left)
    {
        await using (var spool = _bench.Open())
        {
            await spool.AppendAsync(Pages.Draft("all", "A", "{\"a\":1}"), default);
        }

        File.Delete(_bench.SegmentPath(1));
        if (left is not null)
        {
            await File.WriteAllTextAsync(_bench.SegmentPath(1), left);
        }

        await using var again = _bench.Open();

        Assert.Equal((false, 0L, null), (again.WasResumed, again.Rows, again.Partition("all").Next));
        await again.AppendAsync(Pages.Draft("all", null, "{\"a\":1}"), default);
        await again.CompleteAsync(default);
        Assert.Equal("{\"a\":1}\n", await SpoolBench.RecordsOf(again));
    }

    [Theory]
    [InlineData("{\"k\":\"page\",\"walk\":\"all\",\"ro")]
    [InlineData("{\"k\":\"page\",\"walk\":\0\0\0\n{\"k\":\"done\"}\n")]
    public async Task A_torn_last_line_is_cut_off(string torn)
    {
        await using (var spool = _bench.Open())
        {
            await spool.AppendAsync(Pages.Draft("all", "A", "{\"a\":1}"), default);
        }

        var whole = await File.ReadAllTextAsync(_bench.Manifest);
        await File.AppendAllTextAsync(_bench.Manifest, torn);
        await using (var spool = _bench.Open())
        {
            Assert.Equal((true, false, "A"), (spool.WasResumed, spool.IsComplete, spool.Partition("all").Next));
            await spool.AppendAsync(Pages.Draft("all", null, "{\"a\":2}"), default);
        }

        Assert.StartsWith(whole + "{\"k\":\"page\"", await File.ReadAllTextAsync(_bench.Manifest), StringComparison.Ordinal);
        await using var again = _bench.Open();
        Assert.Equal(2, again.Rows);
    }

    [Fact]
    public async Task Bytes_behind_the_last_known_page_are_cut_off()
    {
        await using (var spool = _bench.Open())
        {
            await spool.AppendAsync(Pages.Draft("all", "A", "{\"a\":1}"), default);
        }

        await File.AppendAllTextAsync(_bench.SegmentPath(1), "{\"a\":99}\n{\"garb");
        await File.WriteAllTextAsync(_bench.SegmentPath(2), "{\"a\":99}\n");
        await using var again = _bench.Open();
        Assert.Equal("{\"a\":1}\n", await File.ReadAllTextAsync(_bench.SegmentPath(1)));
        await again.AppendAsync(Pages.Draft("all", null, "{\"a\":2}"), default);
        await again.CompleteAsync(default);
        Assert.Equal("{\"a\":1}\n{\"a\":2}\n", await SpoolBench.RecordsOf(again));
    }

    [Fact]
    public async Task Segments_rotate_by_size_and_no_record_is_lost_or_doubled()
    {
        await using var spool = _bench.Open(segmentBytes: 500);
        for (var i = 0; i < 300; i++)
        {
            await spool.AppendAsync(Pages.Draft("all", $"{i}", $"{{\"a\":{2 * i}}}", $"{{\"a\":{(2 * i) + 1}}}"), default);
        }

        await spool.CompleteAsync(default);
        var expected = string.Concat(Enumerable.Range(0, 600).Select(i => $"{{\"a\":{i}}}\n"));
        var segments = await SpoolBench.SegmentsOf(spool);
        Assert.InRange(segments.Count, 2, 20);
        Assert.Equal(Enumerable.Range(1, segments.Count), segments.Select(segment => segment.Number));
        Assert.All(segments.SkipLast(1), segment => Assert.True(segment.Length >= 500));
        Assert.All(segments, segment => Assert.Equal(new FileInfo(segment.Path).Length, segment.Length));
        Assert.Equal(600, segments.Sum(segment => segment.Rows));
        Assert.Equal(expected, await SpoolBench.RecordsOf(spool));
        Assert.Equal(expected, await SpoolBench.PagesOf(spool));
    }

    [Fact]
    public async Task Field_kinds_survive_reopening()
    {
        await using (var spool = _bench.Open())
        {
            await spool.AppendAsync(Pages.Draft("all", "A", "{\"a\":1,\"b\":true}"), default);
            await spool.AppendAsync(Pages.Draft("all", "B", "{\"a\":1}"), default);
            await spool.AppendAsync(Pages.Draft("all", "C", "{\"a\":1.5,\"c\":\"x\",\"c\":null}"), default);
            await spool.CompleteAsync(default);
            AssertKinds(Assert.Single(await SpoolBench.SegmentsOf(spool)));
        }

        await using var again = _bench.Open();
        AssertKinds(Assert.Single(await SpoolBench.SegmentsOf(again)));
    }

    [Fact]
    public async Task A_deleted_feed_leaves_nothing()
    {
        var spool = _bench.Open();
        await spool.AppendAsync(Pages.Draft("all", null, "{\"a\":1}"), default);
        await spool.DisposeAsync();
        spool.Delete();
        Assert.False(Directory.Exists(_bench.Folder));
    }

    private static void AssertKinds(Segment segment)
    {
        Assert.Equal(JsonKinds.Integer | JsonKinds.Fraction, segment.Fields["a"]);
        Assert.Equal(JsonKinds.Boolean, segment.Fields["b"]);
        Assert.Equal(JsonKinds.Text | JsonKinds.Null, segment.Fields["c"]);
        Assert.True(segment.Fields.HasRepeatedNames);
        Assert.Equal(3, segment.Rows);
    }
}

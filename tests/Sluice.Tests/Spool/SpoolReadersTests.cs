using Sluice.Engine;
using Sluice.Engine.Extract;
using Xunit;

namespace Sluice.Tests.Spool;

public sealed class SpoolReadersTests : IDisposable
{
    private readonly SpoolBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_reader_that_waits_is_woken_by_a_page()
    {
        await using var spool = _bench.Open();
        await using var pages = spool.PagesAsync(default).GetAsyncEnumerator();
        var next = pages.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        await spool.AppendAsync(Pages.Draft("all", "A", "{\"a\":1}"), default);
        Assert.True(await next);
        Assert.Equal("{\"a\":1}\n", Pages.Text(pages.Current));
        next = pages.MoveNextAsync().AsTask();
        await spool.CompleteAsync(default);
        Assert.False(await next);
    }

    [Fact]
    public async Task Readers_never_end_before_the_last_segment()
    {
        for (var round = 0; round < 200; round++)
        {
            await using var spool = _bench.Open($"round {round}", segmentBytes: round % 2 == 0 ? 20 : 10_000);
            var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() => SpoolBench.SegmentsOf(spool))).ToList();
            var pages = Task.Run(() => SpoolBench.PagesOf(spool));
            for (var i = 0; i < 5; i++)
            {
                await spool.AppendAsync(Pages.Draft("all", i < 4 ? $"{i}" : null, $"{{\"a\":{i}}}"), default);
            }

            await spool.CompleteAsync(default);
            foreach (var segments in await Task.WhenAll(readers))
            {
                Assert.Equal(5, segments.Sum(segment => segment.Rows));
            }

            Assert.Equal("{\"a\":0}\n{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n{\"a\":4}\n", await pages);
        }
    }

    [Fact]
    public async Task A_reader_that_waits_is_woken_by_failure()
    {
        await using var spool = _bench.Open();
        var pages = SpoolBench.PagesOf(spool);
        var segments = SpoolBench.SegmentsOf(spool);
        Assert.False(pages.IsCompleted || segments.IsCompleted);
        var cause = new InvalidOperationException("the key is wrong");
        spool.Fail(cause);
        Assert.Same(cause, (await Assert.ThrowsAsync<ExtractionFailedException>(() => pages)).InnerException);
        Assert.Same(cause, (await Assert.ThrowsAsync<ExtractionFailedException>(() => segments)).InnerException);
    }

    [Fact]
    public async Task A_failure_comes_after_the_pages_before_it()
    {
        await using var spool = _bench.Open();
        await using var pages = spool.PagesAsync(default).GetAsyncEnumerator();
        await spool.AppendAsync(Pages.Draft("all", "A", "{\"a\":1}"), default);
        Assert.True(await pages.MoveNextAsync());
        spool.Fail(new InvalidOperationException("first"));
        spool.Fail(new InvalidOperationException("second"));
        var error = await Assert.ThrowsAsync<ExtractionFailedException>(async () => await pages.MoveNextAsync());
        Assert.Equal("first", error.Message);
    }

    [Fact]
    public async Task A_reader_that_waits_can_be_cancelled()
    {
        await using var spool = _bench.Open();
        using var stop = new CancellationTokenSource();
        await using var segments = spool.SegmentsAsync(stop.Token).GetAsyncEnumerator();
        var next = segments.MoveNextAsync().AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task A_segment_shorter_than_its_manifest_is_told()
    {
        await using var spool = _bench.Open();
        await spool.AppendAsync(Pages.Draft("all", null, "{\"a\":1}"), default);
        await spool.CompleteAsync(default);
        await File.WriteAllTextAsync(_bench.SegmentPath(1), "{\"a\"");
        var error = await Assert.ThrowsAsync<SluiceException>(() => SpoolBench.PagesOf(spool));
        Assert.Contains("segment-00001.ndjson is missing or shorter", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_failure_is_told_to_whoever_completes()
    {
        await using var spool = _bench.Open();
        Directory.CreateDirectory(_bench.SegmentPath(1));
        var error = await Assert.ThrowsAsync<SluiceException>(async () =>
        {
            await spool.AppendAsync(Pages.Draft("all", null, "{\"a\":1}"), default);
            await spool.CompleteAsync(default);
        });
        Assert.Contains($"Writing to the work folder {_bench.Folder} failed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_failure_is_told_to_whoever_appends()
    {
        await using var spool = _bench.Open();
        Directory.CreateDirectory(_bench.SegmentPath(1));
        await Assert.ThrowsAsync<SluiceException>(async () =>
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                await spool.AppendAsync(Pages.Draft("all", "A", "{\"a\":1}"), default);
            }
        });
    }

    [Fact]
    public async Task A_write_failure_wakes_those_who_read()
    {
        await using var spool = _bench.Open();
        Directory.CreateDirectory(_bench.SegmentPath(1));
        var segments = SpoolBench.SegmentsOf(spool);
        await spool.AppendAsync(Pages.Draft("all", null, "{\"a\":1}"), default);
        var error = await Assert.ThrowsAsync<ExtractionFailedException>(() => segments);
        Assert.Contains("work folder", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_who_completes_while_writing_fails_hangs()
    {
        for (var round = 0; round < 200; round++)
        {
            await using var spool = _bench.Open($"round {round}");
            Directory.CreateDirectory(_bench.SegmentPath(1));
            var append = Task.Run(async () => await spool.AppendAsync(Pages.Draft("all", null, "{\"a\":1}"), default));
            var complete = Task.Run(() => spool.CompleteAsync(default));
            try
            {
                await append;
            }
            catch (SluiceException)
            {
                // Queued after the failure.
            }

            try
            {
                await complete.WaitAsync(TimeSpan.FromSeconds(30));
            }
            catch (SluiceException)
            {
                continue;
            }

            // Completed first: then the failure must show in what comes next.
            await Assert.ThrowsAsync<SluiceException>(() => spool.CompleteAsync(default).WaitAsync(TimeSpan.FromSeconds(30)));
        }
    }
}

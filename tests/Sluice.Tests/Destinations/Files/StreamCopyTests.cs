using System.IO.Pipelines;
using Microsoft.Extensions.Time.Testing;
using Sluice.Destinations.Files.ObjectStores;
using Sluice.Tests.CustomerIo;
using Xunit;

namespace Sluice.Tests.Destinations.Files;

public class StreamCopyTests
{
    private static readonly byte[] Half = [1, 2, 3];

    private readonly FakeTimeProvider _time = new();
    private readonly Pipe _answer = new();

    [Fact]
    public async Task A_body_that_stops_in_the_middle_fails_instead_of_waiting_for_ever()
    {
        using var to = new MemoryStream();
        var copying = CopyAsync(to, CancellationToken.None);
        await _answer.Writer.WriteAsync(Half, TestContext.Current.CancellationToken);
        // On a busy machine the copying may begin to read, and then to wait, only after the clock has moved.
        while (to.Length < Half.Length)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        for (var moves = 0; moves < 100 && !copying.IsCompleted; moves++)
        {
            await FakeTimeSteps.SettleAsync();
            _time.Advance(StreamCopy.LongestPause);
        }

        var error = await Assert.ThrowsAsync<IOException>(() => copying.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Contains("60 seconds", error.Message, StringComparison.Ordinal);
        Assert.Equal(Half, to.ToArray());
    }

    [Fact]
    public async Task A_slow_body_that_goes_on_is_read_to_its_end()
    {
        using var to = new MemoryStream();
        var copying = CopyAsync(to, CancellationToken.None);
        for (var part = 0; part < 5; part++)
        {
            await _answer.Writer.WriteAsync(Half, TestContext.Current.CancellationToken);
            await FakeTimeSteps.SettleAsync();
            _time.Advance(StreamCopy.LongestPause - TimeSpan.FromSeconds(1));
        }

        await _answer.Writer.CompleteAsync();
        await copying.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(5 * Half.Length, to.Length);
    }

    [Fact]
    public async Task Cancelling_is_no_cut_connection()
    {
        using var to = new MemoryStream();
        using var cancel = new CancellationTokenSource();
        var copying = CopyAsync(to, cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => copying);
    }

    private Task CopyAsync(Stream to, CancellationToken cancel) => StreamCopy.ToEndAsync(_answer.Reader.AsStream(), to, _time, cancel);
}

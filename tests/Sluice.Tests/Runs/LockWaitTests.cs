using Microsoft.Extensions.Time.Testing;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Tests.CustomerIo;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class LockWaitTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _told = [];
    private int _asked;

    [Fact]
    public async Task What_gets_free_is_taken_and_the_wait_is_told_once()
    {
        var taken = await RunAsync(Timeout.InfiniteTimeSpan, freeAt: 7);

        Assert.Equal("taken", taken);
        Assert.Equal(7, _asked);
        Assert.Equal("Waiting: held by someone", Assert.Single(_told));
        Assert.InRange(_time.Elapsed().TotalSeconds, 6, 8);
    }

    [Fact]
    public async Task A_wait_ends_when_its_time_is_over_with_the_holder_named()
    {
        var error = await Assert.ThrowsAsync<SluiceException>(() => RunAsync(TimeSpan.FromSeconds(2.5), freeAt: int.MaxValue));

        Assert.Equal((SluiceErrorKind.Destination, true), (error.Kind, error.IsTransient));
        Assert.Equal("The time to wait is over. held by someone", error.Message);
        Assert.InRange(_time.Elapsed().TotalSeconds, 2.5, 4);
    }

    [Fact]
    public async Task Without_patience_nothing_is_waited_for_and_nothing_told()
    {
        var error = await Assert.ThrowsAsync<SluiceException>(() => RunAsync(TimeSpan.Zero, freeAt: 2));

        Assert.Equal(("held by someone", 1), (error.Message, _asked));
        Assert.Empty(_told);
    }

    [Fact]
    public async Task What_fails_for_another_reason_is_not_tried_again()
    {
        var patience = new LockWait(_time, Timeout.InfiniteTimeSpan, _told.Add);
        var broken = new SluiceException(SluiceErrorKind.Destination, "broken");

        Assert.Same(
            broken,
            await Assert.ThrowsAsync<SluiceException>(() => patience.UntilFreeAsync<string>(() => Task.FromException<string>(broken), default)));
    }

    [Fact]
    public async Task A_wait_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        var patience = new LockWait(_time, Timeout.InfiniteTimeSpan, _ => stop.Cancel());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patience.UntilFreeAsync(() => TakeAsync(int.MaxValue), stop.Token));
    }

    private Task<string> RunAsync(TimeSpan atMost, int freeAt)
    {
        var patience = new LockWait(_time, atMost, _told.Add);
        return _time.RunAsync(patience.UntilFreeAsync(() => TakeAsync(freeAt), default), TimeSpan.FromMilliseconds(100));
    }

    private Task<string> TakeAsync(int freeAt) => ++_asked >= freeAt
        ? Task.FromResult("taken")
        : Task.FromException<string>(new SluiceException(SluiceErrorKind.Destination, "held by someone") { IsTransient = true });
}

using Microsoft.Extensions.Time.Testing;
using Sluice.CustomerIo;
using Sluice.CustomerIo.RateLimit;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class RequestBudgetTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task First_come_is_first_served()
    {
        var budget = new RequestBudget(10, _time);
        Task<BudgetSlot>[] waiting = [.. Enumerable.Range(0, 25).Select(_ => budget.EnterAsync(CancellationToken.None).AsTask())];
        BudgetSlot[] slots = await _time.RunAsync(Task.WhenAll(waiting), Step);
        Assert.Equal(Enumerable.Range(0, 25).Select(i => (long)i), slots.Select(slot => slot.Number));
        Assert.True(slots.Zip(slots.Skip(1)).All(pair => pair.First.Waited < pair.Second.Waited));
    }

    [Fact]
    public async Task A_cancelled_waiter_frees_its_place()
    {
        var budget = new RequestBudget(1, _time);
        await budget.AcquireAsync(CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        Task first = budget.AcquireAsync(cancel.Token).AsTask();
        Task second = budget.AcquireAsync(cancel.Token).AsTask();
        Task<BudgetSlot> third = budget.EnterAsync(CancellationToken.None).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        BudgetSlot slot = await _time.RunAsync(third, Step);
        Assert.Equal(1, slot.Number);
        Assert.Equal(2, budget.Usage.Granted);
    }

    [Fact]
    public async Task A_slow_down_holds_everybody()
    {
        var budget = new RequestBudget(10, _time);
        await budget.AcquireAsync(CancellationToken.None);
        Task<BudgetSlot>[] waiting = [.. Enumerable.Range(0, 3).Select(_ => budget.EnterAsync(CancellationToken.None).AsTask())];
        budget.SlowDown(TimeSpan.FromSeconds(30));
        for (int i = 0; i < 29; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await FakeTimeSteps.SettleAsync();
        }

        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        BudgetSlot[] slots = await _time.RunAsync(Task.WhenAll(waiting), Step);
        Assert.All(slots, slot => Assert.True(slot.Waited >= TimeSpan.FromSeconds(30)));
        Assert.Equal(1, budget.Usage.SlowDowns);
    }

    [Fact]
    public async Task Usage_tells_what_was_granted_and_waited_for()
    {
        var budget = new RequestBudget(10, _time);
        Assert.Equal(0, budget.Usage.Utilisation);
        await _time.RunAsync(Task.WhenAll(Enumerable.Range(0, 10).Select(_ => budget.EnterAsync(CancellationToken.None).AsTask())), Step);
        BudgetUsage usage = budget.Usage;
        Assert.Equal(10, usage.Granted);
        Assert.InRange(usage.Waited, TimeSpan.FromSeconds(4), TimeSpan.FromMinutes(2));
        Assert.InRange(usage.CurrentRate, 0.1, 10);
        Assert.InRange(usage.Utilisation, 0.01, 1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(10_001)]
    public void An_impossible_rate_is_refused(double rate) => Assert.Throws<ArgumentOutOfRangeException>(() => new RequestBudget(rate, _time));
}

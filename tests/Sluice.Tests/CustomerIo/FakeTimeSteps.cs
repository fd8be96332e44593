using Microsoft.Extensions.Time.Testing;

namespace Sluice.Tests.CustomerIo;

/// <summary>Moves a clock that stands still while work waits for it.</summary>
internal static class FakeTimeSteps
{
    public static TimeSpan Elapsed(this FakeTimeProvider time) => time.GetUtcNow() - time.Start;

    /// <summary>Advances in steps until the work is done; gives up after a while of real time.</summary>
    public static async Task<T> RunAsync<T>(this FakeTimeProvider time, Task<T> work, TimeSpan step)
    {
        for (var i = 0; i < 20_000 && !work.IsCompleted; i++)
        {
            time.Advance(step);
            await Task.Delay(1, CancellationToken.None);
        }

        return await work.WaitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Lets everything run that waits for no clock.</summary>
    public static Task SettleAsync() => Task.Delay(20, CancellationToken.None);
}

namespace Sluice.Engine.Runs;

/// <summary>How long a run waits for what another program holds, and who hears of it.</summary>
/// <param name="time">The clock that is looked at, about once a second.</param>
/// <param name="atMost">The longest wait in all, zero for none, <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
/// <param name="tell">Takes one sentence for each thing that is waited for.</param>
public sealed class LockWait(TimeProvider time, TimeSpan atMost, Action<string> tell)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly long _began = time.GetTimestamp();

    private TimeSpan Left => atMost == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : atMost - time.GetElapsedTime(_began);

    /// <summary>Waits for nothing.</summary>
    public static LockWait None(TimeProvider time) => new(time, TimeSpan.Zero, _ => { });

    /// <summary>Takes something, again and again as long as another program holds it and there is time left.</summary>
    /// <exception cref="SluiceException">It is held (kind Destination, transient) and the time is over, or it can't be taken for another
    /// reason.</exception>
    public async Task<T> UntilFreeAsync<T>(Func<Task<T>> take, CancellationToken cancel)
    {
        for (var told = false; ; told = true)
        {
            cancel.ThrowIfCancellationRequested();
            try
            {
                return await take();
            }
            catch (SluiceException busy) when (IsHeld(busy) && Left > TimeSpan.Zero)
            {
                if (!told)
                {
                    tell($"Waiting: {busy.Message}");
                }
            }
            catch (SluiceException busy) when (IsHeld(busy) && atMost > TimeSpan.Zero)
            {
                throw new SluiceException(busy.Kind, $"The time to wait is over. {busy.Message}", busy.Hint, busy) { IsTransient = true };
            }

            await Task.Delay(Left < Look ? TimeSpan.FromMilliseconds(Math.Max(1, Left.TotalMilliseconds)) : Look, time, cancel);
        }
    }

    private static bool IsHeld(SluiceException error) => error is { IsTransient: true, Kind: SluiceErrorKind.Destination };
}

namespace Sluice.CustomerIo.Pacing;

internal sealed class Waiter(long readyAt)
{
    public long ReadyAt { get; } = readyAt;

    /// <summary>Completes when everybody who came before has started or left.</summary>
    public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using System.Runtime.InteropServices;

namespace Sluice.CustomerIo.RateLimit;

/// <summary>One granted start, by which the client tells the budget what became of it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BudgetSlot(RequestBudget Budget, long Number, TimeSpan Waited)
{
    public void Connecting() => Budget.Connecting(Number);

    public void Sent() => Budget.Sent(Number);

    public void Answered() => Budget.Answered(Number);
}

internal sealed class Waiter(long readyAt)
{
    public long ReadyAt { get; } = readyAt;

    /// <summary>Completes when everybody who came before has started or left.</summary>
    public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

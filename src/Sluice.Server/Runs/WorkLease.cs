using System.Data.Common;
using Sluice.Server.Control;

namespace Sluice.Server.Runs;

/// <summary>
/// The leases of a sync in the hands of work that is no run of it, such as a fold of webhooks; kept until they are disposed of. When the node dies,
/// they are freed as those of runs are.
/// </summary>
internal sealed class WorkLease : IAsyncDisposable
{
    private readonly ControlDatabase _control;
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _kept;

    private WorkLease(ControlDatabase control, IReadOnlyList<string> names, LeaseHolder holder, TimeProvider time)
    {
        _control = control;
        Holder = holder;
        _kept = KeepAsync(names, time);
    }

    /// <summary>Is cancelled when another has taken over.</summary>
    public CancellationToken Lost => _lost.Token;

    private LeaseHolder Holder { get; }

    /// <summary>Takes the leases; gives null when a run or other work holds one.</summary>
    public static async Task<WorkLease?> TakeAsync(
        ControlDatabase control, IReadOnlyList<string> names, string work, string node, TimeProvider time, CancellationToken cancel)
    {
        var holder = new LeaseHolder(node, $"{work}-{ControlTime.NewId(time.GetUtcNow())}");
        var epoch = await control.ChangeAsync(async change => await RunLeases.TakeAsync(change, names, holder, await change.NowAsync()), cancel);
        return epoch is null ? null : new WorkLease(control, names, holder, time);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _kept;
        await _control.ChangeAsync(
            async change =>
            {
                await RunLeases.ReleaseAsync(change, Holder.RunId);
                return true;
            },
            CancellationToken.None);
        _over.Dispose();
        _lost.Dispose();
    }

    private async Task KeepAsync(IReadOnlyList<string> names, TimeProvider time)
    {
        while (true)
        {
            await Task.Delay(RunLeases.Heartbeat, time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_over.IsCancellationRequested)
            {
                return;
            }

            try
            {
                if (!await _control.ChangeAsync(
                    async change => await RunLeases.KeepAsync(change, names, Holder, await change.NowAsync()), _over.Token))
                {
                    await _lost.CancelAsync();
                    return;
                }
            }
            catch (Exception error) when (error is DbException or OperationCanceledException)
            {
                // The control database is away: the work is short, and what it does is done or not done in one transaction of the destination.
            }
        }
    }
}

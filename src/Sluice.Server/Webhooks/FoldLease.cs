using System.Data.Common;
using Sluice.Server.Control;
using Sluice.Server.Runs;

namespace Sluice.Server.Webhooks;

/// <summary>What a fold holds while it writes a destination: the leases of the sync that it is of, kept until it is disposed of.</summary>
internal sealed class FoldLease : IAsyncDisposable
{
    private const string Prefix = "fold-";

    private readonly ControlDatabase _control;
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly Task _kept;

    private FoldLease(ControlDatabase control, IReadOnlyList<string> names, LeaseHolder holder, TimeProvider time)
    {
        _control = control;
        Holder = holder;
        _kept = KeepAsync(names, time);
    }

    /// <summary>Is cancelled when another has taken over.</summary>
    public CancellationToken Lost => _lost.Token;

    private LeaseHolder Holder { get; }

    /// <summary>Takes the leases; gives null when a run or another fold holds one.</summary>
    public static async Task<FoldLease?> TakeAsync(
        ControlDatabase control, IReadOnlyList<string> names, string node, TimeProvider time, CancellationToken cancel)
    {
        var holder = new LeaseHolder(node, Prefix + ControlTime.NewId(time.GetUtcNow()));
        var epoch = await control.ChangeAsync(async change => await RunLeases.TakeAsync(change, names, holder, await change.NowAsync()), cancel);
        return epoch is null ? null : new FoldLease(control, names, holder, time);
    }

    /// <summary>Gives back what folds of a former process of this node held.</summary>
    public static Task ForgetAsync(ControlDatabase control, string node, CancellationToken cancel) => control.ExecuteAsync(
        $"UPDATE leases SET node = NULL, run_id = NULL, heartbeat_at = 0 WHERE node = @Node AND run_id LIKE '{Prefix}%'",
            new { Node = node }, cancel);

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
                // The control database is away: the fold is short, and whoever takes over finds the same events done or not done.
            }
        }
    }
}

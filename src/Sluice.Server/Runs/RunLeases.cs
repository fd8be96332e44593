using Sluice.Server.Control;

namespace Sluice.Server.Runs;

/// <summary>
/// Leases: what a node holds while it runs something, so that nothing else runs the same. When its holder has not been heard of for a while, the run
/// is ended by another node and its leases are free; the next to take one has a higher epoch, by which the destination knows commits as outdated.
/// </summary>
internal static class RunLeases
{
    /// <summary>How often a holder makes itself heard.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    /// <summary>How long a holder may be silent.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Takes all leases or none; gives the highest of their epochs, or null when one is held.</summary>
    public static async Task<long?> TakeAsync(ControlChange change, IReadOnlyList<string> names, LeaseHolder holder, long now)
    {
        var epoch = 0L;
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            await change.ExecuteAsync(
                "INSERT INTO leases (name, epoch, heartbeat_at) VALUES (@Name, 0, 0) ON CONFLICT (name) DO NOTHING", new { Name = name });
            if (await change.FindAsync<long?>(
                "SELECT epoch FROM leases WHERE name = @Name AND node IS NULL" + change.ForUpdate, new { Name = name }) is not { } former)
            {
                return null;
            }

            epoch = Math.Max(epoch, former + 1);
        }

        foreach (var name in names)
        {
            await change.ExecuteAsync(
                "UPDATE leases SET node = @Node, run_id = @RunId, epoch = @Epoch, heartbeat_at = @Now WHERE name = @Name",
                new { Name = name, holder.Node, holder.RunId, Epoch = epoch, Now = now });
        }

        return epoch;
    }

    /// <summary>Makes the holder heard of; gives false when another has taken a lease over.</summary>
    public static async Task<bool> KeepAsync(ControlChange change, IReadOnlyList<string> names, LeaseHolder holder, long now) =>
        await change.ExecuteAsync(
            "UPDATE leases SET heartbeat_at = @Now WHERE run_id = @RunId AND node = @Node",
            new { holder.Node, holder.RunId, Now = now }) == names.Count;

    /// <summary>Gives the leases of a run back.</summary>
    public static Task ReleaseAsync(ControlChange change, string runId) =>
        change.ExecuteAsync("UPDATE leases SET node = NULL, run_id = NULL, heartbeat_at = 0 WHERE run_id = @RunId", new { RunId = runId });
}

/// <summary>Who holds a lease.</summary>
/// <param name="Node">The node.</param>
/// <param name="RunId">The run.</param>
internal sealed record LeaseHolder(string Node, string RunId);

namespace Sluice.Writes.Sync;

/// <summary>What is known of the last run of a two-way synchronization that has changed something.</summary>
/// <param name="At">When it ended; null when there was none.</param>
/// <param name="Rows">How many rows both sides had then.</param>
public sealed record TwoWayStatus(DateTimeOffset? At, int Rows)
{
    /// <summary>Reads what is kept of it.</summary>
    public static TwoWayStatus Read(TwoWaySettings settings)
    {
        var state = SyncStateFile.Read(settings);
        return new TwoWayStatus(state.At, state.Rows.Count);
    }
}

using Sluice.CustomerIo.Pacing;

namespace Sluice.CustomerIo.Http;

/// <summary>
/// Follows one attempt down to the wire. The handler below repeats a request by itself when a connection ends without an answer; that would be
/// one more arrival that the budget knows nothing of, and for a write a repetition nobody asked for. So a second connection is refused.
/// </summary>
internal sealed class WireTrace(BudgetSlot slot)
{
    private static readonly AsyncLocal<WireTrace?> Flow = new();
    private Stream? _connection;

    /// <summary>The attempt in whose flow the caller runs.</summary>
    public static WireTrace? Current => Flow.Value;

    /// <summary>Begins to follow an attempt in the calling method's flow.</summary>
    public static void Begin(BudgetSlot slot) => Flow.Value = new WireTrace(slot);

    /// <exception cref="IOException">The request had already left on another connection.</exception>
    public void Writing(Stream connection)
    {
        if (_connection is null)
        {
            _connection = connection;
            slot.Sent();
        }
        else if (_connection != connection)
        {
            throw new IOException("The connection ended without an answer.");
        }
    }
}

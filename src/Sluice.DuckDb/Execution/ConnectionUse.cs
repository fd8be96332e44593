namespace Sluice.DuckDb.Execution;

/// <summary>Rules of a connection that is in use.</summary>
internal static class ConnectionUse
{
    /// <summary>DuckDB would end the stream silently when another statement starts.</summary>
    internal static void RequireNoStream(this DuckDBConnection connection)
    {
        if (connection.Stream is not null)
        {
            throw new InvalidOperationException(
                "A streaming reader is open on this connection: read it to its end or dispose it first, "
                + "set UseStreamingMode to false on its command, or use Duplicate() for the second statement.");
        }
    }
}

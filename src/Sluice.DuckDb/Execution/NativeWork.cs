namespace Sluice.DuckDb.Execution;

/// <summary>Native calls on a worker thread, ended by their token.</summary>
internal static class NativeWork
{
    internal static async Task<T> RunAsync<T>(DuckDBConnection connection, Func<T> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return await Task.Run(() => Interruptible(connection, work, cancellationToken), CancellationToken.None);
    }

    private static T Interruptible<T>(DuckDBConnection connection, Func<T> work, CancellationToken cancellationToken)
    {
        using var scope = new InterruptScope(connection, cancellationToken);
        try
        {
            return work();
        }
        catch (DuckDBException e) when (e.ErrorType == DuckDBErrorType.Interrupt && cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The statement was cancelled.", e, cancellationToken);
        }
    }
}

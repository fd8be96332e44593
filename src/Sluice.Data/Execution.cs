using Sluice.CustomerIo;
using Sluice.Engine;

namespace Sluice.Data;

/// <summary>One execution of a command, from its start until its reader is closed: what stops it, and how its errors are told.</summary>
/// <param name="seconds">Seconds that fetching may take, 0 for any number of them.</param>
internal sealed class Execution(int seconds) : IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();

    /// <summary>Stops it, from any thread.</summary>
    public void Cancel()
    {
        try
        {
            _cancelled.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    /// <summary>Does work that asks Customer.io.</summary>
    /// <exception cref="SluiceDbException">It failed, took too long or was cancelled by <see cref="Cancel"/>.</exception>
    /// <exception cref="OperationCanceledException">The caller's token was cancelled.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancelled.Token, cancel);
        if (seconds > 0)
        {
            stop.CancelAfter(TimeSpan.FromSeconds(seconds));
        }

        try
        {
            return await work(stop.Token);
        }
        catch (Exception error) when (stop.IsCancellationRequested && IsStop(error))
        {
            throw cancel.IsCancellationRequested ? new OperationCanceledException(error.Message, error, cancel) : Stopped(error);
        }
        catch (SluiceException error)
        {
            throw SluiceDbException.From(error);
        }
        catch (CustomerIoException error)
        {
            throw SluiceDbException.From(SluiceException.From(error));
        }
    }

    /// <summary>Reads a row of what was fetched, for which there is no time limit.</summary>
    /// <exception cref="SluiceDbException">The row can't be computed, or the command was cancelled by <see cref="Cancel"/>.</exception>
    public async Task<bool> ReadAsync(ResultRows rows, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (_cancelled.IsCancellationRequested)
        {
            throw Stopped(null);
        }

        try
        {
            return await rows.ReadAsync(cancel);
        }
        catch (SluiceException error)
        {
            throw SluiceDbException.From(error);
        }
    }

    public void Dispose() => _cancelled.Dispose();

    // A statement that was stopped between its calls says how many of them were made.
    private static string Rest(Exception? error) => error is SluiceException ? $" {error.Message}" : "";

    private static bool IsStop(Exception error) =>
        error is OperationCanceledException or SluiceException { Kind: SluiceErrorKind.Cancelled };

    private SluiceDbException Stopped(Exception? error) => _cancelled.IsCancellationRequested
        ? new SluiceDbException(SluiceErrorKind.Cancelled, $"The command was cancelled; nothing more was asked for.{Rest(error)}", inner: error)
        : new SluiceDbException(
            SluiceErrorKind.Cancelled,
            $"The command took longer than its CommandTimeout of {seconds} s; nothing more was asked for.{Rest(error)}",
            "A greater one, or 0 for none, lets it go on; EXPLAIN in front of the query says how long it takes.",
            error,
            isTransient: true);
}

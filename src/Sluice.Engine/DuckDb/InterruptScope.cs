using DuckDB.NET.Data;

namespace Sluice.Engine.DuckDb;

/// <summary>
/// While it lasts, cancelling the token interrupts what runs on the command's connection. DuckDB forgets an interrupt that comes
/// just before a statement starts, so it is repeated until the scope ends, and never reaches what runs after it.
/// </summary>
internal sealed class InterruptScope : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly DuckDBCommand _command;
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private bool _ended;

    public InterruptScope(DuckDBCommand command, CancellationToken cancel)
    {
        _command = command;
        _registration = cancel.UnsafeRegister(static scope => ((InterruptScope)scope!).Start(), this);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
            _timer?.Dispose();
        }

        _registration.Dispose();
    }

    private void Start()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _timer = TimeProvider.System.CreateTimer(static scope => ((InterruptScope)scope!).Interrupt(), this, TimeSpan.Zero, Interval);
            }
        }
    }

    private void Interrupt()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _command.Cancel();
            }
        }
    }
}

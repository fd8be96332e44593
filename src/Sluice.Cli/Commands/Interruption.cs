using System.Runtime.InteropServices;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary>Ctrl-C and SIGTERM: the first stops gracefully, the second exits at once, and so does a stop that takes too long.</summary>
internal sealed class Interruption : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _ended = new();
    private int _signals;
    private bool _isOver;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
    ];

    /// <summary>Called once, at the first signal.</summary>
    public Action? First { get; set; }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        lock (_gate)
        {
            _isOver = true;
            _ended.Set();
            _source.Dispose();
        }
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
        {
            AbruptEnd.Now(ExitCode.Cancelled);
        }

        EndAfterPatience();
        First?.Invoke();
        lock (_gate)
        {
            // A signal can arrive between the end of the work and the end of the process.
            if (!_isOver)
            {
                _source.Cancel();
            }
        }
    }

    // A file that is a pipe without a writer, or a computation, hears of no token. A thread of its own, because those of the pool may all be busy.
    private void EndAfterPatience() => new Thread(() =>
    {
        if (!_ended.Wait(Patience, CancellationToken.None))
        {
            AbruptEnd.Now(ExitCode.Cancelled);
        }
    })
    {
        IsBackground = true,
    }.Start();
}

/// <summary>Exits the process without waiting for anything.</summary>
internal static class AbruptEnd
{
    private const string ShowCursor = "\e[?25h";

    public static void Now(int exitCode)
    {
        // A live table hides the cursor, and nothing else would show it again.
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write(ShowCursor);
        }

        Environment.Exit(exitCode);
    }
}

using System.Runtime.InteropServices;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary>Ctrl-C and SIGTERM: the first asks for an end in good order, the second ends at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
    ];

    /// <summary>Is called once, at the first signal.</summary>
    public Action? First { get; set; }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (_source.IsCancellationRequested)
        {
            Environment.Exit(ExitCode.Cancelled);
        }

        First?.Invoke();
        _source.Cancel();
    }
}

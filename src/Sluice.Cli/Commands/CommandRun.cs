using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary>One run of a command: its options, messages and cancellation.</summary>
internal sealed record CommandRun(CommandHost Host, Flags Flags, Messages Messages, Interruption Interruption)
{
    public CancellationToken Cancel => Interruption.Token;

    /// <summary>Whether something outside this process was changed: then the exit code tells of that, whoever reads the output.</summary>
    public bool HasChanged { get; set; }

    /// <summary>Sets a command's action, and turns its exceptions into messages and exit codes.</summary>
    public static void Action(Command command, CommandHost host, LogOptions log, Func<CommandRun, Task<int>> recipe) =>
        command.SetAction((parsed, _) => RunAsync(new Flags(parsed, host.Settings), host, log, recipe));

    // Who asked for JSON reads stdout: an error is told there too, unless a part of the result stands there already.
    private static int Tell(Exception error, Messages messages, Flags flags, CommandHost host)
    {
        var code = Tell(error, messages);
        if (flags.IsJson && host.Out is VisibleWriter { HasWritten: false } output)
        {
            output.WriteLine(ErrorJson.Write(Known(error) ?? error, code));
            output.Flush();
        }

        return code;
    }

    private static int CodeOf(int code, CommandRun run)
    {
        if (run.Host.Out is not VisibleWriter { Failure: { } lost })
        {
            return code;
        }

        run.Messages.Error($"Not all of the output could be written: {lost.Message}", run.HasChanged ? "What was to be done is done." : null);
        return code == ExitCode.Done && !run.HasChanged ? ExitCode.Unexpected : code;
    }

    private static async Task<int> RunAsync(Flags flags, CommandHost host, LogOptions log, Func<CommandRun, Task<int>> recipe)
    {
        var messages = log.Open(flags, host);
        using var interruption = new Interruption();
        try
        {
            var mistakes = new ValidationErrors();
            log.Check(flags, mistakes);
            mistakes.ThrowIfAny();
            host.Settings.RequireFile();
            // A wrong amount of memory is told before anything is asked for.
            _ = MemoryBudget.Set(host.Settings.Find);
            var run = new CommandRun(host, flags, messages, interruption);
            return CodeOf(await recipe(run), run);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCode.Cancelled;
        }
        catch (Exception error)
        {
            return Tell(error, messages, flags, host);
        }
    }

    /// <summary>Says what went wrong; gives the exit code.</summary>
    public static int Tell(Exception error, Messages messages)
    {
        if (Known(error) is { } known)
        {
            messages.Error(known);
            return ExitCode.Of(known.Kind);
        }

        messages.Unexpected(error);
        return ExitCode.Unexpected;
    }

    private static SluiceException? Known(Exception error) =>
        error is CustomerIo.CustomerIoException failed ? SluiceException.From(failed)
        : error is not SluiceException && FullDisk.IsReached(error) ? FullDisk.Told(error)
        : error as SluiceException;
}

/// <summary>Ctrl-C and SIGTERM: the first stops gracefully, the second exits at once, and so does a stop that takes too long.</summary>
internal sealed class Interruption : IDisposable
{
    /// <summary>How long a stopped command may take before it is ended.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Lock _gate = new();
    private readonly ManualResetEventSlim _ended = new();
    private int _signals;
    private bool _isOver;
    private InterruptiblePart? _part;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
    ];

    /// <summary>Called once, at the first signal.</summary>
    public Action? First { get; set; }

    public CancellationToken Token => _source.Token;

    /// <summary>Begins a part of the work, such as a query of a shell: from now on Ctrl-C stops that part alone, and SIGTERM everything.</summary>
    public CancellationToken NextPart()
    {
        lock (_gate)
        {
            _part?.Dispose();
            _part = new InterruptiblePart(Token);
            return _part.Token;
        }
    }

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
            _part?.Dispose();
            _source.Dispose();
        }
    }

    private void Handle(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (signal.Signal == PosixSignal.SIGINT && IsStoppedAsPart())
        {
            return;
        }

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

    // Who asks again, long after a part should have ended, wants to get out.
    private bool IsStoppedAsPart()
    {
        lock (_gate)
        {
            if (_part is null || _isOver)
            {
                return false;
            }

            if (_part.StoppedFor > Patience)
            {
                AbruptEnd.Now(ExitCode.Cancelled);
            }

            _part.Stop();
            return true;
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

/// <summary>A part of the work that is stopped alone.</summary>
internal sealed class InterruptiblePart(CancellationToken all) : IDisposable
{
    private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(all);
    private long? _stoppedAt;

    public CancellationToken Token => _source.Token;

    /// <summary>How long ago it was stopped; null when it was not.</summary>
    public TimeSpan? StoppedFor => _stoppedAt is { } at ? Stopwatch.GetElapsedTime(at) : null;

    public void Stop()
    {
        _stoppedAt ??= Stopwatch.GetTimestamp();
        // Whoever waits for it goes on elsewhere than in the handler of the signal.
        _ = _source.CancelAsync();
    }

    public void Dispose() => _source.Dispose();
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

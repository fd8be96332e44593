using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary>One run of a command: its options, messages and cancellation.</summary>
internal sealed record CommandRun(CommandHost Host, Flags Flags, Messages Messages, Interruption Interruption)
{
    public CancellationToken Cancel => Interruption.Token;

    /// <summary>Sets a command's action, and turns its exceptions into messages and exit codes.</summary>
    public static void Action(Command command, CommandHost host, LogOptions log, Func<CommandRun, Task<int>> recipe) =>
        command.SetAction((parsed, _) => RunAsync(new Flags(parsed, host.Settings), host, log, recipe));

    private static async Task<int> RunAsync(Flags flags, CommandHost host, LogOptions log, Func<CommandRun, Task<int>> recipe)
    {
        var messages = log.Open(flags, host);
        using var interruption = new Interruption();
        try
        {
            var mistakes = new ValidationErrors();
            log.Check(flags, mistakes);
            mistakes.ThrowIfAny();
            return await recipe(new CommandRun(host, flags, messages, interruption));
        }
        catch (SluiceException error)
        {
            messages.Error(error);
            return ExitCode.Of(error.Kind);
        }
        catch (CustomerIo.CustomerIoException error)
        {
            messages.Error(SluiceException.From(error));
            return ExitCode.Of(SluiceException.From(error).Kind);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return ExitCode.Cancelled;
        }
        catch (Exception error)
        {
            messages.Unexpected(error);
            return ExitCode.Unexpected;
        }
    }
}

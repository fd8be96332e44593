using System.CommandLine;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server.Auth;

namespace Sluice.Cli.Commands;

/// <summary>A command that changes something of a server, which may run meanwhile: its parts, and what each of them records.</summary>
internal sealed class Administration(CommandHost host, LogOptions log, Option<string?> control)
{
    /// <summary>Makes a part of a command.</summary>
    public Command Part(string name, string description, Func<CommandRun, ServerAdministration, Task> work, params Symbol[] parts)
    {
        var command = new Command(name, description);
        foreach (var part in parts)
        {
            if (part is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)part);
            }
        }

        CommandRun.Action(command, host, log, async run =>
        {
            await using var server = await OpenAsync(run);
            await work(run, server);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Records a change, and says what was done.</summary>
    public static async Task DoneAsync(CommandRun run, ServerAdministration server, string action, string thing, string? detail, string sentence)
    {
        run.HasChanged = true;
        await server.Trail.RecordAsync(Who, null, action, thing, detail, run.Cancel);
        await run.Host.Out.WriteLineAsync(sentence);
    }

    /// <summary>What the command line is called in lists of who did what.</summary>
    public static string Who => $"{Environment.UserName} (command line)";

    /// <summary>The argument's value, which must be there.</summary>
    public static string Required(CommandRun run, Argument<string?> argument, string what) => run.Flags.Argument(argument) is { Length: > 0 } value
        ? value
        : throw new SluiceException(SluiceErrorKind.Config, $"{what} must be named.");

    private Task<ServerAdministration> OpenAsync(CommandRun run)
    {
        var settings = run.Host.Settings;
        return ServerAdministration.OpenAsync(
            Path.Combine(run.Host.Folder, settings.WorkFolder), run.Flags.Text(control), settings.Find, run.Host.Time, run.Cancel);
    }
}

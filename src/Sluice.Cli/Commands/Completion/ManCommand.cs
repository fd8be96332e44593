using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice man</c>: manual pages, made from the same descriptions as the help.</summary>
internal sealed class ManCommand
{
    private readonly Argument<string?> _command = new("COMMAND")
    {
        Description = "A command of sluice [default: the page of sluice itself, which lists them]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("man", "Print a manual page, as packages install it", """
            For example: sluice man ingest | man -l -
            """);
        command.Add(_command);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var root = new SluiceCommand(run.Host);
        await run.Host.Out.WriteAsync(run.Flags.Argument(_command) is { } name ? ManPage.Of(Find(root, name), root) : ManPage.Of(root));
        return ExitCode.Done;
    }

    private static Command Find(SluiceCommand root, string name)
    {
        var names = root.Subcommands.Select(command => command.Name).ToList();
        return root.Subcommands.FirstOrDefault(command => command.Name == name)
            ?? throw new SluiceException(SluiceErrorKind.Config, $"There is no command '{name}'. {Suggestion.For(name, names)}".TrimEnd());
    }
}

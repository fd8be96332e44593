using System.CommandLine;
using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice completion</c>: the script by which a shell completes commands, options, tables and names of the pipeline file.</summary>
internal sealed class CompletionCommand
{
    private readonly Argument<string?> _shell = new("SHELL")
    {
        Description = string.Join(", ", CompletionScripts.Shells),
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("completion", "Print the script by which a shell completes what is typed", """
            bash:        sluice completion bash > ~/.local/share/bash-completion/completions/sluice
            zsh:         sluice completion zsh > ~/.zfunc/_sluice, where fpath has ~/.zfunc
            fish:        sluice completion fish > ~/.config/fish/completions/sluice.fish
            PowerShell:  sluice completion powershell >> $PROFILE
            """);
        command.Add(_shell);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var shell = run.Flags.Argument(_shell) ?? "";
        var script = CompletionScripts.Find(shell) ?? throw new SluiceException(
            SluiceErrorKind.Config,
            shell.Length == 0 ? "Which shell? SHELL is missing." : $"There is no completion for '{shell}'.",
            $"There are {string.Join(", ", CompletionScripts.Shells)}.");
        await run.Host.Out.WriteAsync(script);
        return ExitCode.Done;
    }
}

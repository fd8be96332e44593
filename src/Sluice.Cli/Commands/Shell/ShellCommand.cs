using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice shell</c>: SQL over the live API, statement by statement.</summary>
internal sealed class ShellCommand
{
    private readonly Argument<string?> _address = new("ADDRESS")
    {
        Description = "The workspace, as --source-uri takes it",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly WorkspaceOptions _workspace = new();
    private readonly QueryOptions _query = new(isOfShell: true);
    private readonly WriteOptions _write = new();

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("shell", "Type SQL over the live API, with completion and history", """
            Statements are those of 'sluice query' and end with a semicolon; .help lists the shell's own commands. A query above --max-requests
            asks first, and so do changes without WHERE or of many rows. Ctrl-C drops what is typed or stops a query, Ctrl-D ends the shell.
            What was typed is kept in the file shell-history in SLUICE_HOME (.sluice), for your eyes only, but no line with a key in it and
            none that begins with a space.
            Without a terminal the statements come from stdin, and the first error ends the shell with its exit code.
            Exit codes: 0 done, 2 a query is wrong or too expensive, 3 key refused, 4 not allowed, 5 Customer.io failed, 7 not all
            changes were made, 130 stopped.
            For example: sluice shell
                         sluice shell --workspace production --attach crm.duckdb
                         sluice shell --format csv < report.sql
            """);
        command.Add(_address);
        _query.AddTo(command);
        _write.AddTo(command);
        _workspace.AddTo(command);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var settings = _query.Read(run, mistakes);
        var write = _write.Read(run, mistakes);
        var source = _workspace.Read(run, mistakes, run.Flags.Argument(_address));
        mistakes.ThrowIfAny();

        var terminal = run.Host.IsInputTerminal ? run.Host.OpenTerminal() : null;
        using var client = SourceOptions.Open(source!, run);
        var progress = new QueryProgressView(run.Messages, run.Host.Time, settings.ShowsProgress)
        {
            TellsTime = true,
            Tell = terminal is null || run.Messages.IsJson ? run.Messages.Info : terminal.Remark,
        };
        await using var runner = QueryRunner.Open(run, client, source!, settings, progress);
        write = write with { Consent = write.Consent with { Ask = terminal is null ? null : WriteOptions.Ask(run, terminal.AskAsync) } };
        var shell = await ShellSession.OpenAsync(run, runner, runner.Writer(source!, write), settings);
        if (terminal is null)
        {
            return await new ScriptedShell(run, shell).RunAsync();
        }

        await new TypedShell(run, shell, terminal, source!).RunAsync();
        return ExitCode.Done;
    }
}

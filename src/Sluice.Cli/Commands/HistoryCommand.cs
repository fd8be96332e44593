using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Runs;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice history</c>: past runs, as recorded in the destination.</summary>
internal sealed class HistoryCommand
{
    private readonly DestinationArgument _destination = new();
    private readonly Option<string?> _limit = Flag.Text("--limit", "RUNS", "Runs to show, the newest first [default: 20]");
    private readonly Option<bool> _json = Flag.Switch("--json", "Write the whole reports as a JSON array");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("history", "List past runs", "For example: sluice history crm.duckdb");
        _destination.AddTo(command);
        command.Add(_limit);
        command.Add(_json);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var chosen = _destination.Read(run, mistakes);
        var limit = run.Flags.Whole(_limit, 1, 1_000_000, mistakes) ?? 20;
        mistakes.ThrowIfAny();
        await using var destination = await DestinationArgument.OpenAsync(chosen.Uri, run.Cancel);
        var runs = await destination.SystemTables(chosen.Schema).ReadRunsAsync(limit, run.Cancel);
        await run.Host.Out.WriteAsync(HistoryView.Write(runs, run.Flags.IsOn(_json), run.Host.Width));
        return ExitCode.Done;
    }
}

using System.CommandLine;
using Sluice.Cli.Pipelines;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server.Runs;
using Sluice.Settings;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice run</c>: the syncs of a pipeline file, one after the other.</summary>
internal sealed class RunCommand
{
    private readonly Argument<string[]> _syncs = new("SYNC")
    {
        Description = "The syncs to run, by name [default: all, in the order of the file]",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly PipelineFileOption _file = new();
    private readonly Option<string[]> _tables = Flag.Several("--tables", "TABLE", "Only these tables of the syncs, repeated or with commas");
    private readonly Option<bool> _fullRefresh = Flag.Switch(
        "--full-refresh", "Start over: read everything and replace the tables, whatever the file says and whatever is remembered");
    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run", "Only tell what would be read and how many requests and minutes it costs");
    private readonly WaitOptions _wait = new();
    private readonly OutputOptions _output = new();

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("run", "Run the syncs of a pipeline file", """
            For example: sluice run daily --tables campaigns,messages
            A sync that fails does not keep the next one from running; the exit code is that of the one that went worst, as ingest has them.
            """);
        command.Add(_syncs);
        _file.AddTo(command);
        command.Add(_tables);
        command.Add(_fullRefresh);
        command.Add(_dryRun);
        _wait.AddTo(command);
        _output.AddTo(command);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var selection = new SyncSelection(
            run.Flags.Arguments(_syncs), [.. ColumnChoice.Names(run.Flags.List(_tables))], run.Flags.IsOn(_fullRefresh));
        var file = _file.ReadGood(run, selection.Syncs, PipelineSection.Syncs);
        if (file.SyncNames.Count == 0)
        {
            mistakes.Add($"{_file.Name(run.Flags)} has no syncs.", "'sluice push' lists its pushes, and 'sluice two-way' what is kept the same.");
            mistakes.ThrowIfAny();
        }

        var syncs = selection.Choose(file, mistakes);
        var patience = _wait.Read(run, mistakes);
        var view = _output.View(run, mistakes);
        var prepared = syncs.Select(sync => PreparedSync.Of(sync, run, mistakes)).ToList();
        mistakes.ThrowIfAny();

        var budgets = new WorkspaceBudgets(run.Host.Time);
        var outcomes = new List<SyncOutcome>();
        foreach (var sync in prepared)
        {
            if (run.Cancel.IsCancellationRequested)
            {
                run.Messages.Warn($"The sync {sync.Name} was not begun.");
                outcomes.Add(new SyncOutcome(sync.Name, ExitCode.Cancelled));
                continue;
            }

            SyncView.Announce(sync, run, _output.IsJson(run.Flags));
            var outcome = run.Flags.IsOn(_dryRun) ? await sync.PlanAsync(budgets, run) : await sync.RunAsync(budgets, view, patience, run);
            SyncView.Write(outcome, run, _output.IsJson(run.Flags));
            outcomes.Add(outcome);
        }

        return SyncView.Close(outcomes, run, _output.IsJson(run.Flags));
    }
}

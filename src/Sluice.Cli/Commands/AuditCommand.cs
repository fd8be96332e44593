using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Audit;
using Sluice.Engine.Runs;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice audit</c>: compares the destination with what Customer.io has now.</summary>
internal sealed class AuditCommand
{
    private readonly Argument<string?> _table = new("TABLE")
    {
        Description = "A table, or several with commas [default: all that were ever loaded]",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly DestinationArgument _destination = new();
    private readonly WorkspaceOptions _source;
    private readonly SettingOptions _settings = SettingOptions.Of(
        "--interval-start", "--interval-end", "--mask", "--unmask", IngestSettings.MaskSalt.OnCommandLine, "--deletes", "--allow-partial");
    private readonly OutputOptions _output = new();
    private readonly Option<bool> _repair = Flag.Switch(
        "--repair", "Bring what is missing or stale into the tables, and treat what is extra as --deletes says");
    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run", "Only tell how many requests and minutes it costs");

    public AuditCommand() => _source = new WorkspaceOptions(_destination.File);

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("audit", "Compare tables with what Customer.io has now, every key and every value", """
            Prints missing, extra and stale rows. Exit codes: 0 no difference, 7 differences, and those of ingest.
            For example: sluice audit crm.duckdb campaigns,customers --repair
            """);
        _destination.AddTo(command);
        command.Add(_table);
        _source.AddTo(command);
        _settings.AddTo(command);
        _output.AddTo(command);
        command.Add(_repair);
        command.Add(_dryRun);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var chosen = _destination.Read(run, mistakes);
        var source = _source.Read(run, mistakes, found: chosen.Workspace);
        var view = _output.View(run, mistakes);
        mistakes.ThrowIfAny();
        await using var destination = await DestinationArgument.OpenAsync(chosen.Uri, run.Cancel);
        var schema = chosen.Schema;
        var selection = run.Flags.Argument(_table) is { } named
            ? AuditSelection.Of(named)
            : await AuditSelection.OfAllAsync(destination.SystemTables(schema), run.Cancel);
        selection.Tell(run);
        var words = _settings.Words(run).Say(IngestSettings.SourceTable, selection.Sources).Say(IngestSettings.Schema, schema);
        var request = selection.Apply(IngestRequestReader.Read(words, source!.PairWith(chosen.Identity), mistakes)) with
        {
            WorkFolder = run.Host.Settings.WorkFolder,
        };
        mistakes.ThrowIfAny();

        await AuditRun.RequireAsync(request, destination, run.Cancel);

        using var client = SourceOptions.Open(source, run);
        if (run.Flags.IsOn(_dryRun))
        {
            var plan = await Planner.PlanAsync(
                request.WithSettings(settings => settings with { FullRefresh = true }),
                Workspace.Alone(request, client),
                null,
                run.Host.Time,
                run.Cancel);
            await run.Host.Out.WriteAsync(PlanView.Write(plan, _output.IsJson(run.Flags), run.Host.Width));
            return ExitCode.Done;
        }

        var audited = await AuditRunner.RunAsync(request, client, destination, view, run.Flags.IsOn(_repair), run);
        var report = audited with { LeftOut = selection.LeftOut };
        AuditView.Write(report, run, _output.IsJson(run.Flags));
        return report.ExitCode;
    }
}

using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server.Runs;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice ingest</c>: tables of Customer.io into a database.</summary>
internal sealed class IngestCommand
{
    private readonly SourceOptions _source = new();
    private readonly DestinationOptions _destination = new();
    private readonly PartitionOptions _partitions = new();
    private readonly SettingOptions _settings = new(IngestSettings.OfCommand);
    private readonly WaitOptions _wait = new();
    private readonly OutputOptions _output = new();
    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run", "Only tell what would be read and how many requests and minutes it costs");
    private readonly Option<bool> _yes = Flag.Switch("--yes", "Accepted for scripts written for ingestr: Sluice asks nothing");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("ingest", "Read tables of Customer.io into a database", """
            For example: sluice ingest --source-table campaigns,messages --dest-uri duckdb:///crm.duckdb
            Exit codes: 0 done, 2 usage, 3 key refused, 4 key not allowed, 5 Customer.io failed, 6 destination failed, 7 partial, 130 cancelled.
            """);
        _source.AddTo(command);
        _destination.AddTo(command);
        _partitions.AddTo(command);
        _settings.AddTo(command);
        _wait.AddTo(command);
        _output.AddTo(command);
        command.Add(_dryRun);
        command.Add(_yes);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var source = _source.Read(run, mistakes);
        var (address, identity) = _destination.Read(run, mistakes);
        var uri = _partitions.AddTo(address, run.Flags, mistakes);
        var request = IngestRequestReader.Read(_settings.Words(run), source?.PairWith(identity) ?? "", mistakes) with
        {
            WorkFolder = run.Host.Settings.WorkFolder,
            TableNames = DestinationRegistry.TableNames(uri),
        };
        CheckNames(request, mistakes);
        CheckModels(request, uri, mistakes);
        PartitionColumns.Check(uri, request, mistakes, note => run.Messages.Info(note));
        var patience = _wait.Read(run, mistakes);
        var view = _output.View(run, mistakes);
        mistakes.ThrowIfAny();
        SettingOptions.WarnUnsalted(request.ParentMasks, run);

        using var client = SourceOptions.Open(source!, run);
        if (run.Flags.IsOn(_dryRun))
        {
            return await PlanAsync(request, client, uri, run);
        }

        var report = await IngestRunner.RunAsync(request, Workspace.Alone(request, client), uri, view, patience, run);
        ReportView.Write(report, run, _output.IsJson(run.Flags));
        return report.ExitCode;
    }

    private static void CheckNames(IngestRequest request, ValidationErrors mistakes)
    {
        foreach (var problem in request.Tables.Select(job => TableNaming.Problem(job, request.TableNames)).OfType<string>().Distinct())
        {
            mistakes.Add(problem, "Choose a shorter one with --dest-schema, --dest-table or --table-prefix.");
        }
    }

    private static void CheckModels(IngestRequest request, string uri, ValidationErrors mistakes)
    {
        if (request.Models && !DestinationRegistry.HasModels(uri))
        {
            mistakes.Add(
                "--models makes views, and files have none.",
                $"Use it with {DestinationRegistry.WithModels}; for a lake 'sluice ddl --models' prints them for a warehouse.");
        }
    }

    // The plan depends on the destination's state, but planning must not create a destination.
    private async Task<int> PlanAsync(IngestRequest request, CustomerIoClient client, string uri, CommandRun run)
    {
        await using var destination = DestinationFile.IsMissing(uri) ? null : await DestinationRegistry.OpenAsync(uri, run.Cancel);
        var plan = await Planner.PlanAsync(request, Workspace.Alone(request, client), destination, run.Host.Time, run.Cancel);
        await run.Host.Out.WriteAsync(PlanView.Write(plan, _output.IsJson(run.Flags), run.Host.Width));
        return ExitCode.Done;
    }
}

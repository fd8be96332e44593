using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice demo</c>: all tables of a simulated Customer.io into <c>demo.duckdb</c>, and three queries on it.</summary>
internal sealed class DemoCommand
{
    private static readonly SimulatorOptions Usual = new() { Customers = 200, RequestsPerSecond = 100 };

    private readonly WorldOptions _world = new("200", "100, ten times Customer.io's");
    private readonly OutputOptions _output = new();

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand(
            "demo",
            "Read all tables of a pretend Customer.io into demo.duckdb and ask it three questions; needs no key",
            "A demo.duckdb that is in the current folder is replaced.");
        _world.AddTo(command);
        _output.AddTo(command);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var world = _world.Read(run.Flags, Usual, mistakes);
        var view = _output.View(run, mistakes);
        mistakes.ThrowIfAny();

        var path = Path.Combine(run.Host.Folder, "demo.duckdb");
        var database = await DemoDatabase.ReplaceAsync(path, run.Cancel);
        await using var server = await SimulateCommand.StartAsync(world, run.Cancel);
        run.Messages.Info($"A pretend Customer.io with {NumberFormat.Count(world.Customers)} people is listening on {server.BaseAddress.Authority}; "
            + $"it allows {Limit(world)} (Customer.io allows 10).");
        var report = await IngestAsync(run, view, SimulateCommand.SourceUri(world, server.BaseAddress), database);
        ReportView.Write(report, run, _output.IsJson(run.Flags));
        if (report.ExitCode == ExitCode.Done && !_output.IsJson(run.Flags))
        {
            await DemoQuestions.AnswerAsync(path, run.Host.Out, run.Cancel);
        }

        return report.ExitCode;
    }

    private static async Task<RunReport> IngestAsync(CommandRun run, IProgressView view, string sourceUri, string destinationUri)
    {
        var mistakes = new ValidationErrors();
        var source = SourceAddress.Read(sourceUri, _ => null, mistakes);
        var words = new SettingWords().Say(IngestSettings.SourceTable, TableList.All).Say(IngestSettings.Flatten, "metrics");
        var pair = source?.PairWith(DestinationRegistry.Identity(destinationUri)) ?? "";
        var request = IngestRequestReader.Read(words, pair, mistakes) with
        {
            WorkFolder = DemoDatabase.EmptyFolder(run.Host.Settings.WorkFolder),
            Models = true,
        };
        mistakes.ThrowIfAny();
        using var client = SourceOptions.Open(source!, run);
        return await IngestRunner.RunAsync(
            request, Workspace.Alone(request, client), destinationUri, view, LockWait.None(run.Host.Time), run, "Stopping. Once more ends at once.");
    }

    private static string Limit(SimulatorOptions world) =>
        world.RequestsPerSecond > 0 ? $"{NumberFormat.Count(world.RequestsPerSecond)} requests a second" : "any number of requests a second";
}

using System.CommandLine;
using Sluice.Cli.Checks;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Server.Checks;
using Sluice.Settings;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice check</c>: whether key, region and destination work.</summary>
internal sealed class CheckCommand
{
    private readonly Option<string?> _entry = Flag.Text(
        "--entry", "NAME", "A sync, destination or workspace of the pipeline file [default: its only ones, where no address is given]");

    private readonly PipelineFileOption _file = new();
    private readonly WorkspaceOptions _source;
    private readonly DestinationOptions _destination = new();
    private readonly Option<bool> _json = Flag.Switch("--json", "Write the result as JSON");
    private readonly Option<bool> _api = Flag.Switch(
        "--api", "Ask each endpoint of Customer.io once, and tell where its answer differs from what Sluice knows: names of fields, no values");

    public CheckCommand() => _source = new WorkspaceOptions(_file);

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("check", "Tell whether key, region and destination work, and which workspace it is", """
            Takes two requests and writes nothing; with --api about sixty, and the destination is not looked at.
            For example: sluice check --dest-uri duckdb:///crm.duckdb
                         sluice check --api --json > customerio-api.json
            What --api writes can be sent with a report: it names fields and kinds of values, and no value.
            """);
        command.Add(_entry);
        _file.AddTo(command);
        _source.AddTo(command);
        _destination.AddTo(command);
        command.Add(_json);
        command.Add(_api);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var name = run.Flags.Text(_entry);
        var place = PipelinePlace.Find(_file, name, run);
        if (name is not null && place is null)
        {
            mistakes.Add(
                $"{_file.Name(run.Flags)} has no sync, destination or workspace '{name}'.",
                "'sluice validate' lists them; --file names another file.");
        }

        var source = _source.Read(run, mistakes, found: place?.Workspace);
        var (uri, _) = _destination.Read(run, mistakes, _destination.IsSaid(run.Flags) ? null : place?.Address(mistakes));
        mistakes.ThrowIfAny();

        if (run.Flags.IsOn(_api))
        {
            return await LookAtApiAsync(source!, run);
        }

        IReadOnlyList<Finding> findings =
        [
            .. await ConnectionCheck.OfWorkspaceAsync(
                source!, options => SourceOptions.Watched(new CustomerIoClient(options, run.Host.Time), run.Messages), run.Cancel),
            .. await ConnectionCheck.OfDestinationAsync(uri, run.Cancel),
        ];
        CheckView.Write(findings, run, run.Flags.IsOn(_json));
        return findings.FirstOrDefault(finding => finding.Error is not null) is { Error: { } first } ? ExitCode.Of(first.Kind) : ExitCode.Done;
    }

    private async Task<int> LookAtApiAsync(SourceAddress source, CommandRun run)
    {
        using var client = SourceOptions.Watched(new CustomerIoClient(ConnectionCheck.Hasty(source), run.Host.Time), run.Messages);
        var survey = new ApiSurvey(client, ResourceCatalog.Default);
        var view = new ApiView(run, run.Flags.IsOn(_json));
        var rate = source.Client.RequestsPerSecond;
        var seconds = NumberFormat.Count((long)Math.Ceiling(survey.MostRequests / rate));
        run.Messages.Info($"Asks each endpoint once: at most {survey.MostRequests} requests, in {seconds} s at {rate} a second.");
        var exit = ExitCode.Done;
        try
        {
            await foreach (var answer in survey.ReadAsync(run.Host.Time.GetUtcNow(), run.Cancel))
            {
                view.Write(answer);
                exit = answer is { Outcome: EndpointOutcome.Failed, Error: { } error } ? ExitCode.Of(SluiceException.From(error).Kind) : exit;
            }
        }
        catch (CustomerIoException error)
        {
            throw SluiceException.From(error);
        }

        view.WriteEnd();
        return exit;
    }
}

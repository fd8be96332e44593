using System.CommandLine;
using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server;
using Sluice.Settings;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve</c>: a server that runs what is due and shows what arrived.</summary>
internal sealed class ServeCommand
{
    private readonly Option<string?> _file = Flag.Text(
        "--file", "FILE", $"The pipeline file; without one, everything is set in the browser [default: {PipelineReader.FileName}]");
    private readonly ServeAddressOptions _address = new();
    private readonly Option<string?> _control = Flag.Text(
        "--control", "ADDRESS", "A PostgreSQL database that several nodes share, as postgresql://… [default: a SQLite file in the work folder]");
    private readonly Option<string?> _node = Flag.Text("--node", "NAME", "The name of this node among several [default: the machine's name]");
    private readonly Option<bool> _sharedFiles = Flag.Switch(
        "--shared-files", "With --control: all nodes have the same folders, so that any of them may write a destination that is a file");
    private readonly Option<string?> _mostRuns = Flag.Text("--max-runs", "NUMBER", "The most runs at the same time, 1 to 64 [default: 2]");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("serve", "Run a server: syncs on schedule, a dashboard, webhooks", """
            For example: sluice serve --listen http://127.0.0.1:4780
            Ctrl-C and SIGTERM end it; a run that is under way stops at its page and goes on when the server starts again.
            """);
        Option<string?>[] options = [_file, _control, _node, _mostRuns];
        Array.ForEach(options, command.Add);
        command.Add(_sharedFiles);
        _address.AddTo(command);
        // What the server keeps, its parts need to find as well.
        (_control.Recursive, _file.Recursive) = (true, true);
        var administration = new Administration(host, log, _control);
        command.Add(new ServeUserCommand().Build(administration));
        command.Add(new ServeTokenCommand().Build(administration));
        command.Add(new ServeSecretCommand().Build(administration));
        command.Add(new ServeLinkCommand(_address).Build(administration));
        command.Add(new ServeNotifyCommand(host, log, OptionsOf).Build());
        foreach (var part in new ServeRunCommands(host, log, OptionsOf).Build())
        {
            command.Add(part);
        }

        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var options = OptionsOf(run);
        run.Interruption.First = () => run.Messages.Info("Stopping. Runs end with the page that they are at, and go on at the next start.");
        await using var server = await SluiceServer.StartAsync(options, run.Cancel);
        foreach (var address in server.Addresses)
        {
            await run.Host.Out.WriteLineAsync($"Listening on {address.GetLeftPart(UriPartial.Authority)}");
        }

        if (await server.NewLoginLinkAsync(run.Cancel) is { } link)
        {
            await run.Host.Out.WriteLineAsync(ServeLinkCommand.Line(link));
        }

        await run.Host.Out.FlushAsync(CancellationToken.None);
        await server.WaitForShutdownAsync(run.Cancel);
        return ExitCode.Done;
    }

    private ServerOptions OptionsOf(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var options = Read(run, mistakes);
        mistakes.ThrowIfAny();
        return options;
    }

    private ServerOptions Read(CommandRun run, ValidationErrors mistakes)
    {
        var settings = run.Host.Settings;
        var options = new ServerOptions
        {
            Folder = run.Host.Folder,
            WorkFolder = Path.Combine(run.Host.Folder, settings.WorkFolder),
            PipelineFile = run.Flags.Text(_file) ?? PipelineReader.FileName,
            Control = run.Flags.Text(_control),
            SharesFiles = run.Flags.IsOn(_sharedFiles),
            Node = run.Flags.Text(_node) ?? Environment.MachineName,
            Variables = settings.Find,
            Origins = new KeyOrigins(settings.IsOfFile),
            OpenClient = (source, budget) => SourceOptions.Open(source, run, budget),
            Tell = message => ServeLog.Tell(message, run.Messages),
            Time = run.Host.Time,
        };
        if (options.Control is { } control && !control.StartsWith("postgres", StringComparison.OrdinalIgnoreCase))
        {
            mistakes.Add("--control takes the address of a PostgreSQL database.", "As in --control postgresql://user@host/database.");
        }

        if (run.Flags.Text(_file) is { } file && !File.Exists(Path.Combine(options.Folder, file)))
        {
            mistakes.Add($"There is no pipeline file {file}.", "'sluice init' writes one; without --file everything is set in the browser.");
        }

        options = _address.Read(run.Flags, options, mistakes);
        return run.Flags.Text(_mostRuns) is { } most ? options with { MostRuns = ReadMost(most, mistakes) } : options;
    }

    private static int ReadMost(string text, ValidationErrors mistakes)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most is >= 1 and <= 64)
        {
            return most;
        }

        mistakes.Add($"--max-runs is a number from 1 to 64, not '{text}'.");
        return 1;
    }
}

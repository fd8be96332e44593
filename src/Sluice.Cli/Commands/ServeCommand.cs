using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server;
using Sluice.Server.Gate;
using Sluice.Settings;
using Sluice.Settings.Pipelines;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve</c>: a server that runs what is due and shows what arrived.</summary>
internal sealed class ServeCommand
{
    private readonly Option<string?> _file = Flag.Text(
        "--file", "FILE", $"The pipeline file; without one, everything is set in the browser [default: {PipelineReader.FileName}]");
    private readonly Option<string?> _listen = Flag.Text(
        "--listen", "URL", $"Where to listen [default: {ServerOptions.DefaultListen.GetLeftPart(UriPartial.Authority)}]");
    private readonly Option<string?> _control = Flag.Text(
        "--control", "ADDRESS", "A PostgreSQL database that several nodes share, as postgresql://… [default: a SQLite file in the work folder]");
    private readonly Option<string?> _publicUrl = Flag.Text(
        "--public-url", "URL", "The address that people type, when a proxy stands before the server: requests for other names are refused");
    private readonly Option<string[]> _behindProxy = Flag.Several(
        "--behind-proxy", "CIDR", "The network of the proxy before the server, as 10.0.0.0/8: it is believed when it says from where a request is");
    private readonly Option<string?> _node = Flag.Text("--node", "NAME", "The name of this node among several [default: the machine's name]");
    private readonly Option<string?> _mostRuns = Flag.Text("--max-runs", "NUMBER", "The most runs at the same time, 1 to 64 [default: 2]");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("serve", "Run a server: syncs on schedule, a dashboard, webhooks", """
            For example: sluice serve --listen http://127.0.0.1:4780
            Ctrl-C and SIGTERM end it; a run that is under way stops at its page and goes on when the server starts again.
            """);
        Option<string?>[] options = [_file, _listen, _control, _node, _mostRuns, _publicUrl];
        Array.ForEach(options, command.Add);
        command.Add(_behindProxy);
        // Where the server is and what it keeps, its parts need to know as well.
        (_control.Recursive, _listen.Recursive, _file.Recursive) = (true, true, true);
        var administration = new Administration(host, log, _control);
        command.Add(new ServeUserCommand().Build(administration));
        command.Add(new ServeTokenCommand().Build(administration));
        command.Add(new ServeSecretCommand().Build(administration));
        command.Add(new ServeLinkCommand(_listen).Build(administration));
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
            Listen = ReadListen(run.Flags.Text(_listen), mistakes) ?? ServerOptions.DefaultListen,
            PublicUrl = ReadPublicUrl(run.Flags.Text(_publicUrl), mistakes),
            BehindProxy = ReadNetworks(run.Flags.List(_behindProxy), mistakes),
            Control = run.Flags.Text(_control),
            Node = run.Flags.Text(_node) ?? Environment.MachineName,
            Variables = settings.Find,
            Origins = new KeyOrigins(settings.IsOfFile),
            OpenClient = (source, budget) => SourceOptions.Open(source, run, budget),
            Tell = message => Tell(message, run.Messages),
            Time = run.Host.Time,
        };
        if (options.Control is { } control && !control.StartsWith("postgres", StringComparison.OrdinalIgnoreCase))
        {
            mistakes.Add("--control takes the address of a PostgreSQL database.", "As in --control postgresql://user@host/database.");
        }

        return run.Flags.Text(_mostRuns) is { } most ? options with { MostRuns = ReadMost(most, mistakes) } : options;
    }

    private static Uri? ReadListen(string? text, ValidationErrors mistakes)
    {
        if (text is null)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http", PathAndQuery: "/" })
        {
            return address;
        }

        mistakes.Add($"'{text}' is no address to listen on.", "As in --listen http://127.0.0.1:4780.");
        return null;
    }

    private static Uri? ReadPublicUrl(string? text, ValidationErrors mistakes)
    {
        if (text is null)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", PathAndQuery: "/" })
        {
            return address;
        }

        mistakes.Add($"'{text}' is no address that people could type.", "As in --public-url https://sluice.example.com.");
        return null;
    }

    private static List<IPNetwork> ReadNetworks(IReadOnlyList<string> texts, ValidationErrors mistakes)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in texts.SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (IPNetwork.TryParse(text, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(text, out var address))
            {
                networks.Add(new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128));
            }
            else
            {
                mistakes.Add($"'{text}' is no network.", "As in --behind-proxy 10.0.0.0/8, or --behind-proxy 10.0.0.7 for one proxy.");
            }
        }

        return networks;
    }

    private static void Tell(ServerMessage message, Messages messages)
    {
        if (message.Level >= LogLevel.Error)
        {
            // A name in it must not begin a line that looks like ours.
            messages.Error(VisibleText.Line(message.Text));
        }
        else if (message.Level == LogLevel.Warning)
        {
            messages.Warn(message.Text);
        }
        else if (message.Level == LogLevel.Information)
        {
            messages.Info(message.Text);
        }

        if (message.Level < LogLevel.Information)
        {
            messages.Debug(message.Text);
        }

        if (message.Error is { } error)
        {
            messages.DebugStack(error);
        }
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

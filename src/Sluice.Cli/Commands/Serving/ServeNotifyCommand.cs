using System.CommandLine;
using Sluice.Engine.Runs;
using Sluice.Server;
using Sluice.Server.Notifications;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve notify</c>: tries a channel of notifications.</summary>
internal sealed class ServeNotifyCommand(CommandHost host, LogOptions log, Func<CommandRun, ServerOptions> options)
{
    private readonly Argument<string?> _channel = new("CHANNEL")
    {
        Description = "The channel, by its name below notifications:",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Command Build()
    {
        var test = new Command("test", "Send a test the way that all messages go") { _channel };
        CommandRun.Action(test, host, log, TestAsync);
        var command = new DocumentedCommand("notify", "Try where the server tells that syncs fail", """
            For example: sluice serve notify test team
            """);
        command.Add(test);
        return command;
    }

    private async Task<int> TestAsync(CommandRun run)
    {
        var channel = Administration.Required(run, _channel, "A channel");
        await using var control = await NotificationControl.OpenAsync(options(run), run.Cancel);
        await control.TestAsync(channel, run.Cancel);
        await run.Host.Out.WriteLineAsync($"The channel {channel} has taken the test.");
        return ExitCode.Done;
    }
}

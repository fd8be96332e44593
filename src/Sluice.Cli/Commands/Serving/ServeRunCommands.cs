using System.CommandLine;
using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Server;
using Sluice.Server.Runs;
using Sluice.Server.Schedules;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice serve run</c> and its like put what is asked for into the server's queue, which the browser and schedules use too.</summary>
internal sealed class ServeRunCommands(CommandHost host, LogOptions log, Func<CommandRun, ServerOptions> options)
{
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "The sync or push, by its name in the pipeline",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string[]> _tables = Flag.Several("--tables", "TABLE", "Only these tables of the sync, repeated or with commas");
    private readonly Option<bool> _fullRefresh = Flag.Switch("--full-refresh", "Read everything anew and replace the tables; a push sends all rows");
    private readonly Option<bool> _wait = Flag.Switch("--wait", "Wait for its end: the exit code is the run's");
    private readonly Option<string?> _note = Flag.Text("--note", "TEXT", "Why, for whoever looks at the schedule");

    public IEnumerable<Command> Build() =>
    [
        Part("run", "Ask a server for a run of a sync or push", RunAsync, _name, _tables, _fullRefresh, _wait),
        Part("cancel", "Stop what a server runs of a sync or push, and drop what waits", CancelAsync, _name),
        Part("pause", "Pause a schedule: due times go by until it is resumed", PauseAsync, _name, _note),
        Part("resume", "End the pause of a schedule", ResumeAsync, _name),
    ];

    private Command Part(string name, string description, Func<CommandRun, RunControl, string, Task<int>> work, params Symbol[] parts)
    {
        var command = new Command(name, description);
        foreach (var part in parts)
        {
            if (part is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)part);
            }
        }

        CommandRun.Action(command, host, log, async run =>
        {
            var asked = Administration.Required(run, _name, "A sync or push");
            await using var control = await RunControl.OpenAsync(options(run), run.Cancel);
            return await work(run, control, asked);
        });
        return command;
    }

    private async Task<int> RunAsync(CommandRun run, RunControl control, string name)
    {
        var tables = Settings.ColumnChoice.Names(run.Flags.List(_tables));
        var choices = new RunChoices { Tables = [.. tables], FullRefresh = run.Flags.IsOn(_fullRefresh) };
        var id = await control.AskAsync(name, choices, Administration.Who, run.Cancel);
        run.HasChanged = true;
        await run.Host.Out.WriteLineAsync($"{name} is in the queue: request {id}.");
        await run.Host.Out.FlushAsync(run.Cancel);
        await WarnAsync(run, control);
        if (!run.Flags.IsOn(_wait))
        {
            return ExitCode.Done;
        }

        run.Interruption.First = () => run.Messages.Info($"The run goes on without this command. 'sluice serve cancel {name}' stops it.");
        var (code, summary) = await control.WaitAsync(id, run.Cancel);
        await run.Host.Out.WriteLineAsync(summary);
        return code;
    }

    private static async Task<int> CancelAsync(CommandRun run, RunControl control, string name)
    {
        if (!await control.CancelAsync(name, Administration.Who, run.Cancel))
        {
            throw new SluiceException(SluiceErrorKind.Config, $"Nothing of {name} runs or waits.");
        }

        run.HasChanged = true;
        await run.Host.Out.WriteLineAsync($"{name} is asked to stop; what waited is dropped.");
        return ExitCode.Done;
    }

    private async Task<int> PauseAsync(CommandRun run, RunControl control, string name)
    {
        await control.PauseAsync(name, Administration.Who, run.Flags.Text(_note), run.Cancel);
        run.HasChanged = true;
        await run.Host.Out.WriteLineAsync($"The schedule of {name} is paused. 'sluice serve resume {name}' ends that.");
        return ExitCode.Done;
    }

    private static async Task<int> ResumeAsync(CommandRun run, RunControl control, string name)
    {
        await control.ResumeAsync(name, run.Cancel);
        run.HasChanged = true;
        await run.Host.Out.WriteLineAsync($"The schedule of {name} is on again. What was due meanwhile stays skipped.");
        return ExitCode.Done;
    }

    private static async Task WarnAsync(CommandRun run, RunControl control)
    {
        var heard = await control.ServerHeardAtAsync(run.Cancel);
        if (heard is null || run.Host.Time.GetUtcNow() - heard > Silence)
        {
            var since = heard is { } at ? $" since {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)}" : "";
            run.Messages.Warn($"No server has been heard of{since}: the request waits for one.", "'sluice serve' starts one.");
        }
    }
}

using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Writes.Journal;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice writes</c>: the journals of what was sent to Customer.io.</summary>
internal sealed class WritesCommand
{
    private readonly Argument<string?> _id = new("ID")
    {
        Description = "The import, as the list calls it; the first letters do",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _json = Flag.Switch("--json", "Write JSON");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("writes", "Show or forget what was sent to Customer.io", """
            For example: sluice writes list
                         sluice writes show 3f2a81c0
                         sluice writes forget 3f2a81c0
            """);
        var list = new Command("list", "List imports, the latest first");
        list.Add(_json);
        CommandRun.Action(list, host, log, ListAsync);
        command.Add(list);
        var show = new Command("show", "Show an import's requests that were refused, or of which nobody knows");
        show.Add(_id);
        show.Add(_json);
        CommandRun.Action(show, host, log, ShowAsync);
        command.Add(show);
        var forget = new Command("forget", "Remove an import's journal: the same import then begins anew and sends everything again");
        forget.Add(_id);
        CommandRun.Action(forget, host, log, ForgetAsync);
        command.Add(forget);
        return command;
    }

    private async Task<int> ListAsync(CommandRun run)
    {
        await run.Host.Out.WriteAsync(WritesView.List(Journals(run).List(), run.Flags.IsOn(_json)));
        return ExitCode.Done;
    }

    private async Task<int> ShowAsync(CommandRun run)
    {
        await run.Host.Out.WriteAsync(WritesView.Show(Find(run), run.Flags.IsOn(_json)));
        return ExitCode.Done;
    }

    private async Task<int> ForgetAsync(CommandRun run)
    {
        var journal = Find(run);
        Journals(run).Forget(journal);
        run.HasChanged = true;
        await run.Host.Out.WriteLineAsync($"{journal.Id} is forgotten: the same import begins anew and sends everything again.");
        return ExitCode.Done;
    }

    private static JournalFolder Journals(CommandRun run) => new(Path.Combine(run.Host.Folder, run.Host.Settings.WorkFolder));

    private JournalState Find(CommandRun run) => run.Flags.Argument(_id) is { } id && Journals(run).Find(id) is { } found
        ? found
        : throw new SluiceException(
            SluiceErrorKind.Config,
            run.Flags.Argument(_id) is { } named ? $"There is no import '{named}', or several begin so." : "An import must be named.",
            "'sluice writes list' lists them.");
}

using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Sql;
using Sluice.Writes.Journal;
using Sluice.Writes.Statements;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice writes</c>: the journals of what was sent to Customer.io.</summary>
internal sealed class WritesCommand
{
    private readonly Argument<string?> _id = new("ID")
    {
        Description = "The import or statement, as the list calls it; the first letters do",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _json = Flag.Switch("--json", "Write JSON");
    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run", "Only show the calls; nothing is sent");
    private readonly WorkspaceOptions _source = new();

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("writes", "Show, undo or forget what was sent to Customer.io", """
            For example: sluice writes list
                         sluice writes show 3f2a81c0
                         sluice writes undo 3f2a81c0 --dry-run
                         sluice writes forget 3f2a81c0
            """);
        var list = new Command("list", "List imports and statements, the latest first");
        list.Add(_json);
        CommandRun.Action(list, host, log, ListAsync);
        command.Add(list);
        var show = new Command("show", "Show the requests that were refused, or of which nobody knows");
        show.Add(_id);
        show.Add(_json);
        CommandRun.Action(show, host, log, ShowAsync);
        command.Add(show);
        var forget = new Command("forget", "Remove a journal: the same import or statement then begins anew and sends everything again");
        forget.Add(_id);
        CommandRun.Action(forget, host, log, ForgetAsync);
        command.Add(forget);
        var undo = new Command(
            "undo", "Write back what a statement has overwritten: contents, snippets, reporting webhooks and names of collections");
        undo.Add(_id);
        _source.AddTo(undo);
        undo.Add(_dryRun);
        CommandRun.Action(undo, host, log, UndoAsync);
        command.Add(undo);
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
        await run.Host.Out.WriteLineAsync($"{journal.Id} is forgotten: the same import or statement begins anew and sends everything again.");
        return ExitCode.Done;
    }

    private async Task<int> UndoAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var source = _source.Read(run, mistakes);
        mistakes.ThrowIfAny();
        var journal = Find(run);
        var settings = StatementWriter.Settings(source!, run) with { Statement = journal.Id, Source = "undo", Target = journal.Plan.Target };
        var calls = UndoPlan.Make(journal, settings.Workspace, table => ResourceCatalog.Default.Find(table)!.PrimaryKey);
        if (run.Flags.IsOn(_dryRun))
        {
            await run.Host.Out.WriteAsync(WriteView.Calls(calls) + "Nothing was sent.\n");
            return ExitCode.Done;
        }

        using var client = SourceOptions.Open(source!, run);
        var report = await new CallRun(client, settings, run.Host.Time).RunAsync(calls, run.Cancel);
        SqlSession.ForgetFetched(QueryOptions.CacheFolder(run, source!));
        WriteView.Tell($"undo {journal.Plan.Target}", report, run.Messages);
        return report.ExitCode;
    }

    private static JournalFolder Journals(CommandRun run) => new(Path.Combine(run.Host.Folder, run.Host.Settings.WorkFolder));

    private JournalState Find(CommandRun run) => run.Flags.Argument(_id) is { } id && Journals(run).Find(id) is { } found
        ? found
        : throw new SluiceException(
            SluiceErrorKind.Config,
            run.Flags.Argument(_id) is { } named
                ? $"There is no import or statement '{named}', or several begin so."
                : "An import or statement must be named.",
            "'sluice writes list' lists them.");
}

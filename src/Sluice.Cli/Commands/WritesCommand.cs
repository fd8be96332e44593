using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Sql;
using Sluice.Writes.Journal;
using Sluice.Writes.Operations;
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
    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run", "Only read the rows and show what would change; nothing is sent");
    private readonly Option<bool> _yes = Flag.Switch("--yes", "Write back also what somebody has changed since");
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
        undo.Add(_yes);
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
        var steps = UndoPlan.Make(journal, settings.Workspace, KeyOf);
        using var client = SourceOptions.Open(source!, run);
        var table = TableWritesCatalog.Find(journal.Plan.Target)!;
        steps = await new UndoCheck(client, table, KeyOf(table.Table)).LookAsync(steps, run.Cancel);
        var calls = steps.Select(step => step.Call).ToList();
        if (run.Flags.IsOn(_dryRun))
        {
            await run.Host.Out.WriteAsync(UndoView.Text(steps, client.Statistics.Requests));
            return ExitCode.Done;
        }

        await AgreeAsync(table.Table, [.. steps.Where(step => step.Since is not null)], run);
        var report = await new CallRun(client, settings, run.Host.Time).RunAsync(calls, run.Cancel);
        SqlSession.ForgetFetched(QueryOptions.CacheFolder(run, source!));
        WriteView.Tell($"undo {journal.Plan.Target}", report, run.Messages);
        return report.ExitCode;
    }

    private static IReadOnlyList<string> KeyOf(string table) => ResourceCatalog.Default.Find(table)!.PrimaryKey;

    // What somebody else has written since would be lost as the former values were.
    private async Task AgreeAsync(string table, IReadOnlyList<UndoStep> changed, CommandRun run)
    {
        if (changed.Count == 0 || run.Flags.IsOn(_yes))
        {
            return;
        }

        var what = UndoView.Since(table, changed);
        if (run.Host.IsInputTerminal)
        {
            await run.Host.Error.WriteLineAsync(what);
            await run.Host.Error.WriteAsync("Type yes to write the former values back all the same: ");
            if ((await run.Host.In().ReadLineAsync(run.Cancel))?.Trim() == "yes")
            {
                return;
            }
        }

        throw new SluiceException(
            SluiceErrorKind.Config, what, "Nothing was sent. --dry-run shows what is there now; --yes writes the former values back all the same.");
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

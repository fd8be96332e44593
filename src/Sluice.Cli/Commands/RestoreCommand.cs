using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Sql;
using Sluice.Sql.Dml;
using Sluice.Writes.Backup;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice restore</c>: brings back what a backup holds, after it was shown what differs.</summary>
internal sealed class RestoreCommand
{
    private readonly Argument<string?> _folder = new("FOLDER")
    {
        Description = $"The folder of the backup [default: {BackupCommand.DefaultFolder}]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _only = Flag.Several(
        "--only", "WHAT", "Only these kinds or things, with commas, by their names or those of their folders: collections,snippets/NAME");

    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run", "Only show what differs; nothing is sent");
    private readonly Option<bool> _yes = Flag.Switch("--yes", "Agree to the changes without being asked");
    private readonly Option<bool> _continue = Flag.Switch("--continue", "Go on with the others when Customer.io has refused one");
    private readonly Option<bool> _json = Flag.Switch("--json", "Write what differs as JSON");
    private readonly WorkspaceOptions _workspace = new();

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("restore", "Bring back what 'sluice backup' has written, after showing what differs", """
            What differs is shown first: - is what Customer.io has now, + what it will have. Then it asks, or needs --yes.
            Nothing is ever deleted: what the backup does not have is left alone. Newsletters, variants and actions can't be made by the API, only
            changed. 'sluice writes' shows what was sent, and undoes it where that is possible. After a kill the same command does what is left.
            Exit codes: 0 done, 2 usage, or nobody has agreed, 3 key refused, 4 key not allowed, 5 Customer.io failed, 7 something was refused or
            can't be brought back, 130 cancelled.
            For example: sluice restore customerio --dry-run
                         sluice restore customerio --only snippets/address,newsletters/12-summer-sale
            """);
        command.Add(_folder);
        command.Add(_only);
        _workspace.AddTo(command);
        command.Add(_dryRun);
        command.Add(_yes);
        command.Add(_continue);
        command.Add(_json);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var source = _workspace.Read(run, mistakes);
        var selection = BackupSelection.Read(run.Flags.List(_only), takesNames: true, mistakes);
        mistakes.ThrowIfAny();
        var shown = run.Flags.Argument(_folder) ?? BackupCommand.DefaultFolder;
        var folder = BackupFolder.Open(Path.Combine(run.Host.Folder, shown), shown);
        using var client = SourceOptions.Open(source!, run);
        await using var reader = new WorkspaceReader(client, run.Messages, run.Host.Time);
        RequireWorkspace(folder.Index, await reader.WorkspaceAsync(client, source!, run.Cancel), selection, run);

        var plan = await RestorePlan.MakeAsync(folder, selection, reader.RowsAsync, run.Cancel);
        await run.Host.Out.WriteAsync(run.Flags.IsOn(_json) ? RestoreView.Json(plan) : RestoreView.Text(plan, client, reader.Requests));
        if (run.Flags.IsOn(_dryRun))
        {
            await run.Host.Out.WriteAsync(run.Flags.IsOn(_json) ? "" : "Nothing was sent.\n");
            return ExitCode.Done;
        }

        if (!plan.HasChanges)
        {
            return plan.Count(RestoreState.Impossible) > 0 ? ExitCode.Partial : ExitCode.Done;
        }

        RequireTrack(plan, source!);
        await AgreeAsync(plan, run);
        return await SendAsync(plan, client, source!, reader, run);
    }

    // Numbers of messages mean others in another workspace.
    private static void RequireWorkspace(BackupIndex index, BackupIndex own, BackupSelection selection, CommandRun run)
    {
        if (!index.IsOfAnotherThan(own))
        {
            return;
        }

        var kinds = selection.Kinds.Where(kind => index.Kinds.Contains(kind.Name)).ToList();
        if (kinds.Exists(kind => kind.Parent is not null))
        {
            var named = string.Join(',', kinds.Where(kind => kind.Parent is null).Select(kind => kind.Name));
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The backup is of {index.Workspace}, and the key is of {own.Workspace}: "
                    + "messages are known by their numbers, which mean others there.",
                named.Length > 0 ? $"--only {named} brings over what is known by its name." : null);
        }

        run.Messages.Warn($"The backup is of {index.Workspace}, and the key is of {own.Workspace}.");
    }

    private static void RequireTrack(RestorePlan plan, SourceAddress source)
    {
        if (plan.AddsMembers && !source.HasTrack)
        {
            throw StatementRunner.TrackKeyMissing;
        }
    }

    private async Task AgreeAsync(RestorePlan plan, CommandRun run)
    {
        if (run.Flags.IsOn(_yes))
        {
            return;
        }

        var overwritten = plan.Findings.Count(one => one.IsChangedThere);
        var what = overwritten == 0 ? "These changes need a yes."
            : $"Changed in Customer.io since the backup: {QueryPriceView.Count(overwritten, "thing")}. What was changed there would be lost.";
        if (run.Host.IsInputTerminal)
        {
            await run.Host.Error.WriteAsync($"{what}\nType yes to go on: ");
            if ((await run.Host.In().ReadLineAsync(run.Cancel))?.Trim() == "yes")
            {
                return;
            }
        }

        throw new SluiceException(SluiceErrorKind.Config, what, "Nothing was sent. --yes agrees to what is shown above.");
    }

    private async Task<int> SendAsync(RestorePlan plan, CustomerIoClient client, SourceAddress source, WorkspaceReader reader, CommandRun run)
    {
        var settings = StatementWriter.Settings(source, run) with { Continues = run.Flags.IsOn(_continue) };
        try
        {
            var report = await new RestoreRun(client, settings, reader.RowsAsync, run.Host.Time).RunAsync(plan, run.Cancel);
            RestoreView.Tell(report, run.Messages);
            return report.ExitCode;
        }
        finally
        {
            SqlSession.ForgetFetched(QueryOptions.CacheFolder(run, source));
        }
    }
}

using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Sql;
using Sluice.Writes.Backup;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice backup</c>: what people have written in a workspace, as files.</summary>
internal sealed class BackupCommand
{
    public const string DefaultFolder = "customerio";

    private readonly Argument<string?> _folder = new("FOLDER")
    {
        Description = $"Where the files go; what else is there, such as .git, stays [default: {DefaultFolder}]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _only = Flag.Several(
        "--only", "KINDS", $"Only these, with commas: {string.Join(", ", BackupKind.All.Select(kind => kind.Name))}");

    private readonly Option<bool> _members = Flag.Switch("--members", "Also the people in manual segments, by cio_id, id and email: personal data");
    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run", "Only tell the price; nothing is written");
    private readonly Option<bool> _json = Flag.Switch("--json", "Write the result as JSON");
    private readonly WorkspaceOptions _workspace = new();

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("backup", "Write snippets, collections, segments and contents of messages into files for git", """
            Nothing but what has changed in the workspace changes in the folder, and what is gone there is gone here: git keeps the history.
            A backup that fails leaves the folder as it was. 'sluice restore' brings things back.
            Exit codes: 0 done, 2 usage, 3 key refused, 4 key not allowed, 5 Customer.io failed, 6 the folder can't be written, 130 cancelled.
            For example: sluice backup --dry-run
                         sluice backup customerio && git -C customerio add -A && git -C customerio commit -m "As it is today"
                         sluice backup customerio --only snippets,collections
            """);
        command.Add(_folder);
        command.Add(_only);
        command.Add(_members);
        _workspace.AddTo(command);
        command.Add(_dryRun);
        command.Add(_json);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var source = _workspace.Read(run, mistakes);
        var kinds = BackupSelection.Read(run.Flags.List(_only), takesNames: false, mistakes).Kinds;
        var withMembers = run.Flags.IsOn(_members);
        if (withMembers && !kinds.Any(kind => kind.Name == "segments"))
        {
            mistakes.Add("--members is about segments, which --only leaves out.", "Leave out one of them.");
        }

        mistakes.ThrowIfAny();
        using var client = SourceOptions.Open(source!, run);
        await using var reader = new WorkspaceReader(client, run.Messages, run.Host.Time);
        if (run.Flags.IsOn(_dryRun))
        {
            var prices = await PricesAsync(reader, kinds, withMembers, run.Cancel);
            await run.Host.Out.WriteAsync(BackupView.Price(prices, client.Budget.RequestsPerSecond, run.Flags.IsOn(_json)));
            return ExitCode.Done;
        }

        var shown = run.Flags.Argument(_folder) ?? DefaultFolder;
        var index = (await reader.WorkspaceAsync(client, source!, run.Cancel)) with
        {
            Kinds = [.. kinds.Select(kind => kind.Name)],
            HasMembers = withMembers,
        };
        run.Interruption.First = () => run.Messages.Info($"Stopping. {shown} stays as it was.");
        using var writer = BackupWriter.Open(Path.Combine(run.Host.Folder, shown), index);
        foreach (var kind in kinds)
        {
            await writer.AddAsync(kind, reader.RowsAsync(kind.Query(withMembers), run.Cancel), run.Cancel);
        }

        var changes = writer.Complete();
        run.HasChanged = true;
        await run.Host.Out.WriteAsync(BackupView.Text(changes, index, shown, run.Flags.IsOn(_json)));
        Tell(writer, changes, reader, run);
        return ExitCode.Done;
    }

    private static void Tell(BackupWriter writer, BackupChanges changes, WorkspaceReader reader, CommandRun run)
    {
        if (writer.DropsMembers)
        {
            run.Messages.Warn("The members of segments are no longer in the folder: --members keeps them there.");
        }

        if (changes.Kinds.Sum(kind => kind.Removed.Count) is var removed and > 0)
        {
            var things = QueryPriceView.Count(removed, "thing");
            run.Messages.Info($"Gone from the folder: {things} that the workspace no longer has, or has under another name.");
        }

        run.Messages.Info($"{QueryPriceView.Count(reader.Requests, "request")} made.");
    }

    private static async Task<IReadOnlyList<KeyValuePair<string, QueryReport>>> PricesAsync(
        WorkspaceReader reader, IReadOnlyList<BackupKind> kinds, bool withMembers, CancellationToken cancel)
    {
        var prices = new List<KeyValuePair<string, QueryReport>>();
        foreach (var kind in kinds)
        {
            prices.Add(new(kind.Name, await reader.PriceAsync(kind.Query(withMembers), cancel)));
        }

        return prices;
    }
}

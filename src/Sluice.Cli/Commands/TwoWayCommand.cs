using System.CommandLine;
using System.Globalization;
using Sluice.Cli.Output;
using Sluice.Destinations;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;
using Sluice.Sql;
using Sluice.Writes.Sync;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice two-way</c>: keeps a table and a collection, or the snippets, the same.</summary>
internal sealed class TwoWayCommand
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "What to run, by its name below two_way [default: list what there is]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly PipelineFileOption _file = new();
    private readonly Option<bool> _dryRun = Flag.Switch("--dry-run", "Only show what would change on each side, and what is in conflict");
    private readonly Option<bool> _json = Flag.Switch("--json", "Write the result as JSON");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("two-way", "Keep a table and a collection, or the snippets, the same", """
            For example: sluice two-way stock --dry-run
            Each side gets what the other has changed since the last run; the pipeline file says what is joined, below two_way.
            After a kill or Ctrl-C the same command goes on. Exit codes: 0 done, 2 usage or refused, 3 key refused, 4 key not allowed,
            5 Customer.io failed, 6 the database failed, 7 conflicts are left or rows did not arrive, 130 cancelled.
            """);
        command.Add(_name);
        _file.AddTo(command);
        command.Add(_dryRun);
        command.Add(_json);
        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var isJson = run.Flags.IsOn(_json);
        if (run.Flags.Argument(_name) is not { } name)
        {
            var file = _file.ReadGood(run, [], PipelineSection.TwoWay);
            await run.Host.Out.WriteAsync(TwoWayView.List(file.TwoWays.Select(one => (one, SettingsOf(one, run))), isJson));
            return ExitCode.Done;
        }

        var chosen = Find(_file.ReadGood(run, [name], PipelineSection.TwoWay), name);
        RequireDatabase(chosen);
        var settings = SettingsOf(chosen, run);
        WorkFolder.Prepare(settings.WorkFolder);
        using var client = SourceOptions.Open(chosen.Workspace.Source!, run);
        var twoWay = new TwoWayRun(settings, client, run.Host.Time);
        run.Interruption.First = () => run.Messages.Info("Stopping. The same command goes on where this one was.");
        if (run.Flags.IsOn(_dryRun))
        {
            var plan = await twoWay.PlanAsync(run.Cancel);
            await run.Host.Out.WriteAsync(isJson ? TwoWayView.Json(plan, settings) : TwoWayView.Text(plan, settings, isDryRun: true));
            return plan.ExitCode;
        }

        run.HasChanged = true;
        try
        {
            var report = await twoWay.RunAsync(run.Cancel);
            await run.Host.Out.WriteAsync(isJson ? TwoWayView.Json(report, settings) : TwoWayView.Text(report, settings, isDryRun: false));
            return report.ExitCode;
        }
        finally
        {
            SqlSession.ForgetFetched(QueryOptions.CacheFolder(run, chosen.Workspace.Source!));
        }
    }

    private static PipelineTwoWay Find(PipelineFile file, string name)
    {
        var names = file.TwoWayNames;
        return file.TwoWays.FirstOrDefault(one => one.Name == name) ?? throw new SluiceException(
            SluiceErrorKind.Config,
            $"There is no '{name}' below two_way.",
            Suggestion.For(name, names)
                ?? (file.SyncNames.Contains(name, StringComparer.Ordinal) ? $"It is a sync, which is run by: sluice run {name}"
                    : names.Count > 0 ? $"There are {string.Join(", ", names)}."
                    : "The file has nothing below two_way; docs/pipelines.md has an example."));
    }

    private static string MakingCommand(PipelineTwoWay one, string file)
    {
        var name = (one.Collection ?? "").Replace("'", "''", StringComparison.Ordinal);
        var sql = $"INSERT INTO collections(name, data) VALUES ('{name}', '[]')";
        var of = file == PipelineReader.FileName ? "" : $" --file {ShellText.Quote(file)}";
        return $"sluice query --workspace {ShellText.Quote(one.Workspace.Name)}{of} {ShellText.Quote(sql)}";
    }

    private static void RequireDatabase(PipelineTwoWay chosen)
    {
        var uri = chosen.Database.Uri!;
        if (DestinationFile.OtherKind(uri) is { } other)
        {
            throw other;
        }

        if (DestinationFile.IsMissing(uri))
        {
            throw new SluiceException(SluiceErrorKind.Config, DestinationFile.Missing(uri), $"{chosen.Database.Name} must have the table already.");
        }
    }

    private TwoWaySettings SettingsOf(PipelineTwoWay one, CommandRun run) => new()
    {
        Name = one.Name,
        Workspace = one.Workspace.Source!.PairWith("writes"),
        WorkspaceIdentity = $"{one.Workspace.Source.Client.BaseUrl} {one.Workspace.Source.Client.Region} {one.Workspace.Name}",
        Database = one.Database.Name,
        DatabaseIdentity = one.Database.Identity,
        Table = one.Table,
        OpenAsync = (isToWrite, cancel) => DestinationRegistry.OpenTableAsync(one.Database.Uri!, one.Table, isToWrite, cancel),
        Collection = one.Collection,
        MakingCommand = MakingCommand(one, _file.Name(run.Flags)),
        Key = one.Key,
        Columns = one.Columns,
        Prefer = one.Prefer is { } word ? Enum.Parse<Preference>(word, ignoreCase: true) : Preference.None,
        ChangedAt = one.ChangedAt,
        Deletes = one.Deletes,
        MostDeletes = one.MostDeletes is { } most
            ? new DeletionLimit(int.Parse(most.TrimEnd('%'), CultureInfo.InvariantCulture), most.EndsWith('%'))
            : DeletionLimit.Usual,
        WorkFolder = Path.Combine(run.Host.Folder, run.Host.Settings.WorkFolder),
    };
}

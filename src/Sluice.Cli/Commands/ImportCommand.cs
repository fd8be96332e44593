using System.CommandLine;
using Sluice.Cli.Output;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Sql.Dml;
using Sluice.Writes.Import;
using Sluice.Writes.Operations;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice import</c>: rows of a file into Customer.io.</summary>
internal sealed class ImportCommand
{
    private static readonly string[] NullWords = ["skip", "clear"];

    private readonly Argument<string?> _file = new("SOURCE")
    {
        Description = "CSV, TSV, JSON lines, JSON or Parquet, also as .gz or .zst; a pattern such as 'people-*.csv', or - for standard input",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly ImportSourceOptions _query = new();
    private readonly SourceOptions _workspace = new();
    private readonly Option<string?> _into = Flag.Text("--into", "TARGET", $"What the rows become: {Targets}");
    private readonly Option<string[]> _map = Flag.Several(
        "--map", "COLUMN=NAME", "Call a column otherwise; NAME is an attribute, @name a value such as @timestamp, or - to leave the column out");
    private readonly Option<string[]> _set = Flag.Several("--set", "NAME=VALUE", "Give all rows the same value, such as name=purchase for events");
    private readonly Option<string[]> _types = Flag.Several(
        "--type", "COLUMN=TYPE", "What a column holds: text, number, boolean, time or json [default: what all of its values are]");
    private readonly Option<string?> _timeFormat = Flag.Text(
        "--time-format", "FORMAT", "How times are written, as in '%d/%m/%Y %H:%M' [default: 2024-05-01, 2024-05-01T10:00:00Z or unix seconds]");
    private readonly Option<string?> _identifier = Flag.Text(
        "--identifier", "id|email|cio_id", "What names a person [default: the first of these that is a column]");
    private readonly Option<string?> _nulls = Flag.Text(
        "--nulls", "skip|clear", "What a column without a value does: nothing, or take the attribute away [default: skip]");
    private readonly Option<string?> _rate = Flag.Text(
        "--track-rate", "N", "Requests a second to the Track API, which Customer.io calls fair use up to 100 [default: 100]");
    private readonly Option<string?> _rejects = Flag.Text(
        "--rejects", "FILE", "Where rows are written that are not taken [default: rejects.csv]");
    private readonly VerifyOptions _verify = new("Read back some rows, or all, and name what did not arrive; needs the App API");
    private readonly Option<bool> _dryRun = Flag.Switch(
        "--dry-run", "Only show the first rows as calls, the counts and the minutes; nothing is sent");
    private readonly Option<bool> _again = Flag.Switch("--again", "Send an import once more that was finished before");
    private readonly Option<string?> _yes = Flag.Text(
        "--yes", "COUNT", "Agree to the loss of so many people, or rows of a collection, without being asked");
    private readonly Option<bool> _json = Flag.Switch("--json", "Write the result as JSON");

    private static string Targets =>
        string.Join(", ", OperationCatalog.All.Select(one => one.Name is "segment" or "collection" ? $"{one.Name}:NAME (or its id)" : one.Name));

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("import", "Bring the rows of a file into Customer.io", """
            For example: sluice import people.csv --into people --dry-run
                         sluice import orders.csv --into events --set name=purchase --map ordered_at=@timestamp
                         sluice import --from duckdb:///crm.duckdb --query "SELECT id, plan FROM accounts" --into people
            After a kill or Ctrl-C the same command goes on where it was: what is done is not sent again. 'sluice writes' lists imports.
            Needs the Track API: CUSTOMERIO_SITE_ID and CUSTOMERIO_TRACK_API_KEY. Segments, collections and reading back need the App API as well.
            Exit codes: 0 done, 2 usage, 3 key refused, 4 key not allowed, 5 Customer.io failed, 6 the source or a disk failed,
            7 some rows were not taken, 130 cancelled.
            """);
        command.Add(_file);
        command.Add(_into);
        _query.AddTo(command);
        _workspace.AddTo(command);
        Option[] options =
        [
            _map, _set, _types, _timeFormat, _identifier, _nulls, _rate, _rejects, .. _verify.All, _dryRun, _again, _yes, _json,
        ];
        foreach (var option in options)
        {
            command.Add(option);
        }

        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        var mistakes = new ValidationErrors();
        var source = _workspace.Read(run, mistakes, needsApp: false);
        var settings = Read(run, source, mistakes);
        var rate = run.Flags.Number(_rate, 0.001, ResumableSending.MostRequests, mistakes);
        CheckKeys(source, settings, mistakes);
        mistakes.ThrowIfAny();

        WorkFolder.Prepare(run.Host.Settings.WorkFolder);
        using var client = SourceOptions.Open(source!, run, trackRate: rate);
        run.Interruption.First = () => run.Messages.Info("Stopping. Nothing was sent.");
        await using var import = await ImportRun.PrepareAsync(settings, client, run.Host.Time, run.Cancel);
        if (run.Flags.IsOn(_dryRun))
        {
            var plan = await import.PlanAsync(run.Cancel);
            await run.Host.Out.WriteAsync(
                ImportView.Write(plan, client.TrackBudget.RequestsPerSecond, client.Budget.RequestsPerSecond, run.Flags.IsOn(_json)));
            return ExitCode.Done;
        }

        await Consent.AskAsync(await import.DestructionAsync(run.Cancel), run.Flags.Text(_yes), run);
        return await new ResumableSending(run, source!).SendAsync(import.Progress, import.RunAsync, report => Tell(report, settings, run));
    }

    private int Tell(ImportReport report, ImportSettings settings, CommandRun run)
    {
        ImportView.Write(report, settings, run, run.Flags.IsOn(_json));
        if (report.Verification is null && settings is { Verify: VerifyMode.None, IsVerifyGiven: false })
        {
            run.Messages.Info("Nothing was read back, for there is no App API key: what Customer.io drops later shows in its activity log only.");
        }

        return report.ExitCode;
    }

    private ImportSettings Read(CommandRun run, SourceAddress? source, ValidationErrors mistakes)
    {
        var (file, into) = (run.Flags.Argument(_file), run.Flags.Text(_into));
        var query = _query.Read(run, file, mistakes);
        if ((file is null && query is null && !mistakes.Any) || into is null)
        {
            mistakes.Add("A source and a target are needed.", "sluice import people.csv --into people");
        }

        var identifier = run.Flags.Text(_identifier);
        if (identifier is not (null or "id" or "email" or "cio_id"))
        {
            mistakes.Add($"--identifier can't be '{identifier}'.", "There are id, email, cio_id.");
        }

        var verify = _verify.Mode(run, mistakes);
        return new ImportSettings
        {
            Source = file ?? "",
            Query = query,
            Target = into ?? "",
            Maps = run.Flags.List(_map),
            Constants = run.Flags.List(_set),
            Types = run.Flags.List(_types),
            Identifier = identifier,
            ClearsNulls = run.Flags.Word(_nulls, NullWords, mistakes) == "clear",
            TimeFormat = run.Flags.Text(_timeFormat),
            IsVerifyGiven = _verify.IsGiven(run),
            Verify = source is { HasApp: false } && !_verify.IsGiven(run) ? VerifyMode.None : verify,
            VerifyPatience = _verify.Patience(run, mistakes),
            IsAgain = run.Flags.IsOn(_again),
            Folder = run.Host.Folder,
            WorkFolder = Path.Combine(run.Host.Folder, run.Host.Settings.WorkFolder),
            RejectsPath = Path.Combine(run.Host.Folder, run.Flags.Text(_rejects) ?? "rejects.csv"),
            Input = run.Host.OpenInput,
            Workspace = source?.Client.SiteId ?? "",
        };
    }

    private static void CheckKeys(SourceAddress? source, ImportSettings settings, ValidationErrors mistakes)
    {
        var target = settings.Target.Split(':')[0];
        if (target != "collection" && source is { HasTrack: false })
        {
            mistakes.Add(StatementRunner.TrackKeyMissing.Message, StatementRunner.TrackKeyMissing.Hint);
        }

        var isFound = target is "collection" or "segment";
        if (source is { HasApp: false } && (isFound || settings is { IsVerifyGiven: true, Verify: not VerifyMode.None }))
        {
            mistakes.Add(
                $"There is no App API key, without which {(isFound ? $"no {target} can be found" : "nothing can be read back")}.",
                "Set CUSTOMERIO_APP_API_KEY (Account Settings > API Credentials > App API Keys).");
        }
    }
}

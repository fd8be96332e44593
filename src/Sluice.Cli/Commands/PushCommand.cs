using System.CommandLine;
using Sluice.Cli.Pipelines;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Server.Runs;
using Sluice.Settings.Pipelines;
using Sluice.Writes.Import;
using Sluice.Writes.Push;

namespace Sluice.Cli.Commands;

/// <summary><c>sluice push</c>: the rows of a query that have changed into Customer.io.</summary>
internal sealed class PushCommand
{
    private readonly Argument<string?> _name = new("PUSH")
    {
        Description = "The push, as the pipeline file calls it [default: list them]",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly PipelineFileOption _file = new();
    private readonly Option<bool> _dryRun = Flag.Switch(
        "--dry-run", "Only show counts, the first rows as calls with their former values, and the minutes; nothing is sent");
    private readonly Option<bool> _fullRefresh = Flag.Switch("--full-refresh", "Send all rows again, also those that have not changed");
    private readonly Option<bool> _audit = Flag.Switch(
        "--audit", "Send nothing: read back what was pushed and compare it with the source, some rows or with --verify all every one");
    private readonly VerifyOptions _verify = new("Read back some rows of those that are sent, or all, and name what did not arrive");
    private readonly Option<string?> _rate = Flag.Text(
        "--track-rate", "N", "Requests a second to the Track API, which Customer.io calls fair use up to 100 [default: 100]");
    private readonly Option<string?> _rejects = Flag.Text(
        "--rejects", "FILE", "Where rows are written that are not taken [default: rejects.csv]");
    private readonly Option<string?> _yes = Flag.Text(
        "--yes", "COUNT", "Agree without being asked to the removal of so many rows, or to sending them twice");
    private readonly Option<bool> _json = Flag.Switch("--json", "Write the result as JSON");

    public Command Build(CommandHost host, LogOptions log)
    {
        var command = new DocumentedCommand("push", "Send what has changed in a database into Customer.io", """
            For example: sluice push plans --dry-run
                         sluice push plans
                         sluice push plans --audit --verify all
            Pushes stand below pushes: in the pipeline file. Only rows that have changed since the last push are sent; after a kill or Ctrl-C the same
            command goes on. A workspace needs app_api_key, site_id and track_api_key for it.
            Exit codes: 0 done, 2 usage, 3 key refused, 4 key not allowed, 5 Customer.io failed, 6 the source or a disk failed,
            7 some rows were not taken or are not as they were sent, 130 cancelled.
            """);
        command.Add(_name);
        _file.AddTo(command);
        Option[] options = [_dryRun, _fullRefresh, _audit, .. _verify.All, _rate, _rejects, _yes, _json];
        foreach (var option in options)
        {
            command.Add(option);
        }

        CommandRun.Action(command, host, log, RunAsync);
        return command;
    }

    private async Task<int> RunAsync(CommandRun run)
    {
        if (run.Flags.Argument(_name) is not { } name)
        {
            var all = _file.ReadGood(run, [], PipelineSection.Pushes, mayBeUnset: true).Pushes;
            await run.Host.Out.WriteAsync(PushView.List(all, run.Flags.IsOn(_json)));
            return ExitCode.Done;
        }

        var mistakes = new ValidationErrors();
        var push = Find(name, run);
        var rate = run.Flags.Number(_rate, 0.001, ResumableSending.MostRequests, mistakes);
        var settings = Read(push, run, mistakes);
        mistakes.ThrowIfAny();

        WorkFolder.Prepare(run.Host.Settings.WorkFolder);
        using var client = SourceOptions.Open(push.Workspace.Source!, run, trackRate: rate);
        run.Interruption.First = () => run.Messages.Info("Stopping. Nothing was sent.");
        await using var prepared = await PushRun.PrepareAsync(settings, client, run.Host.Time, run.Cancel);
        if (run.Flags.IsOn(_audit))
        {
            return await AuditAsync(prepared, settings, run);
        }

        if (settings.IsDryRun)
        {
            var rates = (client.TrackBudget.RequestsPerSecond, client.Budget.RequestsPerSecond);
            await run.Host.Out.WriteAsync(PushView.Write(await prepared.PlanAsync(run.Cancel), settings, rates, run.Flags.IsOn(_json)));
            return ExitCode.Done;
        }

        await Consent.AskAsync(await prepared.DestructionAsync(run.Cancel), run.Flags.Text(_yes), run);
        return await new ResumableSending(run, push.Workspace.Source!).SendAsync(
            prepared.Progress,
            prepared.RunAsync,
            report =>
            {
                PushView.Write(report, settings, run, run.Flags.IsOn(_json));
                return report.ExitCode;
            });
    }

    private Task<int> AuditAsync(PushRun push, PushSettings settings, CommandRun run) => ResumableSending.ShowAsync(
        run,
        push.Progress,
        push.AuditAsync,
        report =>
        {
            PushView.Write(report, settings, run, run.Flags.IsOn(_json));
            return report.ExitCode;
        });

    private PipelinePush Find(string name, CommandRun run)
    {
        var file = _file.ReadGood(run, [name], PipelineSection.Pushes);
        return file.Pushes.FirstOrDefault(push => push.Name == name) ?? throw new SluiceException(
            SluiceErrorKind.Config,
            $"There is no push '{name}'.",
            file.PushNames.Count == 0
                ? $"{_file.Name(run.Flags)} has none: docs/writing.md shows how to write one."
                : Suggestion.For(name, file.PushNames) ?? $"There are {string.Join(", ", file.PushNames)}.");
    }

    private PushSettings Read(PipelinePush push, CommandRun run, ValidationErrors mistakes)
    {
        var verify = _verify.Mode(run, mistakes);
        var (isAudit, isDryRun) = (run.Flags.IsOn(_audit), run.Flags.IsOn(_dryRun));
        if (isAudit && (isDryRun || run.Flags.IsOn(_fullRefresh) || verify == VerifyMode.None))
        {
            mistakes.Add("--audit only reads back: it goes with neither --dry-run, --full-refresh nor --verify none.", "Leave one of them out.");
        }

        var rejects = Path.Combine(run.Host.Folder, run.Flags.Text(_rejects) ?? "rejects.csv");
        var workFolder = Path.Combine(run.Host.Folder, run.Host.Settings.WorkFolder);
        var settings = PushJob.SettingsOf(push, run.Host.Folder, workFolder, rejects, mistakes);
        return settings with
        {
            IsFullRefresh = run.Flags.IsOn(_fullRefresh),
            IsDryRun = isDryRun || isAudit,
            Import = settings.Import with { Input = run.Host.OpenInput, Verify = verify, VerifyPatience = _verify.Patience(run, mistakes) },
        };
    }
}

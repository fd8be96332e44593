using System.Globalization;
using System.Text.Json;
using Sluice.Engine;
using Sluice.Server.Pipelines;
using Sluice.Settings.Pipelines;
using Sluice.Sql;
using Sluice.Writes.Import;
using Sluice.Writes.Push;

namespace Sluice.Server.Runs;

/// <summary>Runs pushes of the pipeline. What destroys more than the pipeline allows is left to the command, where somebody agrees to it.</summary>
internal sealed class PushExecutor(PipelineStore pipelines, ServerOptions options, WorkspaceBudgets budgets, TimeProvider time)
{
    public async Task<IReadOnlyList<string>> LeasesAsync(string name, CancellationToken cancel) =>
        [$"push:{(await pipelines.RequirePushAsync(name, cancel)).Name}"];

    public async Task<RunResult> RunAsync(RunOrder order, CancellationToken cancel)
    {
        var push = await pipelines.RequirePushAsync(order.Request.Target.Name, cancel);
        order.Watch.Retries = push.Schedule?.Retries ?? PipelineSchedule.UsualRetries;
        var settings = SettingsOf(push, order);
        using var client = options.OpenClient(push.Workspace.Source!, budgets.Of(push.Workspace));
        await using var prepared = await PushRun.PrepareAsync(settings, client, time, cancel);
        if (await prepared.DestructionAsync(cancel) is { } lost)
        {
            throw new SluiceException(
                SluiceErrorKind.Config,
                $"The push {push.Name} needs somebody's agreement: {lost.What}",
                string.Create(CultureInfo.InvariantCulture, $"'sluice push {push.Name} --dry-run' shows it, and --yes {lost.Rows} agrees."));
        }

        try
        {
            return Result(push, settings, await prepared.RunAsync(cancel), order.Watch.Log);
        }
        finally
        {
            SqlSession.ForgetFetched(push.Workspace.Source!.QueryCacheIn(options.WorkFolder));
        }
    }

    private PushSettings SettingsOf(PipelinePush push, RunOrder order)
    {
        var mistakes = new ValidationErrors();
        var rejects = Path.Combine(options.WorkFolder, "runs", $"{order.RunId}.rejects.csv");
        var settings = PushJob.SettingsOf(push, options.Folder, options.WorkFolder, rejects, mistakes);
        mistakes.ThrowIfAny();
        return settings with
        {
            IsFullRefresh = order.Request.Choices.FullRefresh,
            Import = settings.Import with { Verify = VerifyMode.Sample },
        };
    }

    private static RunResult Result(PipelinePush push, PushSettings settings, PushReport report, RunLog log)
    {
        foreach (var warning in report.Warnings)
        {
            log.Warn(warning);
        }

        if (report.Rejected > 0)
        {
            log.Warn($"{Rows(report.Rejected)} not taken: {settings.Import.RejectsPath} tells which and why.", "The next push tries them again.");
        }

        if (report.Unknown > 0)
        {
            log.Warn($"{Rows(report.Unknown)} may or may not have arrived, and are not sent again.", "'sluice writes list' has the journal.");
        }

        return new RunResult(report.ExitCode, Sentence(push, report))
        {
            // Without keys and values of rows, which the file of rejected rows and the journal have.
            Report = JsonSerializer.Serialize(report with { FirstRejected = [], UnknownKeys = [] }, ServerJson.Options),
            Rows = report.Taken + report.Removed,
            Requests = report.Requests,
        };
    }

    private static string Sentence(PipelinePush push, PushReport report)
    {
        string[] parts =
        [
            $"{Rows(report.Rows)} in the source",
            $"{report.Taken.ToString("N0", CultureInfo.InvariantCulture)} sent to {push.Into}",
            .. Part(report.Removed, "removed"),
            .. Part(report.Rejected, "not taken"),
            .. Part(report.Unknown, "unknown"),
            .. Part(report.Verification?.Different ?? 0, "not there as they were sent"),
        ];
        return string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", parts)}, in {report.Duration.TotalSeconds:0.0} s.");
    }

    private static IEnumerable<string> Part(long count, string what) =>
        count == 0 ? [] : [string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}")];

    private static string Rows(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} row{(count == 1 ? "" : "s")}");
}

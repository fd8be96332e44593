using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Server.Status;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Dashboard;

/// <summary>Reads what the pages of a sync or push show.</summary>
internal sealed class SyncReader(
    Overview overview, Timeline timeline, RunQueue queue, RunWatcher watcher, PipelineStore pipelines, StoredPipelines stored, TimeProvider time)
{
    private const int DueTimes = 5;

    public async Task<SyncModel?> ReadAsync(RunTarget target, string? before, CancellationToken cancel)
    {
        if (await overview.FindAsync(target, cancel) is not { } status)
        {
            return null;
        }

        var served = await pipelines.ReadAsync(cancel);
        return new SyncModel
        {
            Status = status,
            Sentence = Sentences.Of(status, time.GetUtcNow()),
            Upcoming = [.. (status.Schedule?.Upcoming(time.GetUtcNow()) ?? []).Take(DueTimes)],
            Timeline = await timeline.ReadAsync(target, before, cancel),
            Waiting = (await queue.WaitingAsync(cancel)).FirstOrDefault(request => request.ToRequest().Target == target),
            Sync = target.Kind == RunKind.Sync ? served.File.Syncs.FirstOrDefault(sync => sync.Name == target.Name) : null,
            Push = target.Kind == RunKind.Push ? served.File.Pushes.FirstOrDefault(push => push.Name == target.Name) : null,
            File = served.Path,
            Form = served.Path is null
                ? ScheduleForm.Of(ScheduleText.Read(await stored.ReadAsync(cancel) ?? "", SectionOf(status.Kind), status.Name))
                : null,
            Events = before is null ? await watcher.PathAsync(cancel) : null,
        };
    }

    /// <summary>The section of a pipeline in which a kind stands.</summary>
    public static PipelineSection SectionOf(string kind) => kind == "push" ? PipelineSection.Pushes : PipelineSection.Syncs;

    public async Task<SyncTablesModel?> ReadTablesAsync(string name, CancellationToken cancel)
    {
        if (await overview.FindAsync(new RunTarget(name, RunKind.Sync), cancel) is not { } status)
        {
            return null;
        }

        // With the values of its variables, which a page of the file does without.
        var sync = (await pipelines.ReadForAsync(name, PipelineSection.Syncs, cancel)).Syncs.FirstOrDefault(one => one.Name == name);
        var schemas = sync?.Request.Tables.Select(job => job.Schema).Distinct(StringComparer.Ordinal).ToList() ?? [];
        var books = new List<DestinationBooks>();
        foreach (var schema in schemas)
        {
            books.Add(await DestinationBooks.ReadAsync(sync!.Uri, schema, time, cancel));
        }

        return new SyncTablesModel(status, sync, schemas, books);
    }

}

/// <summary>What the page of a sync or push shows.</summary>
internal sealed record SyncModel
{
    public required SyncStatus Status { get; init; }

    /// <summary>How it stands.</summary>
    public required string Sentence { get; init; }

    /// <summary>The next due times.</summary>
    public required IReadOnlyList<DateTimeOffset> Upcoming { get; init; }

    public required IReadOnlyList<TimelineEntry> Timeline { get; init; }

    /// <summary>A request that waits.</summary>
    public RequestRow? Waiting { get; init; }

    public PipelineSync? Sync { get; init; }

    public PipelinePush? Push { get; init; }

    /// <summary>The pipeline file; null when it was set in the browser.</summary>
    public string? File { get; init; }

    /// <summary>The schedule as it was typed, which can be changed; null where a file says it.</summary>
    public ScheduleForm? Form { get; init; }

    /// <summary>What is wrong with what was typed.</summary>
    public string? Problem { get; init; }

    /// <summary>Where what happens is streamed from; null on later pages of the timeline.</summary>
    public string? Events { get; init; }

    public RunTarget Target => new(Status.Name, RunWords.Kind(Status.Kind));

    public string Path => SyncPages.PathOf(Status);

    public string? Zone => Status.Schedule?.TimeZone;

    /// <summary>The last run on the page, after which the next page begins; null on the last.</summary>
    public string? Earlier =>
        Timeline.Count(entry => entry.Run is not null) == RunHistory.PageSize ? Timeline.Last(entry => entry.Run is not null).Run!.Id : null;
}

/// <summary>What the tables of a sync are like, as the destination has it.</summary>
/// <param name="Status">How it stands.</param>
/// <param name="Sync">The sync; null when the pipeline has mistakes there.</param>
/// <param name="Schemas">Its schemas.</param>
/// <param name="Books">What the destination keeps in each of them.</param>
internal sealed record SyncTablesModel(SyncStatus Status, PipelineSync? Sync, IReadOnlyList<string> Schemas, IReadOnlyList<DestinationBooks> Books);

/// <summary>What a run would do, before somebody asks for it.</summary>
/// <param name="Name">The sync.</param>
/// <param name="Form">What is wanted.</param>
/// <param name="Plan">The plan; null when there is a problem.</param>
/// <param name="Problem">Why there is none.</param>
internal sealed record PlanModel(string Name, PlanForm Form, Engine.Runs.RunPlan? Plan, string? Problem);

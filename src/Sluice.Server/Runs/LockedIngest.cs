using System.Globalization;
using Sluice.Destinations;
using Sluice.Engine.Load;
using Sluice.Engine.Runs;
using Sluice.Engine.Webhooks;

namespace Sluice.Server.Runs;

/// <summary>Runs an ingest under the lock of its workspaces and destination; removes a new empty database if it could not start.</summary>
/// <param name="request">What is read, and how.</param>
/// <param name="workspaces">Where from.</param>
/// <param name="uri">The address of the destination, which may hold a password.</param>
/// <param name="time">The clock.</param>
public sealed class LockedIngest(IngestRequest request, IReadOnlyList<Workspace> workspaces, string uri, TimeProvider time)
{
    private readonly string _runId = IngestRun.NewId(time);

    /// <summary>How long to wait for what another program holds.</summary>
    public LockWait Patience { get; init; } = LockWait.None(time);

    /// <summary>Takes sentences about what happens besides.</summary>
    public Action<string> Note { get; init; } = _ => { };

    /// <summary>The run's id; a new one if none is said.</summary>
    public string RunId { get => _runId; init => _runId = value; }

    /// <summary>The run before it, when that has stopped answering and been declared ended; null otherwise.</summary>
    public string? FormerRunId { get; init; }

    /// <summary>Takes the locks, opens the destination, and hands the run over to be begun and watched.</summary>
    public async Task<RunReport> RunAsync(Func<IngestRun, CancellationToken, Task<RunReport>> begin, CancellationToken cancel)
    {
        WorkFolder.Prepare(request.WorkFolder);
        using var alone = await Patience.UntilFreeAsync(() => Task.FromResult(RunLocks.Take(request, workspaces, time)), cancel);
        foreach (var former in alone.Former)
        {
            Note($"Took over from {former}, which ended without saying goodbye.");
        }

        var (isNew, progress) = (false, new RunProgress());
        var opened = await Patience.UntilFreeAsync(() => OpenAsync(missing => isNew = missing, cancel), cancel);
        try
        {
            await using var destination = opened;
            if (FormerRunId is { } former)
            {
                await destination.EndFormerRunAsync(former, cancel);
            }

            var ingest = new IngestRun(request, workspaces, destination, time) { RunId = _runId };
            progress = ingest.Progress;
            var (report, events) = await new EventRefold(destination, request, time).RunAsync(await begin(ingest, cancel), cancel);
            if (events > 0)
            {
                Note(string.Create(
                    CultureInfo.InvariantCulture, $"Folded {events} events of webhooks once more into the messages that were replaced."));
            }

            return report;
        }
        catch when (isNew && progress.Tables.Count == 0)
        {
            DestinationFile.Remove(uri);
            throw;
        }
    }

    // Checked before each attempt: the run that held the lock may have created the file, which must then be kept.
    private async Task<IDestination> OpenAsync(Action<bool> isMissing, CancellationToken cancel)
    {
        isMissing(DestinationFile.IsMissing(uri));
        return await DestinationRegistry.OpenAsync(DestinationRegistry.OfRun(uri, _runId), cancel);
    }
}

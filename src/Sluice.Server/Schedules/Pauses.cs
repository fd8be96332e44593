using Sluice.Server.Control;
using Sluice.Server.Runs;

namespace Sluice.Server.Schedules;

/// <summary>Pauses of schedules: due times go by, each with a line that says so, until somebody ends the pause.</summary>
internal sealed class Pauses(ControlDatabase control, TimeProvider time)
{
    /// <summary>Pauses a schedule; one that is paused keeps its first note.</summary>
    public Task BeginAsync(RunTarget target, string by, string? note, CancellationToken cancel) => control.ExecuteAsync(
        "INSERT INTO pauses (name, note, paused_by, paused_at) VALUES (@Name, @Note, @By, @Now) ON CONFLICT (name) DO NOTHING",
        new { Name = DueTimes.Key(target), Note = note, By = by, Now = ControlTime.Of(time.GetUtcNow()) },
        cancel);

    /// <summary>Ends a pause: what was due meanwhile stays skipped.</summary>
    public Task EndAsync(RunTarget target, CancellationToken cancel) =>
        control.ExecuteAsync("DELETE FROM pauses WHERE name = @Name", new { Name = DueTimes.Key(target) }, cancel);
}

using System.Collections.Frozen;
using Sluice.Server.Runs;
using Sluice.Server.Status;

namespace Sluice.Server.Dashboard;

/// <summary>How a status looks: each has a colour and a shape, so that neither is needed alone.</summary>
/// <param name="Word">The word.</param>
/// <param name="Colour">The class of the colour.</param>
/// <param name="Shape">The shape.</param>
internal sealed record StatusLook(string Word, string Colour, string Shape)
{
    private static readonly FrozenDictionary<string, StatusLook> OfRuns = new[]
    {
        new StatusLook(RunState.Running, "busy", "ring"),
        new StatusLook("stopping", "warn", "ring"),
        new StatusLook(RunState.Done, "good", "disc"),
        new StatusLook(RunState.Partial, "warn", "half"),
        new StatusLook(RunState.Failed, "bad", "cross"),
        new StatusLook(RunState.Stopped, "", "square"),
        new StatusLook(RunState.Interrupted, "warn", "square"),
        new StatusLook("skipped", "", "dash"),
        new StatusLook("missed", "warn", "triangle"),
        new StatusLook("change", "", "diamond"),
        new StatusLook("ok", "good", "disc"),
    }.ToFrozenDictionary(look => look.Word, StringComparer.Ordinal);

    public static StatusLook Of(string word) => OfRuns.GetValueOrDefault(word) ?? new StatusLook(word, "", "circle");

    public static StatusLook Of(Freshness freshness) => freshness switch
    {
        Freshness.Fresh => new("fresh", "good", "disc"),
        Freshness.Late => new("late", "warn", "triangle"),
        Freshness.Failing => new("failing", "bad", "cross"),
        Freshness.Running => new("running", "busy", "ring"),
        Freshness.Queued => new("queued", "", "circle"),
        Freshness.Paused => new("paused", "", "pause"),
        Freshness.Broken => new("broken", "bad", "diamond"),
        _ => new("new", "", "circle"),
    };
}

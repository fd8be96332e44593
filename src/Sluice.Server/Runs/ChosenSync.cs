using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings.Pipelines;

namespace Sluice.Server.Runs;

/// <summary>A sync as a request wants it: with some of its tables, anew, or a part of the past.</summary>
internal static class ChosenSync
{
    /// <summary>Applies the choices, and collects those that name what is not there.</summary>
    public static PipelineSync Of(PipelineSync sync, RunChoices choices, ValidationErrors mistakes)
    {
        var file = new PipelineFile
        {
            Syncs = [sync],
            SyncNames = [sync.Name],
            Pushes = [],
            PushNames = [],
            TwoWays = [],
            TwoWayNames = [],
            ValidationErrors = [],
            Warnings = [],
            Doubts = [],
        };
        if (choices.Since > choices.Until)
        {
            mistakes.Add("since is after until: no time is between them.", "Give an earlier since or a later until.");
        }

        var chosen = new SyncSelection([], choices.Tables, choices.FullRefresh).Choose(file, mistakes);
        mistakes.ThrowIfAny();
        return choices is { Since: null, Until: null } ? chosen[0] : chosen[0] with
        {
            Request = chosen[0].Request with { Tables = [.. chosen[0].Request.Tables.Select(job => Within(job, choices))] },
        };
    }

    private static TableJob Within(TableJob job, RunChoices choices) =>
        job with { Settings = job.Settings with { Interval = new Interval(choices.Since, choices.Until) } };
}

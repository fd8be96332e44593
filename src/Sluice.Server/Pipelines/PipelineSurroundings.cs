using Sluice.Destinations;
using Sluice.Settings;
using Sluice.Settings.Pipelines;
using Sluice.Writes.Push;

namespace Sluice.Server.Pipelines;

/// <summary>What a pipeline file is read with, by commands and by the server alike.</summary>
public static class PipelineSurroundings
{
    /// <summary>Puts together the variables and what destinations and pushes know of themselves.</summary>
    /// <param name="variables">Gives the value of a variable, or null.</param>
    /// <param name="origins">Tells where a variable is from.</param>
    /// <param name="workFolder">The folder for spools.</param>
    /// <param name="mayBeUnset">Whether variables may be missing, because the file is only looked at.</param>
    public static PipelineContext Of(Func<string, string?> variables, KeyOrigins origins, string workFolder, bool mayBeUnset) => new()
    {
        Variables = variables,
        Origins = origins,
        DestinationIdentity = DestinationRegistry.Identity,
        WithPartitions = DestinationRegistry.WithPartitions,
        TableNames = DestinationRegistry.TableNames,
        HasModels = DestinationRegistry.HasModels,
        CheckPush = (into, mode, key, mistakes) =>
            PushRules.Check(into, mode is null ? null : Enum.Parse<PushMode>(mode, ignoreCase: true), key, mistakes),
        RequireTables = DestinationRegistry.RequireTables,
        WorkFolder = workFolder,
        MayBeUnset = mayBeUnset,
    };
}

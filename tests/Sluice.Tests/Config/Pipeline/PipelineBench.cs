using Sluice.Destinations;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Settings.Pipelines;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

/// <summary>Reads pipeline files with an environment of its own.</summary>
internal static class PipelineBench
{
    /// <summary>A workspace and a destination, to which tests add syncs.</summary>
    public const string Head = """
        version: 1
        workspaces: {main: {app_api_key: "${KEY}"}, shop: {app_api_key: "${SHOP_KEY}"}}
        destinations: {w: "duckdb:///crm.duckdb"}
        syncs:

        """;

    private static readonly Dictionary<string, string> Usual = new(StringComparer.Ordinal) { ["KEY"] = "key-of-main", ["SHOP_KEY"] = "key-of-shop" };

    public static PipelineFile Read(string text, IReadOnlyDictionary<string, string> environment, KeyOrigins origins) =>
        new PipelineReader(
            new PipelineContext
            {
                Variables = environment.GetValueOrDefault,
                Origins = origins,
                DestinationIdentity = DestinationRegistry.Identity,
            }
        ).Read("sluice.yaml", text);

    public static PipelineFile Read(
        string text,
        IReadOnlyDictionary<string, string>? environment = null,
        bool mayBeUnset = false,
        params string[] chosen
    ) =>
        new PipelineReader(
            new PipelineContext
            {
                Variables = name => (environment ?? Usual).GetValueOrDefault(name),
                DestinationIdentity = DestinationRegistry.Identity,
                WithPartitions = DestinationRegistry.WithPartitions,
                HasModels = DestinationRegistry.HasModels,
                MayBeUnset = mayBeUnset,
            }
        ).Read("sluice.yaml", text, chosen);

    /// <summary>Reads a file that must be good.</summary>
    public static PipelineFile Good(string text, IReadOnlyDictionary<string, string>? environment = null)
    {
        var file = Read(text, environment);
        Assert.True(file.ValidationErrors.Count == 0, string.Join('\n', file.ValidationErrors.Select(mistake => $"{mistake}\n  {mistake.Fix}")));
        return file;
    }

    /// <summary>Reads the one sync whose keys are given, indented by four blanks.</summary>
    public static PipelineSync Sync(string keys) => Assert.Single(Good($"{Head}  a:\n{keys}\n").Syncs);

    /// <summary>The tables of the one sync.</summary>
    public static IReadOnlyList<TableJob> Tables(string keys) => Sync(keys).Request.Tables;

    /// <summary>The text of all that is wrong.</summary>
    public static string Words(PipelineFile file) => string.Join('\n', file.ValidationErrors.Select(mistake => $"{mistake}\n  {mistake.Fix}"));
}

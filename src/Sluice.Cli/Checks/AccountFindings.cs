using Sluice.Cli.Output;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Config;

namespace Sluice.Cli.Checks;

/// <summary>Describes an account.</summary>
internal static class AccountFindings
{
    public static Finding OfKey(SourceAddress source) => new("key", $"the App API key works in region {Word(source.Client.Region)}");

    public static Finding OfTrack(AccountInfo account) =>
        new("track", $"the Track API key works, for workspace {account.EnvironmentId} in region {account.Region ?? "unknown"}");

    public static IEnumerable<Finding> OfWorkspaces(AccountInfo account)
    {
        if (account.Workspaces is null)
        {
            yield return new Finding("workspace", "the key may not list workspaces: it can't be told which one it is");
        }
        else if (account.Mine is { } mine)
        {
            yield return new Finding("workspace", Describe(mine));
        }
        else
        {
            yield return new Finding(
                "workspace", $"one of these {account.Workspaces.Count}; which one can't be told without a Track API key (site_id and track_api_key)");
            foreach (var workspace in account.Workspaces)
            {
                yield return new Finding("workspace", "- " + Describe(workspace));
            }
        }
    }

    private static string Describe(AccountWorkspace workspace) =>
        $"{workspace.Name} (id {workspace.Id}), {NumberFormat.Count(workspace.People)} people, "
        + $"{NumberFormat.Count(workspace.MessagesSent)} messages sent in this billing period";

    private static string Word(CustomerIoRegion region) => region == CustomerIoRegion.Eu ? "eu" : "us";
}

/// <summary>A finding of a check.</summary>
/// <param name="About">The subject: key, workspace, track, destination.</param>
/// <param name="Text">The description.</param>
internal sealed record Finding(string About, string Text)
{
    /// <summary>The error, if there is one.</summary>
    public SluiceException? Error { get; init; }
}

using System.Text.Json;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Runs;
using Sluice.Settings;

namespace Sluice.Server.Checks;

/// <summary>The workspaces of the key's account, and which one the Track API key belongs to.</summary>
public sealed record AccountInfo
{
    /// <summary>The workspaces; null if the key is not allowed to list them.</summary>
    public required IReadOnlyList<WorkspaceCounts>? Workspaces { get; init; }

    /// <summary>The workspace's id from the Track API; null without a Track key.</summary>
    public required string? EnvironmentId { get; init; }

    /// <summary>The account's region from the Track API; null without a Track key.</summary>
    public required string? Region { get; init; }

    /// <summary>The key's workspace, if it can be determined.</summary>
    public WorkspaceCounts? Mine => Workspaces is [var only] ? only
        : Workspaces?.FirstOrDefault(workspace => string.Equals(workspace.Id, EnvironmentId, StringComparison.Ordinal));

    /// <summary>Reads from the App API.</summary>
    public static async Task<AccountInfo> ReadAsync(CustomerIoClient client, CancellationToken cancel) =>
        new() { Workspaces = await ReadWorkspacesAsync(client, cancel), EnvironmentId = null, Region = null };

    /// <summary>Reads from the Track API as well.</summary>
    public async Task<AccountInfo> WithTrackAsync(CustomerIoClient client, CancellationToken cancel)
    {
        var answer = await client.SendAsync(ApiRequest.Get("/api/v1/accounts/region") with { Target = ApiTarget.Track }, cancel);
        using var document = JsonDocument.Parse(answer.Body);
        return this with { EnvironmentId = Text(document.RootElement, "environment_id"), Region = Text(document.RootElement, "region") };
    }

    private static async Task<IReadOnlyList<WorkspaceCounts>?> ReadWorkspacesAsync(CustomerIoClient client, CancellationToken cancel)
    {
        try
        {
            return WorkspaceCounts.ParseAll((await client.SendAsync(WorkspaceCounts.Request, cancel)).Body);
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.Forbidden)
        {
            // The key is valid: the API returns 403 only for known keys.
            return null;
        }
    }

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.ToString() : null;
}

/// <summary>Describes an account.</summary>
internal static class AccountFindings
{
    // An address of one's own has no region.
    public static Finding OfKey(SourceAddress source) =>
        new("key", $"the App API key works {(source.Client.BaseUrl is { } own ? $"at {own.Authority}" : $"in region {Word(source.Client.Region)}")}");

    public static Finding OfTrack(AccountInfo account, SourceAddress source)
    {
        var here = Word(source.Client.Region);
        var text = $"the Track API key works, for workspace {account.EnvironmentId} in region {account.Region ?? "unknown"}";
        return source.Client is { BaseUrl: null, TrackBaseUrl: null } && account.Region is "us" or "eu" && account.Region != here
            ? new Finding("track", text)
            {
                Error = new SluiceException(
                    SluiceErrorKind.Auth,
                    $"The Track API key is of an account in region {account.Region}, and the App API key of one in region {here}.",
                    "Take both keys from one workspace: Account Settings > API Credentials, in the account whose workspace is meant."),
            }
            : new Finding("track", text);
    }

    public static IEnumerable<Finding> OfWorkspaces(AccountInfo account)
    {
        if (account.Workspaces is null)
        {
            yield return new Finding("workspace", "the key may not list workspaces: it can't be told which one it is");
        }
        else if (account.Workspaces.Count == 0)
        {
            yield return new Finding("workspace", "Customer.io lists none for this key: it can't be told which one it is");
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

    private static string Describe(WorkspaceCounts workspace) =>
        $"{workspace.Name} (id {workspace.Id}), {NumberFormat.Count(workspace.People)} people, "
        + $"{NumberFormat.Count(workspace.MessagesSent)} messages sent in this billing period";

    private static string Word(CustomerIoRegion region) => region == CustomerIoRegion.Eu ? "eu" : "us";
}

/// <summary>A finding of a check.</summary>
/// <param name="About">The subject: key, workspace, track, destination.</param>
/// <param name="Text">The description.</param>
public sealed record Finding(string About, string Text)
{
    /// <summary>The error, if there is one.</summary>
    public SluiceException? Error { get; init; }
}

using System.Globalization;
using System.Text.Json;
using Sluice.CustomerIo;

namespace Sluice.Cli.Checks;

/// <summary>The workspaces of the key's account, and which one the Track API key belongs to.</summary>
internal sealed record AccountInfo
{
    /// <summary>The workspaces; null if the key is not allowed to list them.</summary>
    public required IReadOnlyList<AccountWorkspace>? Workspaces { get; init; }

    /// <summary>The workspace's id from the Track API; null without a Track key.</summary>
    public required string? EnvironmentId { get; init; }

    /// <summary>The account's region from the Track API; null without a Track key.</summary>
    public required string? Region { get; init; }

    /// <summary>The key's workspace, if it can be determined.</summary>
    public AccountWorkspace? Mine => Workspaces is [var only] ? only
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

    private static async Task<IReadOnlyList<AccountWorkspace>?> ReadWorkspacesAsync(CustomerIoClient client, CancellationToken cancel)
    {
        try
        {
            var answer = await client.SendAsync(ApiRequest.Get("/v1/workspaces"), cancel);
            using var document = JsonDocument.Parse(answer.Body);
            return [.. document.RootElement.GetProperty("workspaces").EnumerateArray().Select(ParseWorkspace)];
        }
        catch (CustomerIoException error) when (error.Kind == CustomerIoErrorKind.Forbidden)
        {
            // The key is valid: the API returns 403 only for known keys.
            return null;
        }
    }

    private static AccountWorkspace ParseWorkspace(JsonElement item) =>
        new(Text(item, "id") ?? "", Text(item, "name") ?? "", Number(item, "people"), Number(item, "messages_sent"));

    private static string? Text(JsonElement item, string name) => item.TryGetProperty(name, out var value) ? value.ToString() : null;

    private static long Number(JsonElement item, string name) =>
        long.TryParse(Text(item, name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

/// <summary>A workspace of an account; counts are up to two hours old, and messages are those of the billing period.</summary>
internal sealed record AccountWorkspace(string Id, string Name, long People, long MessagesSent);

using Sluice.Server.Auth;
using Sluice.Server.Control;
using Sluice.Server.Notifications;
using Sluice.Server.Secrets;

namespace Sluice.Server.Dashboard.Admin;

/// <summary>Reads what the page of settings shows.</summary>
internal sealed class SettingsReader(
    UserAccounts users,
    AccessTokens tokens,
    SecretStore secrets,
    AuditTrail trail,
    ChannelStatuses channels,
    ControlDatabase control,
    ServerOptions options)
{
    private const int Entries = 50;

    public async Task<SettingsModel> ReadAsync(CancellationToken cancel) => new()
    {
        Node = options.Node,
        Where = options.Control is null ? $"a SQLite file in {options.WorkFolder}" : "PostgreSQL, which all nodes share",
        MostRuns = options.MostRuns,
        Nodes = await control.ListAsync<NodeRow>(
            "SELECT name AS Name, version AS Version, started_at AS StartedAt, heartbeat_at AS HeardAt FROM nodes ORDER BY name", null, cancel),
        Users = await users.ListAsync(cancel),
        Tokens = await tokens.ListAsync(cancel),
        Secrets = await secrets.ListAsync(cancel),
        Channels = await channels.ListAsync(cancel),
        Trail = await trail.ListAsync(Entries, null, cancel),
    };
}

/// <summary>What the page of settings shows.</summary>
internal sealed record SettingsModel
{
    public required string Node { get; init; }

    public required string Where { get; init; }

    public required int MostRuns { get; init; }

    public required IReadOnlyList<NodeRow> Nodes { get; init; }

    public required IReadOnlyList<UserAccount> Users { get; init; }

    public required IReadOnlyList<AccessToken> Tokens { get; init; }

    public required IReadOnlyList<SecretEntry> Secrets { get; init; }

    public required IReadOnlyList<ChannelStatus> Channels { get; init; }

    public required IReadOnlyList<AuditEntry> Trail { get; init; }

    /// <summary>A token that was just made, which is shown this once.</summary>
    public string? NewToken { get; init; }

    /// <summary>What was wrong with the last form.</summary>
    public string? Problem { get; init; }
}

/// <summary>A node of the server.</summary>
internal sealed record NodeRow
{
    public string Name { get; init; } = "";

    public string Version { get; init; } = "";

    public long StartedAt { get; init; }

    public long HeardAt { get; init; }
}

using System.Security.Cryptography;
using System.Text;
using Sluice.Engine;
using Sluice.Server.Control;

namespace Sluice.Server.Auth;

/// <summary>The tokens of the API: kept as their hash alone, so that the database does not give them away.</summary>
/// <param name="control">The control database.</param>
/// <param name="time">The clock.</param>
public sealed class AccessTokens(ControlDatabase control, TimeProvider time)
{
    /// <summary>What every token begins with, so that scanners for leaked secrets know it.</summary>
    public const string Prefix = "sluice_";

    /// <summary>How long a token is good at most.</summary>
    public static TimeSpan LongestLife { get; } = TimeSpan.FromDays(3660);

    private static readonly TimeSpan BetweenUses = TimeSpan.FromMinutes(1);

    private const string Columns =
        "id AS Id, name AS Name, scopes AS ScopeWords, created_at AS CreatedAt, created_by AS CreatedBy, expires_at AS ExpiresAt, used_at AS UsedAt";

    private const string Good = "SELECT count(*) FROM tokens WHERE name = @Name AND expires_at > @Now AND scopes <> @Link";

    /// <summary>All tokens, the latest first; also those that have expired.</summary>
    public Task<IReadOnlyList<AccessToken>> ListAsync(CancellationToken cancel) => control.ListAsync<AccessToken>(
        $"SELECT {Columns} FROM tokens WHERE scopes <> @Link ORDER BY created_at DESC, id", new { LoginLinks.Link }, cancel);

    /// <summary>Makes a token and gives it; it can't be shown again.</summary>
    /// <exception cref="SluiceException">The name, a scope or the time won't do, or a token with the name is still good (kind Config).</exception>
    public async Task<string> CreateAsync(string name, IReadOnlyCollection<string> scopes, TimeSpan life, string by, CancellationToken cancel)
    {
        Check(name, scopes, life);
        var token = NewToken();
        await control.ChangeAsync(
            async change =>
            {
                if (await change.FindAsync<long>(Good, new { Name = name, Now, LoginLinks.Link }) > 0)
                {
                    throw new SluiceException(
                        SluiceErrorKind.Config,
                        $"There is a token '{name}' already.",
                        "'sluice serve token revoke' ends it; or choose another name.");
                }

                return await InsertAsync(change, name, token, string.Join(' ', scopes.Distinct().Order(StringComparer.Ordinal)), life, by);
            },
            cancel);
        return token;
    }

    /// <summary>Ends a token, by its name or its id.</summary>
    /// <exception cref="SluiceException">There is none (kind Config).</exception>
    public async Task RevokeAsync(string nameOrId, CancellationToken cancel)
    {
        var removed = await control.ExecuteAsync(
            "DELETE FROM tokens WHERE (name = @Name OR id = @Name) AND scopes <> @Link", new { Name = nameOrId, LoginLinks.Link }, cancel);
        if (removed == 0)
        {
            throw new SluiceException(SluiceErrorKind.Config, $"There is no token '{nameOrId}'.", "'sluice serve token list' lists them.");
        }
    }

    /// <summary>The token whose text this is and that is still good, or null.</summary>
    internal async Task<AccessToken?> FindAsync(string text, CancellationToken cancel)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var found = await control.FindAsync<AccessToken>(
            $"SELECT {Columns} FROM tokens WHERE hash = @Hash AND expires_at > @Now AND scopes <> @Link",
            new { Hash = HashOf(text), Now, LoginLinks.Link },
            cancel);
        if (found is not null && Now - (found.UsedAt ?? 0) >= (long)BetweenUses.TotalMilliseconds)
        {
            await control.ExecuteAsync("UPDATE tokens SET used_at = @Now WHERE id = @Id", new { Now, found.Id }, cancel);
        }

        return found;
    }

    internal async Task<int> InsertAsync(ControlChange change, string name, string token, string scopes, TimeSpan life, string by) =>
        await change.ExecuteAsync(
            """
            INSERT INTO tokens (id, name, hash, scopes, created_at, created_by, expires_at) VALUES (@Id, @Name, @Hash, @Scopes, @Now, @By, @Until)
            """,
            new
            {
                Id = ControlTime.NewId(time.GetUtcNow()),
                Name = name,
                Hash = HashOf(token),
                Scopes = scopes,
                Now,
                By = by,
                Until = Now + (long)life.TotalMilliseconds,
            });

    internal long Now => ControlTime.Of(time.GetUtcNow());

    // 256 bits: no salt and no slow hash are needed against guessing.
    internal static string NewToken() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    internal static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static void Check(string name, IReadOnlyCollection<string> scopes, TimeSpan life)
    {
        var mistakes = new ValidationErrors();
        if (string.IsNullOrWhiteSpace(name) || name.Length > 100)
        {
            mistakes.Add("A token needs a name of up to 100 characters, which says what uses it.");
        }

        foreach (var scope in scopes.Except(TokenScope.All, StringComparer.Ordinal))
        {
            mistakes.Add($"There is no scope '{scope}'.", $"There are {string.Join(", ", TokenScope.All)}.");
        }

        if (scopes.Count == 0)
        {
            mistakes.Add("A token needs a scope.", $"There are {string.Join(", ", TokenScope.All)}.");
        }

        if (life <= TimeSpan.Zero || life > LongestLife)
        {
            mistakes.Add("A token expires after a minute to ten years.", "As in --expires 90d.");
        }

        mistakes.ThrowIfAny();
    }
}

/// <summary>A token, without what would let somebody use it.</summary>
public sealed record AccessToken
{
    /// <summary>The id.</summary>
    public string Id { get; init; } = "";

    /// <summary>The name.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is for.</summary>
    public IReadOnlyList<string> Scopes => ScopeWords.Split(' ');

    /// <summary>When it was made, in unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>When it expires, in unix milliseconds.</summary>
    public long ExpiresAt { get; init; }

    /// <summary>When it was last used, within a minute, in unix milliseconds; null when it was not.</summary>
    public long? UsedAt { get; init; }

    internal string ScopeWords { get; init; } = "";
}

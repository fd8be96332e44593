using System.Text.Json.Nodes;
using Sluice.Engine;
using Sluice.Server.Auth;
using Sluice.Server.Secrets;

namespace Sluice.Cli.Output;

/// <summary>Shows who may use a server, and the names of its secrets.</summary>
internal static class ServeView
{
    public static string Users(IReadOnlyList<UserAccount> users, bool json)
    {
        if (json)
        {
            return Json(users.Select(user => new JsonObject
            {
                ["name"] = user.Name,
                ["role"] = RoleWords.WordOf(user.Role),
                ["has_password"] = user.HasPassword,
                ["created_at"] = Time(user.CreatedAt),
                ["created_by"] = user.CreatedBy,
            }));
        }

        var table = new TextTable("user", "role", "password", "added", "by");
        foreach (var user in users)
        {
            table.Add(
                user.Name, RoleWords.WordOf(user.Role), user.HasPassword ? "yes" : "no", Time(user.CreatedAt), user.CreatedBy);
        }

        return users.Count == 0 ? "There is no user yet: 'sluice serve user add NAME --role admin' adds one.\n" : table.ToString();
    }

    public static string Tokens(IReadOnlyList<AccessToken> tokens, DateTimeOffset now, bool json)
    {
        if (json)
        {
            return Json(tokens.Select(token => new JsonObject
            {
                ["id"] = token.Id,
                ["name"] = token.Name,
                ["scopes"] = JsonOutput.Array(token.Scopes),
                ["created_at"] = Time(token.CreatedAt),
                ["created_by"] = token.CreatedBy,
                ["expires_at"] = Time(token.ExpiresAt),
                ["used_at"] = token.UsedAt is { } used ? Time(used) : null,
            }));
        }

        var table = new TextTable("token", "scopes", "expires", "last used", "by");
        foreach (var token in tokens)
        {
            table.Add(
                token.Name,
                string.Join(' ', token.Scopes),
                At(token.ExpiresAt) <= now ? "has expired" : Time(token.ExpiresAt),
                token.UsedAt is { } used ? Time(used) : "never",
                token.CreatedBy);
        }

        return tokens.Count == 0 ? "There is no token yet: 'sluice serve token create NAME' makes one.\n" : table.ToString();
    }

    public static string Secrets(IReadOnlyList<SecretEntry> secrets, bool json)
    {
        if (json)
        {
            return Json(secrets.Select(secret => new JsonObject
            {
                ["name"] = secret.Name,
                ["set_at"] = Time(secret.ChangedAt),
                ["set_by"] = secret.ChangedBy,
                ["is_readable"] = secret.IsReadable,
            }));
        }

        var table = new TextTable("secret", "set", "by");
        foreach (var secret in secrets)
        {
            table.Add(
                secret.Name, secret.IsReadable ? Time(secret.ChangedAt) : "the key is lost: set it again", secret.ChangedBy);
        }

        return secrets.Count == 0 ? "There is no secret yet: 'sluice serve secret set NAME' sets one.\n" : table.ToString();
    }

    private static string Json(IEnumerable<JsonNode> items) => JsonOutput.Write(JsonOutput.Array(items)) + "\n";

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static string Time(long milliseconds) => NumberFormat.Time(At(milliseconds));
}

using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Engine;
using Sluice.Server.Control;
using Sluice.Server.Secrets;

namespace Sluice.Server.Auth;

/// <summary>Users, tokens, secrets and the audit trail, for admins.</summary>
internal static class AdminEndpoints
{
    private const int MostEntries = 500;

    public static void MapAdministration(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api").RequireAuthorization(Access.Admin);
        api.MapGet("/users", ListUsersAsync);
        api.MapPost("/users", AddUserAsync);
        api.MapPut("/users/{name}", ChangeUserAsync);
        api.MapDelete("/users/{name}", RemoveUserAsync);
        api.MapGet("/tokens", ListTokensAsync);
        api.MapPost("/tokens", CreateTokenAsync);
        api.MapDelete("/tokens/{name}", RevokeTokenAsync);
        api.MapGet("/secrets", ListSecretsAsync);
        api.MapPut("/secrets/{name}", SetSecretAsync);
        api.MapDelete("/secrets/{name}", RemoveSecretAsync);
        api.MapGet("/audit", ListAuditAsync);
    }

    private static async Task<IResult> ListUsersAsync(UserAccounts users, CancellationToken cancel) =>
        Results.Ok((await users.ListAsync(cancel)).Select(user => new
        {
            name = user.Name,
            role = RoleWords.WordOf(user.Role),
            has_password = user.HasPassword,
            created_at = ControlTime.Read(user.CreatedAt),
            created_by = user.CreatedBy,
        }));

    private static async Task<IResult> AddUserAsync(HttpContext http, UserBody body, UserAccounts users, AuditTrail trail, CancellationToken cancel)
    {
        var role = RoleOf(body.Role) ?? throw Missing("role");
        var name = body.Name ?? throw Missing("name");
        await users.AddAsync(name, role, body.Password, Visitor.NameOf(http.User), cancel);
        await trail.RecordAsync(http, "add user", name, RoleWords.WordOf(role), cancel);
        return Results.StatusCode(StatusCodes.Status201Created);
    }

    private static async Task<IResult> ChangeUserAsync(
        HttpContext http, string name, UserBody body, UserAccounts users, AuditTrail trail, CancellationToken cancel)
    {
        if (RoleOf(body.Role) is { } role)
        {
            await users.SetRoleAsync(name, role, cancel);
            await trail.RecordAsync(http, "change role", name, RoleWords.WordOf(role), cancel);
        }

        if (body.Password is { } password)
        {
            await users.SetPasswordAsync(name, password, cancel);
            await trail.RecordAsync(http, "change password", name, null, cancel);
        }

        return Results.NoContent();
    }

    private static async Task<IResult> RemoveUserAsync(
        HttpContext http, string name, UserAccounts users, AuditTrail trail, CancellationToken cancel)
    {
        await users.RemoveAsync(name, cancel);
        await trail.RecordAsync(http, "remove user", name, null, cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> ListTokensAsync(AccessTokens tokens, CancellationToken cancel) =>
        Results.Ok((await tokens.ListAsync(cancel)).Select(token => new
        {
            id = token.Id,
            name = token.Name,
            scopes = token.Scopes,
            created_at = ControlTime.Read(token.CreatedAt),
            created_by = token.CreatedBy,
            expires_at = ControlTime.Read(token.ExpiresAt),
            used_at = ControlTime.Read(token.UsedAt),
        }));

    private static async Task<IResult> CreateTokenAsync(
        HttpContext http, TokenBody body, AccessTokens tokens, AuditTrail trail, CancellationToken cancel)
    {
        var (name, scopes) = (body.Name ?? throw Missing("name"), body.Scopes ?? throw Missing("scopes"));
        var life = TimeSpan.FromDays(Math.Clamp(body.Days ?? 90, 0, AccessTokens.LongestLife.TotalDays + 1));
        var token = await tokens.CreateAsync(name, scopes, life, Visitor.NameOf(http.User), cancel);
        await trail.RecordAsync(http, "create token", name, string.Join(' ', scopes), cancel);
        return Results.Json(new { name, token }, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeTokenAsync(
        HttpContext http, string name, AccessTokens tokens, AuditTrail trail, CancellationToken cancel)
    {
        await tokens.RevokeAsync(name, cancel);
        await trail.RecordAsync(http, "revoke token", name, null, cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> ListSecretsAsync(SecretStore secrets, CancellationToken cancel) =>
        Results.Ok((await secrets.ListAsync(cancel)).Select(secret => new
        {
            name = secret.Name,
            set_at = ControlTime.Read(secret.ChangedAt),
            set_by = secret.ChangedBy,
            is_readable = secret.IsReadable,
        }));

    private static async Task<IResult> SetSecretAsync(
        HttpContext http, string name, SecretBody body, SecretStore secrets, AuditTrail trail, CancellationToken cancel)
    {
        await secrets.SetAsync(name, body.Value ?? throw Missing("value"), Visitor.NameOf(http.User), cancel);
        await trail.RecordAsync(http, "set secret", name, null, cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> RemoveSecretAsync(
        HttpContext http, string name, SecretStore secrets, AuditTrail trail, CancellationToken cancel)
    {
        await secrets.RemoveAsync(name, cancel);
        await trail.RecordAsync(http, "remove secret", name, null, cancel);
        return Results.NoContent();
    }

    private static async Task<IResult> ListAuditAsync(AuditTrail trail, string? before, string? most, CancellationToken cancel) =>
        Results.Ok((await trail.ListAsync(Math.Clamp(Whole(most) ?? 100, 1, MostEntries), before, cancel)).Select(entry => new
        {
            id = entry.Id,
            at = ControlTime.Read(entry.At),
            who = entry.Who,
            address = entry.Address,
            action = entry.Action,
            @object = entry.Thing,
            detail = entry.Detail,
        }));

    private static Role? RoleOf(string? word) => word is null || RoleWords.Find(word) is { } role
        ? RoleWords.Find(word)
        : throw new SluiceException(SluiceErrorKind.Config, $"There is no role '{word}'.", $"There are {string.Join(", ", RoleWords.All)}.");

    private static int? Whole(string? most) => most is null ? null
        : int.TryParse(most, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw new SluiceException(SluiceErrorKind.Config, $"most can't be '{most}': it is a number of entries.", "For example: ?most=100");

    private static SluiceException Missing(string field) => new(SluiceErrorKind.Config, $"The body lacks \"{field}\".");

    /// <summary>A user to be added or changed.</summary>
    internal sealed record UserBody(string? Name, string? Role, string? Password);

    /// <summary>A token to be made.</summary>
    internal sealed record TokenBody(string? Name, IReadOnlyList<string>? Scopes, double? Days);

    /// <summary>A secret's new value.</summary>
    internal sealed record SecretBody(string? Value);
}

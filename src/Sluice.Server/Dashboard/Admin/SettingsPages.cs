using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Engine;
using Sluice.Server.Auth;
using Sluice.Server.Dashboard.Pages;
using Sluice.Server.Notifications;
using Sluice.Server.Secrets;

namespace Sluice.Server.Dashboard.Admin;

/// <summary>Users, tokens, secrets, channels, nodes, and who did what.</summary>
internal static class SettingsPages
{
    private const string Path = Menu.Settings;

    public static void MapSettingsPages(this IEndpointRouteBuilder routes)
    {
        var settings = routes.MapGroup(Path).RequireAuthorization(Access.Admin);
        settings.MapGet("/", async (SettingsReader reader, CancellationToken cancel) =>
            DashboardPage.Show<SettingsPage>(await reader.ReadAsync(cancel)));
        settings.MapPost("/users", (HttpContext http, UserAccounts users, SettingsReader reader, AuditTrail trail) =>
            DoAsync(http, reader, form => AddUserAsync(form, http, users, trail)));
        settings.MapPost("/users/{name}", (string name, HttpContext http, UserAccounts users, SettingsReader reader, AuditTrail trail) =>
            DoAsync(http, reader, form => ChangeUserAsync(name, form, http, users, trail)));
        settings.MapPost("/tokens", CreateTokenAsync);
        settings.MapPost("/tokens/{id}/revoke", (string id, HttpContext http, AccessTokens tokens, SettingsReader reader, AuditTrail trail) =>
            DoAsync(http, reader, async _ =>
            {
                await tokens.RevokeAsync(id, http.RequestAborted);
                await trail.RecordAsync(http, "revoke token", id, null, http.RequestAborted);
                return Notices.Revoked;
            }));
        settings.MapPost("/secrets", (HttpContext http, SecretStore secrets, SettingsReader reader, AuditTrail trail) =>
            DoAsync(http, reader, form => SetSecretAsync(form, http, secrets, trail)));
        settings.MapPost("/secrets/{name}/remove", (string name, HttpContext http, SecretStore secrets, SettingsReader reader, AuditTrail trail) =>
            DoAsync(http, reader, async _ =>
            {
                await secrets.RemoveAsync(name, http.RequestAborted);
                await trail.RecordAsync(http, "remove secret", name, null, http.RequestAborted);
                return Notices.Removed;
            }));
        settings.MapPost("/channels/{name}/test", (string name, HttpContext http, Deliveries deliveries, SettingsReader reader, AuditTrail trail) =>
            DoAsync(http, reader, _ => TestAsync(name, http, deliveries, trail)));
    }

    private static async Task<string> AddUserAsync(IFormCollection form, HttpContext http, UserAccounts users, AuditTrail trail)
    {
        var role = RoleWords.Find(form["role"]) ?? throw new SluiceException(SluiceErrorKind.Config, "A user needs a role.");
        var password = form["password"].ToString() is { Length: > 0 } typed ? typed : null;
        await users.AddAsync(form["name"].ToString(), role, password, Visitor.NameOf(http.User), http.RequestAborted);
        await trail.RecordAsync(http, "add user", form["name"], RoleWords.WordOf(role), http.RequestAborted);
        return Notices.Added;
    }

    private static async Task<string> SetSecretAsync(IFormCollection form, HttpContext http, SecretStore secrets, AuditTrail trail)
    {
        var name = form["name"].ToString().Trim();
        await secrets.SetAsync(name, form["value"].ToString(), Visitor.NameOf(http.User), http.RequestAborted);
        await trail.RecordAsync(http, "set secret", name, null, http.RequestAborted);
        return Notices.SecretSet;
    }

    private static async Task<string> TestAsync(string name, HttpContext http, Deliveries deliveries, AuditTrail trail)
    {
        var sent = await deliveries.TestAsync(name, http.RequestAborted)
            ?? throw new SluiceException(SluiceErrorKind.Config, $"There is no channel '{name}'.");
        await trail.RecordAsync(http, "test channel", name, sent.Answer, http.RequestAborted);
        return Notices.Tested;
    }

    private static async Task<string> ChangeUserAsync(string name, IFormCollection form, HttpContext http, UserAccounts users, AuditTrail trail)
    {
        var cancel = http.RequestAborted;
        switch (form["action"].ToString())
        {
            case "remove":
                await users.RemoveAsync(name, cancel);
                await trail.RecordAsync(http, "remove user", name, null, cancel);
                return Notices.Removed;
            case "password":
                await users.SetPasswordAsync(name, form["password"].ToString(), cancel);
                await trail.RecordAsync(http, "change password", name, null, cancel);
                return Notices.Changed;
            default:
                var role = RoleWords.Find(form["role"]) ?? throw new SluiceException(SluiceErrorKind.Config, "A user needs a role.");
                await users.SetRoleAsync(name, role, cancel);
                await trail.RecordAsync(http, "change role", name, RoleWords.WordOf(role), cancel);
                return Notices.Changed;
        }
    }

    // The one answer to a form that is a page: the token is in it this once.
    private static async Task<IResult> CreateTokenAsync(HttpContext http, AccessTokens tokens, SettingsReader reader, AuditTrail trail)
    {
        var cancel = http.RequestAborted;
        var form = await http.Request.ReadFormAsync(cancel);
        try
        {
            var (name, scopes) = (form["name"].ToString().Trim(), form["scope"].OfType<string>().ToList());
            var days = int.TryParse(form["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var typed) ? Math.Min(typed, 3660) : 0;
            var token = await tokens.CreateAsync(name, scopes, TimeSpan.FromDays(days), Visitor.NameOf(http.User), cancel);
            await trail.RecordAsync(http, "create token", name, string.Join(' ', scopes), cancel);
            return DashboardPage.Show<SettingsPage>((await reader.ReadAsync(cancel)) with { NewToken = token });
        }
        catch (SluiceException error)
        {
            return await ProblemAsync(reader, error, cancel);
        }
    }

    private static async Task<IResult> DoAsync(HttpContext http, SettingsReader reader, Func<IFormCollection, Task<string>> work)
    {
        try
        {
            return Went.To(Path, await work(await http.Request.ReadFormAsync(http.RequestAborted)));
        }
        catch (SluiceException error)
        {
            return await ProblemAsync(reader, error, http.RequestAborted);
        }
    }

    private static async Task<IResult> ProblemAsync(SettingsReader reader, SluiceException error, CancellationToken cancel) =>
        DashboardPage.Show<SettingsPage>(
            (await reader.ReadAsync(cancel)) with { Problem = $"{error.Message} {error.Hint}".TrimEnd() }, StatusCodes.Status400BadRequest);
}

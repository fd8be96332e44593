using System.Security.Claims;
using Sluice.Engine;

namespace Sluice.Server.Auth;

/// <summary>How people log in with an identity provider, from variables: they are secrets, or belong to the machine and not to a pipeline.</summary>
internal sealed record OidcSettings
{
    private const string AuthorityVariable = "SLUICE_OIDC_AUTHORITY";
    private const string ClientIdVariable = "SLUICE_OIDC_CLIENT_ID";
    private const string ClientSecretVariable = "SLUICE_OIDC_CLIENT_SECRET";
    private const string NameVariable = "SLUICE_OIDC_NAME";
    private const string RolesVariable = "SLUICE_OIDC_ROLES";
    private const string RoleClaimVariable = "SLUICE_OIDC_ROLE_CLAIM";

    /// <summary>The provider's address.</summary>
    public required Uri Authority { get; init; }

    /// <summary>What the provider calls this server.</summary>
    public required string ClientId { get; init; }

    /// <summary>With what the server shows that it is the one; null for a public client.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>What the provider is called on the page.</summary>
    public required string Name { get; init; }

    /// <summary>The claim that holds people's groups or roles.</summary>
    public required string RoleClaim { get; init; }

    /// <summary>Which value of the claim makes which role; * is everybody whom the provider lets in.</summary>
    public required IReadOnlyList<(Role Role, string Value)> Roles { get; init; }

    /// <summary>Reads the variables; null when there is no provider.</summary>
    /// <exception cref="SluiceException">Something is missing or wrong (kind Config).</exception>
    public static OidcSettings? Read(Func<string, string?> variables)
    {
        if (variables(AuthorityVariable) is not { } text)
        {
            return null;
        }

        var mistakes = new ValidationErrors();
        if (!Uri.TryCreate(text, UriKind.Absolute, out var authority)
            || authority is not ({ Scheme: "https" } or { Scheme: "http", IsLoopback: true }))
        {
            mistakes.Add($"{AuthorityVariable} is no https address: '{text}'.", "As in https://login.microsoftonline.com/TENANT/v2.0.");
        }

        if (variables(ClientIdVariable) is not { } client)
        {
            mistakes.Add($"{ClientIdVariable} is not set.", "It is what the identity provider calls this server.");
            client = "";
        }

        var roles = ReadRoles(variables(RolesVariable) ?? "", mistakes);
        mistakes.ThrowIfAny();
        return new OidcSettings
        {
            Authority = authority!,
            ClientId = client,
            ClientSecret = variables(ClientSecretVariable),
            Name = variables(NameVariable) ?? authority!.Host,
            RoleClaim = variables(RoleClaimVariable) ?? "roles",
            Roles = roles,
        };
    }

    /// <summary>The best role that the claims of somebody make, or null.</summary>
    public Role? RoleOf(ClaimsPrincipal person)
    {
        var values = person.FindAll(RoleClaim).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal);
        return Roles.Where(pair => pair.Value == "*" || values.Contains(pair.Value)).Select(pair => (Role?)pair.Role).Max();
    }

    private static List<(Role Role, string Value)> ReadRoles(string text, ValidationErrors mistakes)
    {
        var roles = new List<(Role Role, string Value)>();
        foreach (var pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (pair.Split('=', 2) is [var word, { Length: > 0 } value] && RoleWords.Find(word) is { } role)
            {
                roles.Add((role, value.Trim()));
            }
            else
            {
                mistakes.Add($"{RolesVariable} can't be read at '{pair}'.", "As in admin=data-admins,operator=data-team,reader=*.");
            }
        }

        return roles;
    }
}

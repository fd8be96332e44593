using System.Security.Claims;
using Sluice.Engine;
using Sluice.Server.Auth;
using Xunit;

namespace Sluice.Tests.Server;

public sealed class OidcSettingsTests
{
    private static readonly Dictionary<string, string> Usual = new(StringComparer.Ordinal)
    {
        ["SLUICE_OIDC_AUTHORITY"] = "https://login.example.com/tenant",
        ["SLUICE_OIDC_CLIENT_ID"] = "sluice",
        ["SLUICE_OIDC_ROLES"] = "reader=team, admin=boss,operator=ops",
    };

    [Fact]
    public void Without_a_provider_there_is_none() => Assert.Null(OidcSettings.Read(_ => null));

    [Theory]
    [InlineData("team", Role.Reader)]
    [InlineData("team boss", Role.Admin)]
    [InlineData("ops team", Role.Operator)]
    [InlineData("Boss", null)]
    [InlineData("*", null)]
    [InlineData("", null)]
    public void The_best_of_the_roles_counts(string groups, Role? expected)
    {
        var claims = groups.Split(' ').Select(group => new Claim("roles", group)).Append(new Claim("other", "boss"));

        Assert.Equal(expected, OidcSettings.Read(Usual.GetValueOrDefault)!.RoleOf(new ClaimsPrincipal(new ClaimsIdentity(claims))));
    }

    [Theory]
    [InlineData("SLUICE_OIDC_AUTHORITY", "http://login.example.com")]
    [InlineData("SLUICE_OIDC_AUTHORITY", "login.example.com")]
    [InlineData("SLUICE_OIDC_CLIENT_ID", null)]
    [InlineData("SLUICE_OIDC_ROLES", "boss")]
    [InlineData("SLUICE_OIDC_ROLES", "king=boss")]
    [InlineData("SLUICE_OIDC_ROLES", "admin=")]
    public void What_is_missing_or_wrong_is_named(string variable, string? value)
    {
        var variables = new Dictionary<string, string?>(Usual.ToDictionary(pair => pair.Key, string? (pair) => pair.Value), StringComparer.Ordinal)
        {
            [variable] = value,
        };

        var error = Assert.Throws<SluiceException>(() => OidcSettings.Read(variables.GetValueOrDefault));

        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
    }
}

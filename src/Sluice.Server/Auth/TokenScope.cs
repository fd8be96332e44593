namespace Sluice.Server.Auth;

/// <summary>What a token of the API is for.</summary>
public static class TokenScope
{
    /// <summary>Reads what readers see.</summary>
    public const string Read = "read";

    /// <summary>Does what operators do, except SQL.</summary>
    public const string Run = "run";

    /// <summary>Does what admins do, except SQL.</summary>
    public const string Admin = "admin";

    /// <summary>Asks by SQL.</summary>
    public const string Query = "query";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Read, Run, Admin, Query];

    internal static Role? RoleOf(string scope) => scope switch
    {
        Admin => Role.Admin,
        Run => Role.Operator,
        Read => Role.Reader,
        _ => null,
    };
}

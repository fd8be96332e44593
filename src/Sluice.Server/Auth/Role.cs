namespace Sluice.Server.Auth;

/// <summary>What somebody may do; each role may all that those before it may.</summary>
public enum Role
{
    /// <summary>Sees what runs and what arrived; no secrets.</summary>
    Reader = 1,

    /// <summary>Starts, stops, pauses, and asks by SQL.</summary>
    Operator = 2,

    /// <summary>Changes settings, users and tokens.</summary>
    Admin = 3,
}

/// <summary>The words for roles, as commands and the API take them.</summary>
public static class RoleWords
{
    /// <summary>All of them, the weakest first.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<Role>().Select(WordOf)];

    /// <summary>The word for a role.</summary>
    public static string WordOf(Role role) => role switch
    {
        Role.Admin => "admin",
        Role.Operator => "operator",
        _ => "reader",
    };

    /// <summary>The role of a word, or null.</summary>
    public static Role? Find(string? word) =>
        Enum.GetValues<Role>().Where(role => WordOf(role).Equals(word?.Trim(), StringComparison.OrdinalIgnoreCase)).Cast<Role?>().FirstOrDefault();
}

using Sluice.Server.Auth;

namespace Sluice.Server.Dashboard;

/// <summary>The places in the menu.</summary>
internal static class Menu
{
    public const string Syncs = "/";
    public const string Runs = "/runs";

    private static readonly (string Path, string Name, Role Least)[] Places =
    [
        (Syncs, "Syncs", Role.Reader),
        (Runs, "Runs", Role.Reader),
    ];

    /// <summary>The places that a role may see.</summary>
    public static IEnumerable<(string Path, string Name)> Of(Role role) =>
        Places.Where(place => role >= place.Least).Select(place => (place.Path, place.Name));
}

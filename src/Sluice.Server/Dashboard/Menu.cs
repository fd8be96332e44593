using Sluice.Server.Auth;

namespace Sluice.Server.Dashboard;

/// <summary>The places in the menu.</summary>
internal static class Menu
{
    public const string Syncs = "/";
    public const string Runs = "/runs";
    public const string Query = "/query";
    public const string Writes = "/writes";
    public const string Webhooks = "/webhooks";
    public const string Workspaces = "/workspaces";
    public const string Destinations = "/destinations";
    public const string Pipeline = "/pipeline";
    public const string Settings = "/settings";

    private static readonly (string Path, string Name, Role Least)[] Places =
    [
        (Syncs, "Syncs", Role.Reader),
        (Runs, "Runs", Role.Reader),
        (Query, "Query", Role.Operator),
        (Writes, "Writes", Role.Reader),
        (Webhooks, "Webhooks", Role.Reader),
        (Workspaces, "Workspaces", Role.Reader),
        (Destinations, "Destinations", Role.Reader),
        (Pipeline, "Pipeline", Role.Admin),
        (Settings, "Settings", Role.Admin),
    ];

    /// <summary>The places that a role may see.</summary>
    public static IEnumerable<(string Path, string Name)> Of(Role role) =>
        Places.Where(place => role >= place.Least).Select(place => (place.Path, place.Name));
}

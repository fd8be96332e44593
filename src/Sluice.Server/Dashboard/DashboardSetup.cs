using Microsoft.AspNetCore.Routing;

namespace Sluice.Server.Dashboard;

/// <summary>The pages that people look at.</summary>
internal static class DashboardSetup
{
    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        routes.MapAssets();
        routes.MapSyncPages();
    }
}

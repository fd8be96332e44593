using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Server.Runs;
using Sluice.Server.Status;

namespace Sluice.Server.Dashboard;

/// <summary>The pages that people look at.</summary>
internal static class DashboardSetup
{
    public static IServiceCollection AddDashboard(this IServiceCollection services) => services
        .AddSingleton<Timeline>()
        .AddSingleton<SyncReader>()
        .AddSingleton<SyncPlanner>()
        .AddSingleton<ActionParts>()
        .AddSingleton<RunWatcher>();

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        routes.MapAssets();
        routes.MapSyncPages();
        routes.MapSyncActions();
        routes.MapRunPages();
        routes.MapEvents();
    }
}

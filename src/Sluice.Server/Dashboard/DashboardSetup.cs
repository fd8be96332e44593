using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Server.Dashboard.Admin;
using Sluice.Server.Dashboard.Places;
using Sluice.Server.Dashboard.Query;
using Sluice.Server.Pipelines;
using Sluice.Server.Runs;
using Sluice.Server.Status;

namespace Sluice.Server.Dashboard;

/// <summary>The pages that people look at.</summary>
internal static class DashboardSetup
{
    public static IServiceCollection AddDashboard(this IServiceCollection services) => services
        .AddSingleton<Timeline>()
        .AddSingleton<SyncReader>()
        .AddSingleton<ScheduleChange>()
        .AddSingleton<SyncPlanner>()
        .AddSingleton<ActionParts>()
        .AddSingleton<RunWatcher>()
        .AddSingleton<PlaceReader>()
        .AddSingleton<QueryDesk>()
        .AddSingleton<StoredPipelines>()
        .AddSingleton<PipelineTexts>()
        .AddSingleton<SetupParts>()
        .AddSingleton<SettingsReader>();

    public static void MapDashboard(this IEndpointRouteBuilder routes)
    {
        routes.MapAssets();
        routes.MapSyncPages();
        routes.MapSyncActions();
        routes.MapRunPages();
        routes.MapEvents();
        routes.MapPlacePages();
        routes.MapWritePages();
        routes.MapWebhookPages();
        routes.MapQueryPages();
        routes.MapPipelinePages();
        routes.MapSetupPages();
        routes.MapSettingsPages();
    }
}

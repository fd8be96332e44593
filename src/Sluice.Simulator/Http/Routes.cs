using Sluice.Simulator.AppApi;
using Sluice.Simulator.TrackApi;

namespace Sluice.Simulator.Http;

/// <summary>All endpoints.</summary>
internal static class Routes
{
    public static void Map(Simulation simulation)
    {
        var router = simulation.Router;
        MessageRoutes.Map(router);
        JourneyRoutes.Map(router);
        MetricRoutes.Map(router);
        NewsletterRoutes.Map(router);
        TransactionalRoutes.Map(router);
        ActivityRoutes.Map(router);
        CustomerRoutes.Map(router);
        CustomerChildRoutes.Map(router);
        SegmentRoutes.Map(router);
        ObjectRoutes.Map(router);
        SettingsRoutes.Map(router);
        ExportRoutes.Map(router);
        SuppressionRoutes.Map(router);
        LinkRoutes.Map(router);
        SendRoutes.Map(router);
        TriggerRoutes.Map(router);
        NewsletterWriteRoutes.Map(router);
        CollectionWriteRoutes.Map(router);
        SettingsWriteRoutes.Map(router);
        AssetRoutes.Map(router);
        TrackV1Routes.Map(router);
        TrackV2Routes.Map(router);
        Control.ControlRoutes.Map(router, simulation);
    }
}

using Sluice.Engine.Catalog;

namespace Sluice.Tests.Catalog;

// The tables as they are promised: key, incremental key and strategy. These differ on purpose: newsletter_test_groups is
// documented elsewhere with the key id, but the API counts groups 0, 1, 2 anew for each newsletter. Metrics of campaigns are documented elsewhere
// as the last 45 steps, replaced and known by their place: here they are the whole life, merged and known by their time.
internal static class SeedTables
{
    public static IReadOnlyList<(string Name, string Key, string? Cursor, Strategy Strategy)> All { get; } =
    [
        ("activities", "id", null, Strategy.Replace),
        ("broadcasts", "id", "updated", Strategy.Merge),
        ("broadcast_actions", "id", "updated", Strategy.Merge),
        ("broadcast_action_metrics:period", "broadcast_id, action_id, period, step_index", null, Strategy.Replace),
        ("broadcast_messages", "id", null, Strategy.Merge),
        ("broadcast_metrics:period", "broadcast_id, period, step_index", null, Strategy.Replace),
        ("campaigns", "id", "updated", Strategy.Merge),
        ("campaign_actions", "id", "updated", Strategy.Merge),
        ("campaign_action_metrics:period", "campaign_id, action_id, period, period_start", null, Strategy.Merge),
        ("campaign_messages", "id", null, Strategy.Merge),
        ("campaign_metrics:period", "campaign_id, period, period_start", null, Strategy.Merge),
        ("collections", "id", "updated_at", Strategy.Merge),
        ("customers", "cio_id", null, Strategy.Replace),
        ("customers_export", "cio_id", null, Strategy.Replace),
        ("customer_activities", "id", null, Strategy.Replace),
        ("customer_attributes", "customer_id", null, Strategy.Replace),
        ("customer_messages", "id", null, Strategy.Merge),
        ("customer_relationships", "customer_id, object_type_id, object_id", null, Strategy.Replace),
        ("deliveries_export", "delivery_id", null, Strategy.Merge),
        ("exports", "id", "updated_at", Strategy.Merge),
        ("info_ip_addresses", "ip", null, Strategy.Replace),
        ("messages", "id", null, Strategy.Merge),
        ("newsletters", "id", "updated", Strategy.Merge),
        ("newsletter_metrics:period", "newsletter_id, period, step_index", null, Strategy.Replace),
        ("newsletter_test_groups", "newsletter_id, id", null, Strategy.Replace),
        ("object_types", "id", null, Strategy.Replace),
        ("objects", "object_type_id, object_id", null, Strategy.Replace),
        ("reporting_webhooks", "id", null, Strategy.Replace),
        ("segments", "id", "updated_at", Strategy.Merge),
        ("sender_identities", "id", null, Strategy.Replace),
        ("subscription_topics", "id", null, Strategy.Replace),
        ("transactional_messages", "id", null, Strategy.Replace),
        ("workspaces", "id", null, Strategy.Replace),
    ];
}

using Sluice.Engine.Catalog;

namespace Sluice.Tests.Catalog;

// The tables beyond the 31, with their keys, incremental keys and strategies.
internal static class AddedTables
{
    public static IReadOnlyList<(string Name, string Key, string? Cursor, Strategy Strategy)> All { get; } =
    [
        ("broadcast_action_link_metrics:period", "broadcast_id, action_id, link_id, period, step_index", null, Strategy.Replace),
        ("broadcast_link_metrics:period", "broadcast_id, link_id, period, step_index", null, Strategy.Replace),
        ("broadcast_triggers", "broadcast_id, id", "created_at", Strategy.Merge),
        ("campaign_action_link_metrics:period", "campaign_id, action_id, link_id, period, step_index", null, Strategy.Replace),
        ("campaign_journey_metrics:period", "campaign_id, period, step_index", null, Strategy.Replace),
        ("campaign_link_metrics:period", "campaign_id, link_id, period, step_index", null, Strategy.Replace),
        ("collection_rows", "collection_id, row_index", null, Strategy.Replace),
        ("customer_segments", "customer_id, segment_id", null, Strategy.Replace),
        ("customer_subscription_preferences", "customer_id, topic_id", null, Strategy.Replace),
        ("esp_suppressions", "suppression_type, email, domain", null, Strategy.Replace),
        ("newsletter_content_link_metrics:period", "newsletter_id, content_id, link_id, period, step_index", null, Strategy.Replace),
        ("newsletter_content_metrics:period", "newsletter_id, content_id, period, step_index", null, Strategy.Replace),
        ("newsletter_contents", "newsletter_id, id", null, Strategy.Replace),
        ("newsletter_link_metrics:period", "newsletter_id, link_id, period, step_index", null, Strategy.Replace),
        ("newsletter_messages", "id", null, Strategy.Merge),
        ("object_attributes", "object_type_id, object_id", null, Strategy.Replace),
        ("object_relationships", "object_type_id, object_id, cio_id", null, Strategy.Replace),
        ("optouts", "cio_id, channel, from", null, Strategy.Replace),
        ("segment_memberships", "segment_id, cio_id", null, Strategy.Replace),
        ("segment_usage", "segment_id, used_by, used_by_id", null, Strategy.Replace),
        ("sender_usage", "sender_id, used_by, used_by_id", null, Strategy.Replace),
        ("snippets", "name", "updated_at", Strategy.Merge),
        ("subscription_channels", "id", null, Strategy.Replace),
        ("transactional_contents", "transactional_id, id", "updated", Strategy.Merge),
        ("transactional_deliveries", "id", null, Strategy.Merge),
        ("transactional_link_metrics:period", "transactional_id, link_id, period, step_index", null, Strategy.Replace),
        ("transactional_metrics:period", "transactional_id, period, step_index", null, Strategy.Replace),
    ];
}

namespace Sluice.Engine.Catalog;

/// <summary>
/// What Customer.io's app and pages call things whose old names the API kept: tables are named as the API names them, and found by both.
/// </summary>
public static class VendorWords
{
    // A longer word comes before the one that it begins with: only the first that fits is replaced.
    private static readonly (string Table, string[] Words)[] Pairs =
    [
        ("campaign", ["automation"]),
        ("newsletter_content", ["one_time_send_variant", "newsletter_variant"]),
        ("newsletter", ["one_time_send"]),
        ("transactional_content", ["transactional_variant"]),
    ];

    /// <summary>For those who read a list of tables.</summary>
    public static string Note =>
        "Customer.io's app and pages now say automation for campaign, one-time send for newsletter and variant for content. Its API kept the\n"
        + "old words, and so do the tables; both names find them: automations is campaigns, one_time_send_metrics:days is newsletter_metrics:days.";

    /// <summary>The names of a table in today's words: <c>automation_actions</c> for <c>campaign_actions</c>.</summary>
    public static IEnumerable<string> NamesOf(string table)
    {
        foreach (var (old, words) in Pairs)
        {
            if (table.StartsWith(old, StringComparison.Ordinal))
            {
                return words.Select(word => word + table[old.Length..]);
            }
        }

        return [];
    }
}

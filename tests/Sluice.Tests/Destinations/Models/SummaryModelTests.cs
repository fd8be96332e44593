using System.Globalization;
using Xunit;
using static Sluice.Tests.Destinations.Models.ModelBench;

namespace Sluice.Tests.Destinations.Models;

public sealed class SummaryModelTests
{
    private const long Noon = 1772366400;

    [Fact]
    public async Task A_rate_divides_by_what_its_description_says_and_is_NULL_where_that_is_nothing()
    {
        using var bench = new ModelBench(
            Messages,
            Campaigns,
            "INSERT INTO customerio.campaigns (id, name) VALUES (7, 'Welcome'), (8, 'Silent')",
            Delivery("a", $"{{\"sent\":{Noon},\"delivered\":{Noon},\"opened\":{Noon},\"clicked\":{Noon}}}"),
            Delivery("b", $"{{\"sent\":{Noon},\"delivered\":{Noon},\"opened\":{Noon}}}", person: "p2"),
            Delivery("c", $"{{\"sent\":{Noon},\"delivered\":{Noon},\"unsubscribed\":{Noon}}}", person: "p2"),
            Delivery("d", $"{{\"sent\":{Noon},\"delivered\":{Noon}}}"),
            Delivery("e", $"{{\"sent\":{Noon},\"bounced\":{Noon}}}"),
            Delivery("f", $"{{\"dropped\":{Noon}}}"));

        await bench.MakeAsync();

        Assert.Equal(
            ["7|Welcome|6|2|5|4|2|1|1|1|1|0.8|0.2|0.5|0.25|0.5|0.25", "8|Silent|0|0|0|0|0|0|0|0|0|NULL|NULL|NULL|NULL|NULL|NULL"],
            bench.Lines("""
                SELECT campaign_id, campaign_name, deliveries, people, sent, delivered, opened, clicked, unsubscribed, bounced, dropped,
                       delivery_rate, bounce_rate, open_rate, click_rate, click_to_open_rate, unsubscribe_rate
                FROM customerio_models.campaigns_summary ORDER BY 1
                """));
    }

    [Fact]
    public async Task A_person_without_deliveries_has_zeros_and_windows_count_back_from_now()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        string Sent(int days) => (now - (days * 86400L) + 3600).ToString(CultureInfo.InvariantCulture);
        using var bench = new ModelBench(
            Messages,
            People,
            """
            INSERT INTO customerio.customers VALUES
                ('p1', 'one', 'one@example.com', NULL), ('p2', 'two', NULL, NULL), ('p3', NULL, NULL, '2026-01-01')
            """,
            Delivery("a", $"{{\"sent\":{Sent(7)},\"delivered\":{Sent(7)},\"opened\":{Sent(7)}}}"),
            Delivery("b", $"{{\"sent\":{Sent(8)},\"delivered\":{Sent(8)}}}"),
            Delivery("c", $"{{\"sent\":{Sent(90)}}}"),
            Delivery("d", $"{{\"sent\":{Sent(91)}}}"),
            Delivery("e", $"{{\"sent\":{Sent(1)}}}", person: "p3"));

        await bench.MakeAsync();

        Assert.Equal(
            ["p1|one|4|4|1|2|3|1|0.5", "p2|two|0|0|0|0|0|0|NULL"],
            bench.Lines("""
                SELECT cio_id, customer_id, deliveries, sent, sent_7_days, sent_30_days, sent_90_days, opened_7_days, open_rate
                FROM customerio_models.person_engagement ORDER BY 1
                """));
    }

    [Fact]
    public async Task Attributes_are_rows_and_those_that_became_columns_are_columns_of_people()
    {
        using var bench = new ModelBench(
            People,
            "ALTER TABLE customerio.customer_attributes ADD COLUMN \"favourite colour\" VARCHAR",
            "INSERT INTO customerio.customers VALUES ('p1', 'one', 'One@Shop.Example', NULL)",
            """
            INSERT INTO customerio.customer_attributes VALUES
                ('p1', 'p1', 'one', NULL, true, '{"plan":"pro","a.b/c~\"d":{"x":[1]},"n":1,"none":null}', NULL, 'blue')
            """);

        await bench.MakeAsync();

        Assert.Equal(
            ["p1|one|shop.example|True|blue"],
            bench.Lines("SELECT cio_id, customer_id, email_domain, unsubscribed, \"favourite colour\" FROM customerio_models.people"));
        Assert.Equal(
            ["a.b/c~\"d|{\"x\":[1]}", "n|1", "none|NULL", "plan|pro"],
            bench.Lines("SELECT name, value FROM customerio_models.person_attributes ORDER BY 1"));
    }

    [Fact]
    public async Task Steps_stand_in_the_order_in_which_the_campaign_lists_its_actions()
    {
        using var bench = new ModelBench(
            Messages,
            Campaigns,
            "CREATE TABLE customerio.campaign_actions (campaign_id BIGINT, id BIGINT, parent_action_id BIGINT, name VARCHAR, type VARCHAR)",
            """
            INSERT INTO customerio.campaigns (id, name, actions) VALUES
                (7, 'Welcome', '[{"id":30,"type":"email"},{"id":"10","type":"delay"},{"id":20,"type":"email"}]'), (8, 'Other', NULL)
            """,
            "INSERT INTO customerio.campaign_actions VALUES (7, 10, NULL, 'wait', 'delay'), (7, 20, NULL, 'last', 'email')",
            "INSERT INTO customerio.campaign_actions VALUES (7, 30, NULL, 'first', 'email'), (8, 2, NULL, 'b', 'email'), (8, 1, NULL, 'a', 'email')",
            Delivery("a", $"{{\"sent\":{Noon}}}"),
            Delivery("b", $"{{\"sent\":{Noon}}}", person: "p2"),
            "UPDATE customerio.messages SET action_id = 30",
            Delivery("c", $"{{\"sent\":{Noon}}}"),
            "UPDATE customerio.messages SET action_id = 20 WHERE action_id IS NULL");

        await bench.MakeAsync();

        Assert.Equal(
            ["7|1|first|2|1", "7|2|wait|0|0", "7|3|last|1|0.5", "8|1|a|0|NULL", "8|2|b|0|NULL"],
            bench.Lines("SELECT campaign_id, step, action_name, people, reach_rate FROM customerio_models.campaign_steps ORDER BY 1, 2"));
    }

    [Fact]
    public async Task The_days_of_Customer_io_s_metrics_are_days_in_any_zone_that_was_asked_for()
    {
        using var bench = new ModelBench(
            "CREATE TABLE customerio.campaign_metrics_days "
                + "(campaign_id BIGINT, period_start TIMESTAMPTZ, sent BIGINT, delivered BIGINT, opened BIGINT)",
            "CREATE TABLE customerio.newsletter_metrics_days (newsletter_id BIGINT, period_start TIMESTAMPTZ, sent BIGINT, delivered BIGINT)",
            """
            INSERT INTO customerio.campaign_metrics_days VALUES
                (1, '2026-03-01 05:00:00+00', 4, 4, 1), (2, '2026-02-28 23:00:00+00', 0, 0, 0), (3, '2026-02-28 11:00:00+00', 1, 0, 0),
                (4, '2026-03-01 10:00:00+00', 1, 1, 2)
            """,
            "INSERT INTO customerio.newsletter_metrics_days VALUES (5, '2026-03-01 05:00:00+00', 9, 9)");

        await bench.MakeAsync();

        Assert.Equal(
            [
                "2026-03-01|campaign|1|4|0.25", "2026-03-01|campaign|2|0|NULL", "2026-03-01|campaign|3|1|NULL", "2026-03-01|campaign|4|1|2",
                "2026-03-01|newsletter|5|9|NULL",
            ],
            bench.Lines("SELECT day, sender_kind, sender_id, sent, open_rate FROM customerio_models.metrics_daily ORDER BY 3"));
    }

    [Fact]
    public async Task A_topic_reaches_who_wants_it_and_has_not_unsubscribed_from_everything()
    {
        using var bench = new ModelBench(
            "CREATE TABLE customerio.customer_subscription_preferences (customer_id VARCHAR, cio_id VARCHAR, topic_id BIGINT, subscribed BOOLEAN, "
                + "name VARCHAR, unsubscribed BOOLEAN)",
            """
            INSERT INTO customerio.customer_subscription_preferences VALUES
                ('p1', 'p1', 1, true, 'News', false), ('p2', 'p2', 1, true, 'News', true),
                ('p3', 'p3', 1, false, 'News', NULL), ('p4', 'p4', 1, true, 'News', NULL)
            """,
            "CREATE TABLE customerio.customers (cio_id VARCHAR, id VARCHAR, email VARCHAR)",
            "INSERT INTO customerio.customers VALUES ('p1', 'one', NULL)");

        await bench.MakeAsync();

        Assert.Equal(
            ["p1|one|True", "p2|NULL|False", "p3|NULL|False", "p4|NULL|True"],
            bench.Lines("SELECT cio_id, customer_id, reachable FROM customerio_models.topic_subscriptions ORDER BY 1"));
    }
}

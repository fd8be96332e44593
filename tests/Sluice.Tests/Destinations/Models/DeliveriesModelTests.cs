using Sluice.Engine.Load;
using Xunit;
using static Sluice.Tests.Destinations.Models.ModelBench;

namespace Sluice.Tests.Destinations.Models;

public sealed class DeliveriesModelTests
{
    // 2026-03-01 12:00:00 UTC.
    private const long Noon = 1772366400;

    [Fact]
    public async Task A_delivery_of_each_kind_has_its_sender_and_its_name()
    {
        using var bench = new ModelBench(
            Messages,
            Campaigns,
            "CREATE TABLE customerio.broadcasts (id BIGINT, name VARCHAR)",
            "CREATE TABLE customerio.newsletters (id BIGINT, name VARCHAR)",
            "CREATE TABLE customerio.transactional_messages (id BIGINT, name VARCHAR)",
            "CREATE TABLE customerio.transactional_deliveries AS SELECT *, 7::BIGINT AS transactional_id FROM customerio.messages",
            "INSERT INTO customerio.campaigns (id, name) VALUES (7, 'Welcome')",
            "INSERT INTO customerio.broadcasts VALUES (7, 'Sale')",
            "INSERT INTO customerio.newsletters VALUES (7, 'News')",
            "INSERT INTO customerio.transactional_messages VALUES (7, 'Receipt')",
            Delivery("a", "{}"),
            Delivery("b", "{}", "broadcast_id"),
            Delivery("c", "{}", "newsletter_id"),
            Delivery("d", "{}", "failure_message"),
            Delivery("e", "{}", "failure_message"),
            "INSERT INTO customerio.transactional_deliveries (id, transactional_id, _sluice_loaded_at) VALUES ('d', 7, '2026-01-01')");

        await bench.MakeAsync();

        Assert.Equal(
            ["a|campaign|7|Welcome", "b|broadcast|7|Sale", "c|newsletter|7|News", "d|transactional|7|Receipt", "e|transactional|NULL|NULL"],
            bench.Lines("SELECT delivery_id, sender_kind, sender_id, sender_name FROM customerio_models.deliveries ORDER BY 1"));
    }

    [Fact]
    public async Task A_delivery_that_two_tables_or_two_rows_have_is_there_once_with_what_was_written_last()
    {
        using var bench = new ModelBench(
            Messages,
            Delivery("a", $"{{\"sent\":{Noon}}}", loaded: "2026-03-02"),
            Delivery("a", $"{{\"sent\":{Noon},\"opened\":{Noon + 60}}}", loaded: "2026-03-04"),
            "CREATE TABLE customerio.campaign_messages AS SELECT * FROM customerio.messages WHERE false",
            $$"""
            INSERT INTO customerio.campaign_messages (id, metrics, _sluice_loaded_at) VALUES
                ('a', '{"sent":{{Noon}}}', '2026-03-03'), ('b', '{"sent":{{Noon}}}', '2026-03-03')
            """);

        await bench.MakeAsync();

        Assert.Equal(
            ["a|2026-03-01 12:00:00|2026-03-01 12:01:00", "b|2026-03-01 12:00:00|NULL"],
            bench.Lines("SELECT delivery_id, sent_at, opened_at FROM customerio_models.deliveries ORDER BY 1"));
    }

    [Fact]
    public async Task Metrics_that_are_no_times_are_none_and_break_nothing()
    {
        using var bench = new ModelBench(
            Messages,
            Delivery("a", """{"sent":0,"opened":"soon","clicked":{"x":1},"human_opened":3,"delivered":99999999999999}"""),
            Delivery("b", $"{{\"sent\":\"{Noon}\",\"human_opened\":{Noon}}}"),
            "INSERT INTO customerio.messages (id, metrics) VALUES ('c', NULL), ('d', '[]'), ('e', 'null')");

        await bench.MakeAsync();

        Assert.Equal(
            [
                "a|NULL|NULL|NULL|NULL|NULL|True",
                "b|2026-03-01 12:00:00|NULL|NULL|NULL|2026-03-01 12:00:00|True",
                "c|NULL|NULL|NULL|NULL|NULL|False",
                "d|NULL|NULL|NULL|NULL|NULL|False",
                "e|NULL|NULL|NULL|NULL|NULL|False",
            ],
            bench.Lines(
                "SELECT delivery_id, sent_at, opened_at, clicked_at, delivered_at, human_opened_at, human_opened "
                    + "FROM customerio_models.deliveries ORDER BY 1"));
    }

    [Fact]
    public async Task A_typed_time_goes_before_the_object_which_fills_in_what_was_read_before_there_was_one()
    {
        using var bench = new ModelBench(
            Messages,
            "ALTER TABLE customerio.messages ADD COLUMN opened_at TIMESTAMPTZ",
            Delivery("a", $"{{\"opened\":{Noon}}}"),
            Delivery("b", $"{{\"opened\":{Noon}}}"),
            "UPDATE customerio.messages SET opened_at = '2026-03-05 00:00:00+00' WHERE id = 'a'");

        await bench.MakeAsync();
        var both = bench.Lines("SELECT delivery_id, opened_at FROM customerio_models.deliveries ORDER BY 1");
        bench.Execute("DROP VIEW customerio_models.deliveries", "ALTER TABLE customerio.messages DROP COLUMN metrics");
        var made = await bench.MakeAsync();

        Assert.Equal(["a|2026-03-05 00:00:00", "b|2026-03-01 12:00:00"], both);
        Assert.Equal(
            ["a|2026-03-05 00:00:00", "b|NULL"], bench.Lines("SELECT delivery_id, opened_at FROM customerio_models.deliveries ORDER BY 1"));
        Assert.Contains(
            made[0].Lacks,
            lack => lack.StartsWith("without sent_at, ", StringComparison.Ordinal)
                && lack.EndsWith("messages has no column metrics", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_day_is_one_of_Customer_io_whatever_zone_the_session_has()
    {
        using var bench = new ModelBench(
            Messages,
            Delivery("a", $"{{\"sent\":{Noon - (7 * 3600) - 1}}}"),
            Delivery("b", $"{{\"sent\":{Noon - (7 * 3600)}}}"),
            Delivery("c", "{}"));

        await bench.MakeAsync();

        Assert.Equal(
            ["a|2026-02-28", "b|2026-03-01", "c|2026-03-01"],
            bench.Lines("SELECT delivery_id, day FROM customerio_models.deliveries ORDER BY 1"));
    }

    [Fact]
    public async Task The_time_to_the_first_opening_and_the_domain_of_an_email_are_columns()
    {
        using var bench = new ModelBench(
            Messages,
            Delivery("a", $"{{\"delivered\":{Noon},\"opened\":{Noon + 90}}}"),
            Delivery("b", $"{{\"delivered\":{Noon}}}"),
            "UPDATE customerio.messages SET recipient = '+4930', type = 'twilio' WHERE id = 'b'");

        await bench.MakeAsync();

        Assert.Equal(
            ["a|90|example.com", "b|NULL|NULL"],
            bench.Lines("SELECT delivery_id, seconds_to_open, recipient_domain FROM customerio_models.deliveries ORDER BY 1"));
    }

    [Fact]
    public async Task Deliveries_of_two_workspaces_with_the_same_ids_stay_apart_and_have_their_own_senders()
    {
        using var bench = new ModelBench(
            Messages,
            Campaigns,
            "ALTER TABLE customerio.messages ADD COLUMN workspace VARCHAR",
            "ALTER TABLE customerio.campaigns ADD COLUMN workspace VARCHAR",
            "INSERT INTO customerio.campaigns (workspace, id, name) VALUES ('one', 7, 'Hello'), ('two', 7, 'Hola')",
            Delivery("a", $"{{\"sent\":{Noon}}}"),
            "UPDATE customerio.messages SET workspace = 'one'",
            Delivery("a", $"{{\"sent\":{Noon}}}"),
            "UPDATE customerio.messages SET workspace = 'two' WHERE workspace IS NULL");

        var made = await bench.MakeAsync();

        Assert.All(made.Where(model => model.Name is "deliveries" or "campaigns_summary"), model => Assert.Equal(ModelOutcome.Made, model.Outcome));
        Assert.Equal(
            ["one|a|Hello", "two|a|Hola"],
            bench.Lines("SELECT workspace, delivery_id, sender_name FROM customerio_models.deliveries ORDER BY 1"));
        Assert.Equal(
            ["one|Hello|1", "two|Hola|1"],
            bench.Lines("SELECT workspace, campaign_name, sent FROM customerio_models.campaigns_summary ORDER BY 1"));
    }
}

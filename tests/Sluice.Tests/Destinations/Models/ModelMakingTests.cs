using Sluice.Engine.Load;
using Xunit;
using static Sluice.Tests.Destinations.Models.ModelBench;

namespace Sluice.Tests.Destinations.Models;

public sealed class ModelMakingTests
{
    private const long Noon = 1772366400;

    [Fact]
    public async Task A_view_of_the_user_is_left_alone_and_told_and_nothing_is_made_of_it()
    {
        using var bench = new ModelBench(
            Messages,
            Campaigns,
            "CREATE SCHEMA customerio_models",
            "CREATE VIEW customerio_models.deliveries AS SELECT 'mine' AS whose",
            "CREATE TABLE customerio_models.people AS SELECT 'mine' AS whose",
            People);

        var made = (await bench.MakeAsync()).ToDictionary(model => model.Name);

        Assert.Equal(ModelOutcome.Taken, made["deliveries"].Outcome);
        Assert.Equal(ModelOutcome.Taken, made["people"].Outcome);
        Assert.Equal((ModelOutcome.Lacking, "needs deliveries"), (made["campaigns_summary"].Outcome, made["campaigns_summary"].Lacks[0]));
        Assert.Equal(["mine"], bench.Lines("SELECT * FROM customerio_models.deliveries"));
        Assert.Equal(["mine"], bench.Lines("SELECT * FROM customerio_models.people"));
        Assert.DoesNotContain("\"customerio_models\".\"deliveries\"", string.Join(' ', await bench.DropAsync()), StringComparison.Ordinal);
        Assert.Equal(["mine"], bench.Lines("SELECT * FROM customerio_models.deliveries"));
    }

    [Fact]
    public async Task Made_again_they_are_the_same_and_dropped_they_are_gone()
    {
        using var bench = new ModelBench(Messages, Campaigns, Delivery("a", $"{{\"sent\":{Noon}}}"));
        const string Views = "SELECT view_name FROM duckdb_views() WHERE schema_name = 'customerio_models' ORDER BY 1";

        var first = await bench.MakeAsync();
        var again = await bench.MakeAsync();
        var there = bench.Lines(Views);
        var dropped = await bench.DropAsync();

        Assert.Equal(first.Select(model => (model.Name, model.Outcome)), again.Select(model => (model.Name, model.Outcome)));
        Assert.Equal(["campaigns_summary", "deliveries", "message_performance_daily"], there);
        Assert.Equal(3, dropped.Count);
        Assert.Empty(bench.Lines(Views));
        Assert.Equal(["1"], bench.Lines("SELECT count(*) FROM customerio.messages"));
    }

    [Fact]
    public async Task A_dry_run_gives_the_statements_and_changes_nothing()
    {
        using var bench = new ModelBench(Messages);

        var planned = await bench.MakeAsync(isDryRun: true);

        Assert.Contains("CREATE OR REPLACE VIEW", planned[0].Statements[0], StringComparison.Ordinal);
        Assert.Equal(["0"], bench.Lines("SELECT count(*) FROM duckdb_schemas() WHERE schema_name = 'customerio_models'"));
        bench.Execute(["CREATE SCHEMA customerio_models", .. planned.SelectMany(model => model.Statements)]);
        Assert.Equal(["0"], bench.Lines("SELECT count(*) FROM customerio_models.message_performance_daily"));
    }

    [Fact]
    public async Task A_column_that_a_table_lacks_is_left_out_and_told_in_every_model_that_would_have_it()
    {
        using var bench = new ModelBench(
            "CREATE TABLE customerio.messages (id VARCHAR, cio_id VARCHAR, created VARCHAR, metrics JSON)",
            $$"""INSERT INTO customerio.messages VALUES ('a', 'p1', 'yesterday', '{"sent":{{Noon}}}')""");

        var made = (await bench.MakeAsync()).ToDictionary(model => model.Name);

        Assert.Equal(ModelOutcome.Made, made["deliveries"].Outcome);
        Assert.Contains("without created_at, day: messages.created is text", made["deliveries"].Lacks);
        Assert.Contains("without transactional_id: transactional_deliveries is not there", made["deliveries"].Lacks);
        Assert.Contains(made["deliveries"].Lacks, lack => lack.Contains("sender_name", StringComparison.Ordinal));
        Assert.Equal(["a|2026-03-01 12:00:00"], bench.Lines("SELECT delivery_id, sent_at FROM customerio_models.deliveries"));
        Assert.Equal(ModelOutcome.Lacking, made["message_performance_daily"].Outcome);
    }

    [Fact]
    public async Task A_table_with_another_name_is_found_by_what_it_was_loaded_from_and_two_of_them_are_told()
    {
        using var bench = new ModelBench(
            Messages,
            Delivery("a", $"{{\"sent\":{Noon}}}"),
            "ALTER TABLE customerio.messages RENAME TO cio_messages",
            "CREATE TABLE customerio._sluice_ledger (table_name VARCHAR, source VARCHAR)",
            "INSERT INTO customerio._sluice_ledger VALUES ('cio_messages', 'messages'), ('cio_messages', 'messages'), ('gone', 'messages')");

        await bench.MakeAsync();
        var found = bench.Lines("SELECT delivery_id FROM customerio_models.deliveries");
        bench.Execute(
            "CREATE TABLE customerio.shop_messages AS SELECT * FROM customerio.cio_messages",
            "INSERT INTO customerio._sluice_ledger VALUES ('shop_messages', 'messages')");
        var made = await bench.MakeAsync();

        Assert.Equal(["a"], found);
        Assert.Contains("cio_messages and shop_messages both are", made[0].Lacks[0], StringComparison.Ordinal);
        Assert.Equal(ModelOutcome.Lacking, made[0].Outcome);
        Assert.Equal(["0"], bench.Lines("SELECT count(*) FROM duckdb_views() WHERE schema_name = 'customerio_models'"));
    }
}

using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>What it costs to read the rows that a change is computed from.</summary>
public sealed class StatementPriceTests : IAsyncLifetime
{
    private StatementBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await StatementBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("EXPLAIN UPDATE CampaignActions SET subject = 'x' WHERE campaign_id = 1", "campaign_actions: campaign_id = 1")]
    [InlineData("EXPLAIN CALL TrackEvent(Name := 'x', Timestamp := now(), Identifiers_Id := (SELECT max(id) FROM customers))", "customers")]
    public async Task EXPLAIN_gives_the_price_of_the_rows_that_a_change_needs(string sql, string expected)
    {
        var run = await _bench.ToolAsync("query", sql);

        Assert.True(run.Code == 0, run.Error);
        Assert.Contains(expected, run.Out, StringComparison.Ordinal);
        Assert.Empty(_bench.Journals.List());
    }
}

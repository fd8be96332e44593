using Sluice.Simulator;
using Sluice.Sql;
using Xunit;

namespace Sluice.Tests.Sql;

public sealed class PricingTests
{
    private static readonly SimulatorOptions World = new()
    {
        Customers = 40,
        Messages = 100,
        Campaigns = 4,
        ActionsOfEachCampaign = 2,
        RequestsPerSecond = 0,
        FreezeClock = true,
    };

    // That somebody asks how many people there are tells what time it is, too; keys can be nobody's on each step of the way.
    [Theory]
    [InlineData("SELECT d.id, c.email FROM message_drafts d FULL JOIN customers c ON d.cio_id = c.cio_id", false)]
    [InlineData("SELECT id FROM message_drafts WHERE cio_id NOT IN (SELECT cio_id FROM customers WHERE email LIKE 'person1%')", false)]
    [InlineData("SELECT id, created FROM messages WHERE created > now() - INTERVAL 30 DAY", true)]
    [InlineData("SELECT id FROM campaign_actions WHERE campaign_id IN (1569, 1178)", true)]
    [InlineData("SELECT sent FROM campaign_action_metrics_weeks WHERE campaign_id IN (1569, 1178)", true)]
    [InlineData("SELECT sent FROM campaign_action_metrics_weeks WHERE campaign_id IN (1, 1178)", false)]
    [InlineData("SELECT subject FROM newsletter_contents WHERE newsletter_id IN (4711, 4712, 4713)", true)]
    public async Task A_price_is_never_above_the_requests_that_are_made(string sql, bool isExact)
    {
        await using var bench = await SqlBench.StartAsync(World);

        var price = await bench.ExplainAsync(sql);
        var before = bench.Requests;
        var (_, report) = await bench.AskAsync(sql);

        Assert.Equal(bench.Requests - before, report.Requests);
        Assert.InRange(price.LeastRequests, isExact ? report.Requests : 1, report.Requests);
        Assert.Equal(price.Steps.Sum(step => step.LeastRequests), price.LeastRequests);

        await using var another = bench.Open(new SqlOptions { MostRequests = 100_000 });
        Assert.InRange((await bench.AskAsync(sql, session: another)).Report.Requests, price.LeastRequests, price.LikelyRequests);
    }
}

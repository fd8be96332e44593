using Sluice.Engine;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Runs;

/// <summary>Tables that the destination refuses before a row has come.</summary>
public sealed class RefusedTableTests
{
    [Fact]
    public async Task Nothing_is_asked_for_that_only_a_refused_table_would_take()
    {
        await using var bench = await IngestHarness.StartAsync();
        bench.Query("CREATE SCHEMA customerio");
        bench.Query("CREATE TABLE customerio.campaigns (id BIGINT, name VARCHAR, _dlt_load_id VARCHAR NOT NULL)");

        var report = await bench.IngestAsync("campaigns", "segments");

        var (refused, loaded) = (report.Tables[0], report.Tables[1]);
        Assert.Equal((TableOutcome.Failed, SluiceErrorKind.Destination, 0L), (refused.Outcome, refused.ErrorKind, refused.Requests));
        Assert.Contains("_dlt_load_id is NOT NULL", refused.Error, StringComparison.Ordinal);
        Assert.Equal((TableOutcome.Done, ExitCode.Partial), (loaded.Outcome, report.ExitCode));
        Assert.Equal(ExitCode.Destination, (await bench.IngestAsync("campaigns")).ExitCode);

        // A list that leads to a table which is taken is read for it all the same.
        var children = await bench.IngestAsync("campaigns", "campaign_actions");
        Assert.Equal(TableOutcome.Done, children.Tables[1].Outcome);
        Assert.True(children.Tables[1].Fetched > 0);
    }
}

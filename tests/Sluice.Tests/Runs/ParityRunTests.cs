using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Sluice.Simulator;
using Xunit;

namespace Sluice.Tests.Runs;

public class ParityRunTests
{
    [Fact]
    public async Task Campaigns_have_their_actions_and_tags_as_text_where_that_is_wanted()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 20, RequestsPerSecond = 0 });
        var mistakes = new ValidationErrors();
        var settings = new IngestSettings { SourceTable = "campaigns", Columns = ["actions:text,tags:text"], WorkFolder = bench.WorkFolder };
        var report = await bench.IngestAsync(IngestRequestReader.Read(settings, "test", ResourceCatalog.Default, mistakes));
        Assert.Equal(ExitCode.Done, report.ExitCode);
        Assert.Equal(
            ["VARCHAR", "VARCHAR"],
            bench.Query("SELECT data_type FROM information_schema.columns WHERE column_name IN ('actions', 'tags')").Select(row => (string)row[0]!));
        Assert.NotEqual(0L, bench.Scalar("SELECT count(*) FROM customerio.campaigns WHERE json_array_length(actions) > 0"));
    }
}

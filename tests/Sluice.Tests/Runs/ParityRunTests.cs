using Sluice.Engine;
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
        var settings = new SettingWords().Say("--source-table", "campaigns").Say("--columns", ["actions:text,tags:text"]);
        var report = await bench.IngestAsync(IngestRequestReader.Read(settings, "test", mistakes) with { WorkFolder = bench.WorkFolder });
        Assert.Equal(ExitCode.Done, report.ExitCode);
        Assert.Equal(
            ["VARCHAR", "VARCHAR"],
            bench.Query("SELECT data_type FROM information_schema.columns WHERE column_name IN ('actions', 'tags')").Select(row => (string)row[0]!));
        Assert.NotEqual(0L, bench.Scalar("SELECT count(*) FROM customerio.campaigns WHERE json_array_length(actions) > 0"));
    }
}

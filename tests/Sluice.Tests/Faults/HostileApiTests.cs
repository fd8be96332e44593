using System.Text;
using Sluice.CustomerIo;
using Sluice.Destinations;
using Sluice.Engine.Runs;
using Sluice.Tests.CustomerIo;
using Sluice.Tests.Runs;
using Xunit;

namespace Sluice.Tests.Faults;

/// <summary>Whole runs that read from an API which is no friend.</summary>
public sealed class HostileApiTests
{
    private const string Key = "canary-app-key-1f2e3d";

    [Fact]
    public async Task A_key_that_is_the_name_of_a_field_stands_in_no_report()
    {
        await using var bench = await IngestHarness.StartAsync();

        var report = await IngestAsync(bench, path => path switch
        {
            "/v1/segments" => $$"""{"segments":[{"id":1,"name":"a","{{Key}}":1}]}""",
            _ => "{}",
        }, "segments");

        Assert.Contains("[redacted]", Assert.Single(Assert.Single(report.Tables).SchemaChanges).Column, StringComparison.Ordinal);
        var kept = (string)bench.Scalar("SELECT report::VARCHAR FROM customerio._sluice_runs")!;
        Assert.Contains("[redacted]", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parent_whose_key_holds_half_of_a_character_is_left_out_by_name_and_keeps_no_children_away()
    {
        await using var bench = await IngestHarness.StartAsync();

        var report = await IngestAsync(bench, path => path switch
        {
            "/v1/campaigns" => """{"campaigns":[{"id":"\ud800","name":"half"},{"id":7,"name":"good"}]}""",
            "/v1/campaigns/7/actions" => """{"actions":[{"id":"1","name":"child"}]}""",
            _ => "{}",
        }, "campaign_actions");

        var table = Assert.Single(report.Tables);
        Assert.True(table.Error is null, table.Error);
        Assert.Equal((ExitCode.Partial, 1L), (report.ExitCode, table.Rows));
        Assert.Equal(@"campaigns \ud800: half of a character stands in its key, which no request can carry", Assert.Single(table.Skipped));
    }

    private static async Task<RunReport> IngestAsync(IngestHarness bench, Func<string, string> answer, params string[] tables)
    {
        using var handler = new StubHandler(request => new HttpResponseMessage
        {
            Content = new StringContent(answer(request.RequestUri!.AbsolutePath), Encoding.UTF8, "application/json"),
        });
        using var client = new CustomerIoClient(
            new CustomerIoOptions { AppApiKey = Key, BaseUrl = new Uri("http://127.0.0.1:1"), RequestsPerSecond = 10_000 }, handler: handler);
        var request = bench.Request(IngestHarness.Jobs(tables));
        await using var destination = await DestinationRegistry.OpenAsync(bench.DestinationUri, TestContext.Current.CancellationToken);
        return await new IngestRun(request, Workspace.Alone(request, client), destination, TimeProvider.System).RunAsync(
            TestContext.Current.CancellationToken);
    }
}

using Sluice.Benchmarks.Kill;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;
using Sluice.Simulator;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>What a destination on a server promises besides: it tells who is refused and why, and a cut connection costs nothing.</summary>
public abstract class ServerCompliance : DestinationCompliance
{
    private ServerPlace Server => (ServerPlace)Place;

    [Fact]
    public async Task A_wrong_password_is_told_with_exit_code_6()
    {
        var (uri, environment) = Server.WrongPassword;
        using var tool = ToolFor(uri, environment);
        var result = await tool.RunAsync("history");
        result.Ended(ExitCode.Destination);
        AssertTells(result);
    }

    [Fact]
    public async Task Missing_rights_are_told_with_exit_code_6()
    {
        Assert.SkipWhen(await Server.PowerlessAsync() is null, $"{GetType().Name}: this test server knows no users with fewer rights.");
        var (uri, environment) = (await Server.PowerlessAsync())!.Value;
        await using var account = await PretendAccount.StartAsync(new SimulatorOptions { Customers = 5, RequestsPerSecond = 0 }, Tool.Cancel);
        using var tool = ToolFor(uri, environment);
        tool.Environment["CUSTOMERIO_APP_API_KEY"] = "sim-app-key";
        tool.Environment["CUSTOMERIO_BASE_URL"] = account.Address;
        var result = await tool.RunAsync("ingest", "--source-uri", "customerio://?rate=10000", "--source-table", "campaigns");
        result.Ended(ExitCode.Destination);
        AssertTells(result);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_told_with_exit_code_6()
    {
        using var tool = ToolFor(Server.UriBy(ServerPort.Free()), Server.Environment);
        var result = await tool.RunAsync("history");
        result.Ended(ExitCode.Destination);
        AssertTells(result);
    }

    [Fact]
    public async Task A_connection_that_is_cut_leaves_the_old_table_and_the_next_run_completes_it()
    {
        var job = Job(Table(Is("name", ColumnType.Text)), Strategy.Merge);
        await Desk.LoadAsync(job, LoadScenario.Plain, Rows(1000, "old"));
        var cuts = 0;
        foreach (var bytes in (int[])[500, 4_000, 30_000, 120_000, 200_000])
        {
            await using var proxy = CuttingProxy.Start(Server.Port, bytes);
            cuts += await IsCutAsync(job, Server.UriBy(proxy.Port)) ? 1 : 0;
            Assert.All((await Desk.ReadAsync())!, row => Assert.Equal("old", row["name"]));
        }

        Assert.True(cuts >= 3, $"Only {cuts} loads were cut.");
        await Desk.LoadAsync(job, LoadScenario.Plain, Rows(10_000, "new"));
        Assert.Equal(10_000, (await Desk.ReadAsync())!.Count(row => (string)row["name"]! == "new"));
    }

    private async Task<bool> IsCutAsync(Engine.Runs.TableJob job, string uri)
    {
        try
        {
            var report = await Desk.TryLoadAsync(uri, job, LoadScenario.Plain, Rows(10_000, "old"));
            Assert.True(report.Outcome == TableOutcome.Done || report.ErrorKind == SluiceErrorKind.Destination, report.Error);
            return report.Outcome != TableOutcome.Done;
        }
        catch (SluiceException error)
        {
            Assert.Equal(SluiceErrorKind.Destination, error.Kind);
            return true;
        }
    }

    // Names that no compression makes small.
    private static List<string> Rows(int count, string name) =>
        [.. Enumerable.Range(0, count).Select(id => $"{{\"id\":{id},\"name\":\"{name}\",\"noise\":\"{Noise(id)}\"}}")];

    private static string Noise(int id) => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(id)));

    private Tool ToolFor(string uri, IReadOnlyDictionary<string, string> environment)
    {
        var tool = new Tool();
        tool.Environment["SLUICE_DEST_URI"] = uri;
        foreach (var (name, value) in Server.Environment.Concat(environment))
        {
            tool.Environment[name] = value;
        }

        return tool;
    }

    private void AssertTells(ToolResult result)
    {
        Assert.NotEmpty(result.Error);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.All(Server.Secrets, secret => Assert.DoesNotContain(secret, result.Out + result.Error, StringComparison.Ordinal));
    }
}

using Sluice.Engine;
using Xunit;

namespace Sluice.Tests.Server;

/// <summary>A pipeline of which a part is wrong, as a server reads it for the other parts.</summary>
public sealed class PipelineStoreTests
{
    private const string Head = """
        version: 1
        workspaces: {main: {app_api_key: "${KEY}"}, other: {app_api_key: "${KEY}"}}
        destinations: {d: duckdb:///crm.duckdb}

        """;

    [Theory]
    [InlineData("syncs:\n  good: {workspaces: main, tables: [campaigns]}\n  bad: {workspaces: main, table_prefix: b_, tables: [campains]}\n")]
    [InlineData("syncs:\n  bad: {workspaces: main, mask: [email:rot13], table_prefix: b_, tables: [campaigns]}\n"
        + "  good: {workspaces: main, tables: [campaigns]}\n")]
    [InlineData("syncs: {bad: {workspaces: main, mode: often, table_prefix: b_, tables: [campaigns]}, "
        + "good: {workspaces: main, tables: [campaigns]}}\n")]
    [InlineData("syncs:\n  good: {workspaces: main, tables: [campaigns]}\npushes:\n  bad: {workspace: main, into: people}\n")]
    [InlineData("syncs:\n  good: {workspaces: main, tables: [campaigns]}\n  \"<b>\": {workspaces: main, table_prefix: b_, tables: [segments]}\n")]
    public async Task A_mistake_in_one_entry_stops_nothing_but_that_entry(string rest)
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T00:00:00Z");
        await File.WriteAllTextAsync(Path.Combine(bench.Folder, "sluice.yaml"), Head + rest);

        Assert.Equal("good", (await bench.Pipelines.RequireSyncAsync("good", default)).Name);
        await Assert.ThrowsAsync<SluiceException>(() => bench.Pipelines.RequireSyncAsync("bad", default));
    }

    [Theory]
    [InlineData("syncs: {good: {workspaces: main, mask: [email:rot13], tables: [campaigns]}, "
        + "after: {workspaces: main, table_prefix: b_, tables: [segments]}}\n")]
    [InlineData("x-tables: &t {mask: [email:rot13]}\nsyncs:\n  good: {workspaces: main, tables: [campaigns], <<: *t}\n")]
    [InlineData("syncs:\n  bad: {workspaces: main, table_prefix: b_, tables: &t [campains]}\n  good: {workspaces: main, tables: *t}\n")]
    [InlineData("syncs:\n  good: {workspaces: main, tables: [campaigns]}\nsinks: {}\n")]
    [InlineData("syncs:\n  good: {workspaces: [main, othr], tables: [campaigns]}\n")]
    public async Task A_mistake_that_the_entry_needs_stops_it(string rest)
    {
        await using var bench = await ControlBench.OpenAsync("2027-01-01T00:00:00Z");
        await File.WriteAllTextAsync(Path.Combine(bench.Folder, "sluice.yaml"), Head + rest);

        await Assert.ThrowsAsync<SluiceException>(() => bench.Pipelines.RequireSyncAsync("good", default));
    }
}

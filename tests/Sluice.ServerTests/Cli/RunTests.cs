using System.Text.Json;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

public sealed class RunTests
{
    [Fact]
    public async Task Syncs_run_in_the_order_of_the_file_with_the_key_of_a_file_env()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = new Tool();
        await WriteAsync(tool, account, """
              second_thing: {table_prefix: b_, tables: [segments]}
              daily: {mode: append, tables: [campaigns, {customers: {as: people, only: [email], limit: 7}}]}
            """);
        await File.WriteAllTextAsync(tool.PathOf(".env"), "KEY=sim-app-key\n", Tool.Cancel);

        var run = (await tool.RunAsync("run", "--progress", "none")).Ended(ExitCode.Done);

        Assert.True(run.Out.IndexOf("== second_thing", StringComparison.Ordinal) < run.Out.IndexOf("== daily", StringComparison.Ordinal), run.Out);
        Assert.EndsWith("2 syncs, all done\n", run.Out, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
        Assert.Equal(12, await Count(tool, "customerio.campaigns"));
        Assert.Equal(7, await Count(tool, "customerio.people"));
        Assert.True(await Count(tool, "customerio.b_segments") > 0);
        Assert.Equal(
            2,
            await Database.CountAsync(
                tool.PathOf("crm.duckdb"),
                "SELECT count(*) FROM duckdb_columns() WHERE table_name = 'people' AND column_name IN ('cio_id', 'email', 'id')"));
    }

    [Fact]
    public async Task Chosen_syncs_and_tables_run_alone_and_need_no_other_variable()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = NewTool();
        await WriteAsync(tool, account, """
              daily: {tables: [campaigns, segments, campaign_metrics:days]}
              other: {table_prefix: "${NOT_SET}", tables: [campaigns]}
            """);

        (await tool.RunAsync("run", "daily", "--tables", "segments,campaign_metrics")).Ended(ExitCode.Done);

        Assert.Equal(0, await Database.CountAsync(tool.PathOf("crm.duckdb"), "SELECT count(*) FROM duckdb_tables() WHERE table_name = 'campaigns'"));
        Assert.True(await Count(tool, "customerio.segments") > 0);
        Assert.True(await Count(tool, "customerio.campaign_metrics_days") > 0);
        var all = (await tool.RunAsync("run")).Ended(ExitCode.Config);
        Assert.Contains("The variable NOT_SET is not set.", all.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_workspaces_go_into_one_table_or_into_tables_of_their_own()
    {
        await using var first = await SimulatedAccount.StartAsync();
        await using var second = await SimulatedAccount.StartAsync(options => options with { Seed = 2 });
        using var tool = NewTool();
        await File.WriteAllTextAsync(tool.PathOf("sluice.yaml"), $$"""
            version: 1
            workspaces:
              main: {app_api_key: "${KEY}", base_url: "{{first.Address}}", rate: 10000}
              my-shop: {app_api_key: "${KEY}", base_url: "{{second.Address}}", rate: 10000}
            destinations: {w: "duckdb:///crm.duckdb"}
            syncs:
              together: {tables: [customers]}
              apart: {combine: prefix, tables: [customers]}
              schemas: {combine: schema, tables: [customers]}
            """, Tool.Cancel);

        (await tool.RunAsync("run")).Ended(ExitCode.Done);

        const string Together = "(SELECT workspace, cio_id, email FROM crm.customerio.customers)";
        Assert.Equal(120, await CountAll(tool, Together));
        Assert.Equal(
            120,
            await CountAll(
                tool,
                $"({Together} INTERSECT (SELECT 'main', cio_id, email FROM crm.customerio.main_customers UNION SELECT 'my-shop', cio_id, email " +
                    $"FROM crm.customerio.my_shop_customers))"
            ));
        Assert.Equal(
            120,
            await CountAll(
                tool,
                $"({Together} INTERSECT (SELECT workspace, cio_id, email FROM crm.main.customers UNION SELECT workspace, cio_id, email FROM " +
                    $"crm.my_shop.customers))"
            ));
    }

    [Fact]
    public async Task A_sync_that_fails_does_not_keep_the_next_one_away_and_the_worst_code_is_told()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = NewTool();
        await File.WriteAllTextAsync(tool.PathOf("sluice.yaml"), $$"""
            version: 1
            workspaces:
              wrong: {app_api_key: wrong-key, base_url: "{{account.Address}}", rate: 10000}
              main: {app_api_key: "${KEY}", base_url: "{{account.Address}}", rate: 10000}
            destinations: {w: "duckdb:///crm.duckdb"}
            syncs:
              refused: {workspaces: wrong, table_prefix: w_, tables: [campaigns]}
              daily: {workspaces: main, tables: [campaigns]}
            """, Tool.Cancel);

        var run = (await tool.RunAsync("run")).Ended(ExitCode.Auth);

        Assert.Contains("error: refused: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("sluice.yaml:3:24: app_api_key stands in the file", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-key", run.Error + run.Out, StringComparison.Ordinal);
        Assert.Contains("2 syncs, not done: refused (3)", run.Out, StringComparison.Ordinal);
        Assert.Equal(12, await Count(tool, "customerio.campaigns"));
    }

    [Fact]
    public async Task A_dry_run_tells_the_cost_of_each_sync_and_leaves_nothing_behind()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = NewTool();
        await WriteAsync(tool, account, "  a: {tables: [campaigns]}\n  b: {table_prefix: b_, tables: [campaign_actions]}");

        var text = (await tool.RunAsync("run", "--dry-run")).Ended(ExitCode.Done);
        using var json = JsonDocument.Parse((await tool.RunAsync("run", "--dry-run", "--json")).Ended(ExitCode.Done).Out);

        Assert.Equal(2, text.Out.Split("About ").Length - 1);
        Assert.Equal(["a", "b"], json.RootElement.GetProperty("syncs").EnumerateArray().Select(sync => sync.GetProperty("sync").GetString()));
        Assert.True(json.RootElement.GetProperty("syncs")[1].GetProperty("plan").GetProperty("requests").GetInt32() > 1);
        Assert.Equal(["sluice.yaml"], Directory.EnumerateFileSystemEntries(tool.Folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task As_json_all_syncs_are_one_document()
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { Faults = ["403/v1/segments"] });
        using var tool = NewTool();
        await WriteAsync(tool, account, "  a: {tables: [campaigns]}\n  b: {table_prefix: b_, tables: [campaigns, segments]}");

        var run = (await tool.RunAsync("run", "--json")).Ended(ExitCode.Partial);

        using var json = JsonDocument.Parse(run.Out);
        var syncs = json.RootElement.GetProperty("syncs");
        Assert.Equal(
            (7, 0, 7),
            (
                json.RootElement.GetProperty("exit_code").GetInt32(),
                syncs[0].GetProperty("exit_code").GetInt32(),
                syncs[1].GetProperty("exit_code").GetInt32()));
        Assert.Equal("customerio.b_campaigns", syncs[1].GetProperty("report").GetProperty("tables")[0].GetProperty("table").GetString());
        Assert.Contains("error: segments: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_run_goes_on_and_full_refresh_starts_over()
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { Messages = 900 });
        using var tool = NewTool();
        await WriteAsync(tool, account, "  a: {mode: incremental, tables: [messages]}");
        var whole = await FetchedAsync(tool);

        Assert.True(await FetchedAsync(tool) < whole);
        Assert.Equal(whole, await FetchedAsync(tool, "--full-refresh"));
    }

    [Fact]
    public async Task What_is_masked_dropped_renamed_and_flattened_in_the_file_is_so_in_the_table()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = NewTool();
        await WriteAsync(tool, account, """
              a:
                mask_salt: ${SALT:-pepper}
                tables:
                  - customers:
                      columns:
                        email: {mask: sha256, rename: email_hash}
                        id: drop
                  - customer_attributes: {attributes: {flatten: all}}
                  - campaign_metrics:days: {archive: true}
            """);

        var run = (await tool.RunAsync("run")).Ended(ExitCode.Done);

        Assert.DoesNotContain("warning", run.Error, StringComparison.Ordinal);
        Assert.Equal(1, await Columns(tool, "table_name = 'customers' AND column_name IN ('email', 'email_hash', 'id')"));
        Assert.True(await Count(tool, "customerio.customers WHERE length(email_hash) = 64") > 0);
        Assert.True(await Columns(tool, "table_name = 'customer_attributes' AND column_name = 'first_name'") == 1);
        Assert.Equal(0, await Columns(tool, "table_name = 'campaign_metrics_days' AND column_name = 'step_index'"));
    }

    private static Task<long> Columns(Tool tool, string where) =>
        Database.CountAsync(tool.PathOf("crm.duckdb"), $"SELECT count(*) FROM duckdb_columns() WHERE {where}");

    private static Task<long> Count(Tool tool, string from) => Database.CountAsync(tool.PathOf("crm.duckdb"), $"SELECT count(*) FROM crm.{from}");

    private static Task<long> CountAll(Tool tool, string from) => Database.CountAsync(tool.PathOf("crm.duckdb"), $"SELECT count(*) FROM {from}");

    private static async Task<long> FetchedAsync(Tool tool, params string[] options)
    {
        using var json = JsonDocument.Parse((await tool.RunAsync(["run", "--json", .. options])).Ended(ExitCode.Done).Out);
        return json.RootElement.GetProperty("syncs")[0].GetProperty("report").GetProperty("tables")[0].GetProperty("fetched").GetInt64();
    }

    private static Tool NewTool() => new() { Environment = { ["KEY"] = "sim-app-key" } };

    private static Task WriteAsync(Tool tool, SimulatedAccount account, string syncs) => File.WriteAllTextAsync(tool.PathOf("sluice.yaml"), $$$"""
        version: 1
        workspaces: {main: {app_api_key: "${KEY}", base_url: "{{{account.Address}}}", rate: 10000}}
        destinations: {w: "duckdb:///crm.duckdb"}
        syncs:
        {{{syncs}}}
        """, Tool.Cancel);
}

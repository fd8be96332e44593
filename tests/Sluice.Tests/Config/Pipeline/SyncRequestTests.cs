using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

public sealed class SyncRequestTests
{
    [Fact]
    public void Tables_without_words_of_their_own_go_by_the_rules_of_the_request()
    {
        var request = Request(
            "    workspaces: main\n    limit: 5\n    deletes: hard\n    tables: [campaigns, {segments: {limit: 7}}, {messages: {mode: full_refresh}}]"
        );

        Assert.Equal(
            (5L, DeletePolicy.Hard, false),
            (request.Tables[0].Settings.Limit, request.Tables[0].Settings.Deletes, request.Tables[0].Settings.IsOwn));
        Assert.All(request.Tables.Skip(1), job => Assert.True(job.Settings.IsOwn));
        Assert.Equal(
            (7L, DeletePolicy.Hard, false),
            (request.Tables[1].Settings.Limit, request.Tables[1].Settings.Deletes, request.Tables[1].Settings.FullRefresh));
        Assert.Equal((true, Strategy.Replace), (request.Tables[2].Settings.FullRefresh, request.Tables[2].Strategy));
    }

    [Fact]
    public void A_mask_of_one_table_is_no_mask_of_others()
    {
        var request = Request("    workspaces: main\n    mask: name:redact\n    tables: [segments, {customers: {columns: {email: {mask: sha256}}}}]");

        Assert.Equal("name:redact", request.ParentMasks.ToString());
        Assert.Equal("name:redact", request.Tables[0].Settings.Masks.ToString());
        Assert.Equal("name:redact,email:sha256", request.Tables[1].Settings.Masks.ToString());
    }

    [Theory]
    [InlineData("w: \"duckdb:///crm.duckdb\"", "", false)]
    [InlineData("w: \"duckdb:///crm.duckdb\"", "models: true, ", true)]
    [InlineData("w: {uri: \"duckdb:///crm.duckdb\", models: true}", "", true)]
    [InlineData("w: {uri: \"duckdb:///crm.duckdb\", models: true}", "models: false, ", false)]
    public void Models_are_made_where_the_sync_or_else_its_destination_says_so(string destination, string key, bool expected)
    {
        var file = PipelineBench.Good(
            $"version: 1\nworkspaces: {{m: {{app_api_key: k}}}}\ndestinations: {{{destination}}}\nsyncs: {{a: {{{key}tables: campaigns}}}}\n");

        Assert.Equal(expected, Assert.Single(file.Syncs).Request.Models);
    }

    [Fact]
    public void Models_of_files_are_refused_with_what_to_do_instead()
    {
        var file = PipelineBench.Read(
            "version: 1\nworkspaces: {m: {app_api_key: k}}\ndestinations: {w: \"parquet:///lake\"}\nsyncs: {a: {models: true, tables: campaigns}}\n");

        var error = Assert.Single(file.ValidationErrors);
        Assert.Contains("Models are views, and w has none", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("sluice ddl --models", error.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void Full_refresh_of_a_sync_is_the_requests_own()
    {
        var request = Request("    workspaces: main\n    mode: full_refresh\n    tables: campaigns");

        var job = Assert.Single(request.Tables);
        Assert.Equal((Strategy.Replace, true, false), (job.Strategy, job.Settings.FullRefresh, job.Settings.IsOwn));
    }

    [Theory]
    [InlineData("workspaces: main", false, "campaigns:;id")]
    [InlineData("workspaces: main\n    combine: union", true, "campaigns:main;workspace,id")]
    [InlineData("workspaces: [main, shop]", true, "campaigns:main,shop;workspace,id")]
    [InlineData("combine: prefix", false, "main_campaigns:main;id", "shop_campaigns:shop;id")]
    public void Rows_tell_their_workspace_where_there_are_several_or_the_file_says_how_they_go_together(
        string keys, bool isCombined, params string[] jobs)
    {
        var request = Request($"    {keys}\n    tables: campaigns");

        Assert.Equal(jobs, request.Tables.Select(job => $"{job.Table}:{string.Join(',', job.Workspaces)};{string.Join(',', job.PrimaryKey)}"));
        Assert.All(request.Tables, job => Assert.Equal(isCombined, job.IsCombined));
        Assert.All(
            request.Tables, job => Assert.Equal(job.Workspaces.Count > 0, job.Resource.Columns.Any(column => column.Name == WorkspaceColumn.Name)));
    }

    [Fact]
    public void Renames_flattening_archives_and_conditions_are_the_jobs()
    {
        var request = Request("""
                workspaces: main
                tables:
                  - campaigns: {columns: {created: {rename: created_at}}}
                  - customer_attributes: {attributes: {flatten: [plan]}}
                  - campaign_metrics:days: {archive: true, where: "campaign_id in (1, 2)"}
            """);

        Assert.Contains(request.Tables[0].Resource.Columns, column => column.Name == "created_at");
        Assert.Equal(["plan"], request.Tables[1].Flattening!.Only);
        Assert.Contains("period_start", request.Tables[2].PrimaryKey);
        Assert.False(request.Tables[2].Where.IsEmpty);
    }

    [Fact]
    public void A_zone_of_a_sync_holds_for_its_tables_that_take_one()
    {
        var request = Request("""
                workspaces: main
                timezone: Europe/Berlin
                tables:
                  - campaign_metrics:days
                  - campaign_action_metrics:days: {timezone: Asia/Tokyo}
                  - newsletter_metrics:days
            """);

        Assert.Equal(["Europe/Berlin", "Asia/Tokyo", null], request.Tables.Select(job => job.Options.One("timezone")));
        Assert.All(request.Tables, job => Assert.False(job.Settings.IsOwn));
    }

    private static IngestRequest Request(string keys) => PipelineBench.Sync(keys).Request;
}

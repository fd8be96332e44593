using Sluice.Engine.Catalog;
using Sluice.Settings;
using Sluice.Settings.Pipelines;
using Sluice.Settings.Pipelines.Yaml;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

public sealed class PipelineReaderTests
{
    private const string Whole = """
        version: 1
        workspaces:
          main:
            app_api_key: ${KEY}
            region: eu
            rate: 4
          shop:
            app_api_key: ${SHOP_KEY}
        destinations:
          warehouse: duckdb:///crm.duckdb
          lake: {uri: "parquet:///lake", schema: raw}
        syncs:
          daily:
            workspaces: [main, shop]
            destination: warehouse
            schema: crm
            table_prefix: cio_
            combine: union
            mode: incremental
            cutoff_days: 30
            limit: 100
            schema_contract: json
            deletes: hard
            allow_partial: true
            keep_spool: true
            mask: [phone:redact]
            mask_salt: ${SALT}
            schedule: {cron: "0 6 * * MON-FRI", time_zone: America/Los_Angeles}
            tables:
              - campaigns
              - campaign_metrics:days
              - messages:
                  as: email_messages
                  mode: append
                  primary_key: [id]
                  incremental_key: created
                  interval_start: 2024-01-01
                  look_back: 90d
                  limit: 7
                  columns:
                    recipient: {mask: sha256}
                    created: {rename: created_at, type: timestamp}
                    subject: drop
                    newsletter_id: text
          files:
            workspaces: main
            destination: lake
            partition_by: [created:month]
            tables: messages
        """;

    private static readonly Dictionary<string, string> Environment = new(StringComparer.Ordinal)
    {
        ["KEY"] = "k-of-main",
        ["SHOP_KEY"] = "k-of-shop",
        ["SALT"] = "pepper",
    };

    [Fact]
    public void What_the_file_says_of_a_sync_is_what_is_read()
    {
        var file = PipelineBench.Good(Whole, Environment);

        var daily = file.Syncs[0];
        Assert.Equal(["daily", "files"], file.Syncs.Select(sync => sync.Name));
        Assert.Empty(file.Warnings);
        Assert.Equal(["main", "shop"], daily.Workspaces.Select(workspace => workspace.Name));
        Assert.Equal(("k-of-main", 4.0), (daily.Workspaces[0].Source!.Client.AppApiKey, daily.Workspaces[0].Source!.Client.RequestsPerSecond));
        Assert.Equal(Sluice.CustomerIo.CustomerIoRegion.Eu, daily.Workspaces[0].Source!.Client.Region);
        Assert.Equal(("warehouse", "duckdb:///crm.duckdb", Combination.Union), (daily.Destination.Name, daily.Uri, daily.Combine));
        Assert.Equal(new PipelineSchedule("0 6 * * MON-FRI", "America/Los_Angeles"), daily.Schedule);
        Assert.True(daily.Request is { AllowPartial: true, KeepSpool: true, PairId: "" });
        Assert.True(
            daily.Request.Tables[0].Settings
                is { LookBack: { Days: 30 }, Limit: 100, Contract: SchemaContract.Json, Deletes: DeletePolicy.Hard });
        Assert.Equal("phone:redact", daily.Request.ParentMasks.ToString());
        Assert.False(daily.Request.Tables[2].Settings.Masks.IsUnsalted);
        Assert.Equal(
            ["crm.cio_campaigns", "crm.cio_campaign_metrics_days", "crm.cio_email_messages"], daily.Request.Tables.Select(table => table.Place));
    }

    [Fact]
    public void What_a_table_says_goes_before_what_its_sync_says()
    {
        var tables = PipelineBench.Good(Whole, Environment).Syncs[0].Request.Tables;

        var (campaigns, messages) = (tables[0], tables[2]);
        Assert.False(campaigns.Settings.IsOwn);
        Assert.Equal(
            (Strategy.Merge, 100L, TimeSpan.FromDays(30)), (campaigns.Strategy, campaigns.Settings.Limit, campaigns.Settings.LookBack));
        Assert.True(messages.Settings.IsOwn);
        Assert.Equal((Strategy.Append, 7L, TimeSpan.FromDays(90)), (messages.Strategy, messages.Settings.Limit, messages.Settings.LookBack));
        Assert.Equal(
            (new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), "created_at"), (messages.Settings.Interval.Start, messages.IncrementalKey));
        Assert.Equal("phone:redact,recipient:sha256", messages.Settings.Masks.ToString());
        Assert.Equal(
            [("created_at", ColumnType.UnixTime), ("newsletter_id", ColumnType.Text), ("recipient", ColumnType.Text)],
            messages.TypeOverrides.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.Equal(["subject"], messages.Without);
        Assert.Contains(messages.Resource.Columns, column => column is { Name: "created_at", Source: "created" });
    }

    [Fact]
    public void A_destination_can_have_a_schema_and_files_partitions()
    {
        var files = PipelineBench.Good(Whole, Environment).Syncs[1];

        Assert.Equal("raw.messages", Assert.Single(files.Request.Tables).Place);
        Assert.Equal("parquet:///lake?partition_by=created%3Amonth", files.Uri);
    }

    [Theory]
    [InlineData("prefix", "cio_main_campaigns", "cio_my_shop_campaigns", "customerio", "customerio")]
    [InlineData("schema", "cio_campaigns", "cio_campaigns", "main", "my_shop")]
    [InlineData("schema, schema: crm", "cio_campaigns", "cio_campaigns", "crm_main", "crm_my_shop")]
    public void Several_workspaces_can_have_tables_of_their_own(string combine, string first, string second, string firstSchema, string secondSchema)
    {
        var file = PipelineBench.Good($$$"""
            version: 1
            workspaces: {main: {app_api_key: "${KEY}"}, my-shop: {app_api_key: "${SHOP_KEY}"}}
            destinations: {w: "duckdb:///crm.duckdb"}
            syncs: {a: {table_prefix: cio_, tables: campaigns, combine: {{{combine}}}}}
            """);

        var tables = Assert.Single(file.Syncs).Request.Tables;
        Assert.Equal(["main", "my-shop"], tables.Select(table => Assert.Single(table.Workspaces)));
        Assert.Equal([$"{firstSchema}.{first}", $"{secondSchema}.{second}"], tables.Select(table => table.Place));
    }

    [Theory]
    [InlineData("full_refresh", "campaigns", Strategy.Replace, true)]
    [InlineData("incremental", "campaigns", Strategy.Merge, false)]
    [InlineData("incremental", "activities", Strategy.Merge, false)]
    [InlineData("append", "messages", Strategy.Append, false)]
    [InlineData("delete+insert", "messages", Strategy.DeleteInsert, false)]
    public void A_mode_is_what_connectors_call_a_load_type_or_a_strategy(string mode, string table, Strategy strategy, bool anew)
    {
        var job = Assert.Single(PipelineBench.Tables($"    mode: {mode}\n    tables: {table}"));

        Assert.Equal((strategy, anew), (job.Strategy, job.Settings.FullRefresh));
    }

    [Fact]
    public void A_tables_mode_goes_before_a_full_refresh_of_the_sync()
    {
        var tables = PipelineBench.Tables("    mode: full_refresh\n    tables: [campaigns, {messages: {mode: append}}]");

        Assert.Equal([true, false], tables.Select(table => table.Settings.FullRefresh));
    }

    [Fact]
    public void Without_tables_the_usual_ones_are_read_and_all_leaves_out_those_with_words_of_their_own()
    {
        Assert.Equal(TableList.Standard().Count(), PipelineBench.Tables("    mode: append").Count);

        var all = PipelineBench.Tables("    tables: [all, {messages: {as: mails}}]");
        Assert.Equal(
            ResourceCatalog.Default.Resources.Count(resource => resource.Reading != ReadingKind.Export && resource.Within is null), all.Count);
        Assert.Equal("mails", Assert.Single(all, table => table.Source.Resource == "messages").Table);
    }

    [Fact]
    public void Several_syncs_can_write_one_schema_with_different_prefixes() =>
        Assert.Equal(
            2,
            PipelineBench
                .Good(PipelineBench.Head + "  a: {table_prefix: a_, tables: campaigns}\n  b: {table_prefix: b_, tables: campaigns}\n")
                .Syncs.Count);

    [Theory]
    [InlineData("{options: {result: single_table}}", "a_activities_all")]
    [InlineData("{options: {result: parsed}}", "a_activity")]
    [InlineData("{as: log, options: {result: single_table}}", "a_log")]
    [InlineData("{as: log}", "a_log")]
    public void Tables_have_the_names_that_the_command_gives_them(string own, string name) =>
        Assert.Equal(name, Assert.Single(PipelineBench.Tables($"    table_prefix: a_\n    tables: [{{activities: {own}}}]")).Table);

    [Fact]
    public void A_table_can_be_read_twice_under_two_names() =>
        Assert.Equal(
            ["messages", "recent"],
            PipelineBench.Tables("    tables: [messages, {messages: {as: recent, interval_start: 2024-01-01}}]").Select(table => table.Table));

    [Fact]
    public void Attributes_of_people_can_be_flattened_and_metrics_archived()
    {
        var tables = PipelineBench.Tables(
            "    tables: [{customer_attributes: {attributes: {flatten: [Name, name]}}}, {campaign_metrics:days: {archive: true}}]");

        Assert.Equal(["Name", "name"], tables[0].Flattening!.Only);
        Assert.True(tables[1].KeepsHistory);
        Assert.Empty(Assert.Single(PipelineBench.Tables("    tables: [{activities: {flatten: all}}]")).Flattening!.Only);
    }

    [Theory]
    [InlineData("campaigns", "campaigns.created >= 2026-01-01", null)]
    [InlineData("campaign_actions", "campaigns.created >= 2026-01-01", "campaigns.created >= ('1767225600')")]
    public void A_condition_is_read_as_the_command_reads_it(string table, string where, string? read)
    {
        var file = PipelineBench.Read($"{PipelineBench.Head}  a:\n    tables:\n      - {table}:\n          where: {where}\n");

        Assert.Equal(read ?? "", file.Syncs[0].Request.Tables[0].Where.ToString());
        Assert.Equal(read is null ? ["sluice.yaml:8:18"] : [], file.ValidationErrors.Select(mistake => mistake.ToString()[..16]));
    }

    [Fact]
    public void A_filter_of_people_is_written_as_yaml_or_as_json()
    {
        var words = TableWords.OfOptions(
            new YamlMap(default, [Entry("brief", new YamlText(default, "a", isPlain: true)), Entry("filter", Filter())]));

        Assert.Equal(
            [
                "brief=a",
                """filter={"and":[{"segment":{"id":7}},{"attribute":{"field":"plan","operator":"eq","value":"7"}}]}""",
            ],
            words.Select(word => word.Word));
    }

    private static YamlMap Filter() => (YamlMap)YamlReader.Read(
        "and: [{segment: {id: 7}}, {attribute: {field: plan, operator: eq, value: \"7\"}}]", new PipelineErrors("sluice.yaml"))!;

    private static YamlEntry Entry(string key, YamlValue value) => new(new YamlText(default, key, isPlain: true), value);

    [Fact]
    public void Marked_values_can_be_used_again_and_merged()
    {
        var file = PipelineBench.Good($$"""
            x-usual: &usual
              mode: append
              limit: 5
            {{PipelineBench.Head}}  a:
                <<: *usual
                limit: 6
                tables: campaigns
              b: {<<: [*usual], table_prefix: b_, tables: campaigns}
            """);

        Assert.Equal(
            [(Strategy.Append, 6L), (Strategy.Append, 5L)],
            file.Syncs.Select(sync => sync.Request.Tables[0]).Select(job => (job.Strategy, job.Settings.Limit ?? 0)));
    }

    [Fact]
    public void The_salt_of_masks_is_the_variable_of_commands_unless_the_file_says_another()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["KEY"] = "k1",
            ["SHOP_KEY"] = "k2",
            ["SLUICE_MASK_SALT"] = "pepper",
        };

        Assert.False(
            Assert
                .Single(PipelineBench.Good(PipelineBench.Head + "  a: {mask: email:sha256, tables: customers}\n", environment).Syncs)
                .Request.ParentMasks.IsUnsalted);
        Assert.True(PipelineBench.Sync("    mask: email:sha256\n    tables: customers").Request.ParentMasks.IsUnsalted);
    }
}

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
        Assert.True(
            daily.Settings
                is
            {
                AllowPartial: true,
                KeepSpool: true,
                CutoffDays: "30",
                Limit: "100",
                SchemaContract: "json",
                Deletes: "hard",
                MaskSalt: not null
            });
        Assert.Equal(
            ["crm.cio_campaigns", "crm.cio_campaign_metrics_days", "crm.cio_email_messages"],
            Assert.Single(daily.Sets).Tables.Select(table => table.Place));
    }

    [Fact]
    public void What_a_table_says_goes_before_what_its_sync_says()
    {
        var tables = PipelineBench.Good(Whole, Environment).Syncs[0].Sets[0].Tables;

        var (campaigns, messages) = (tables[0], tables[2]);
        Assert.False(campaigns.HasOwnRules);
        Assert.Equal(
            ("merge", "100", "30", null),
            (campaigns.Settings.Strategy, campaigns.Settings.Limit, campaigns.Settings.CutoffDays, campaigns.Settings.LookBack));
        Assert.True(messages.HasOwnRules);
        Assert.Equal(
            ("append", "7", null, "90d"),
            (messages.Settings.Strategy, messages.Settings.Limit, messages.Settings.CutoffDays, messages.Settings.LookBack));
        Assert.Equal(("2024-01-01", "created"), (messages.Settings.IntervalStart, messages.Settings.IncrementalKey));
        Assert.Equal(["phone:redact", "recipient:sha256"], messages.Settings.Masks);
        Assert.Equal(["created:timestamp", "newsletter_id:text"], messages.Settings.Columns);
        Assert.Equal(["subject"], messages.Settings.ExcludeColumns);
        Assert.Equal(["created=created_at"], messages.Settings.Renames);
    }

    [Fact]
    public void A_destination_can_have_a_schema_and_files_partitions()
    {
        var files = PipelineBench.Good(Whole, Environment).Syncs[1];

        Assert.Equal("raw.messages", Assert.Single(files.Sets[0].Tables).Place);
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

        var sets = Assert.Single(file.Syncs).Sets;
        Assert.Equal(["main", "my-shop"], sets.Select(set => Assert.Single(set.Workspaces).Name));
        Assert.Equal([$"{firstSchema}.{first}", $"{secondSchema}.{second}"], sets.Select(set => Assert.Single(set.Tables).Place));
    }

    [Theory]
    [InlineData("full_refresh", "campaigns", null, true)]
    [InlineData("incremental", "campaigns", "merge", false)]
    [InlineData("incremental", "activities", "merge", false)]
    [InlineData("append", "messages", "append", false)]
    [InlineData("delete+insert", "messages", "delete+insert", false)]
    public void A_mode_is_what_connectors_call_a_load_type_or_a_strategy(string mode, string table, string? strategy, bool anew)
    {
        var settings = Assert.Single(PipelineBench.Tables($"    mode: {mode}\n    tables: {table}")).Settings;

        Assert.Equal((strategy, anew), (settings.Strategy, settings.FullRefresh));
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
        Assert.Equal(TableList.Standard(Engine.Catalog.ResourceCatalog.Default).Count(), PipelineBench.Tables("    mode: append").Count);

        var all = PipelineBench.Tables("    tables: [all, {messages: {as: mails}}]");
        Assert.Equal(
            Engine.Catalog.ResourceCatalog.Default.Resources.Count(resource => resource.Reading != Engine.Catalog.ReadingKind.Export), all.Count);
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

        Assert.Equal(["Name", "name"], tables[0].Settings.Flatten);
        Assert.True(tables[1].Settings.Archive);
        Assert.Equal(["all"], Assert.Single(PipelineBench.Tables("    tables: [{activities: {flatten: all}}]")).Settings.Flatten);
    }

    [Theory]
    [InlineData("campaigns", "campaigns.created >= 2026-01-01", null)]
    [InlineData("campaign_actions", "campaigns.created >= 2026-01-01", "campaigns.created >= 2026-01-01")]
    public void A_condition_is_read_as_the_command_reads_it(string table, string where, string? read)
    {
        var file = PipelineBench.Read($"{PipelineBench.Head}  a:\n    tables:\n      - {table}:\n          where: {where}\n");

        Assert.Equal(read, file.Syncs[0].Sets[0].Tables[0].Settings.Where is { } good && file.ValidationErrors.Count == 0 ? good : null);
        Assert.Equal(read is null ? ["sluice.yaml:8:18"] : [], file.ValidationErrors.Select(mistake => mistake.ToString()[..16]));
    }

    [Fact]
    public void A_filter_of_people_is_written_as_yaml_or_as_json()
    {
        var options = OptionNodes.Read(
            new Section(new YamlMap(default, [Entry("brief", new YamlText(default, "a", isPlain: true)), Entry("filter", Filter())])));

        Assert.Equal(["a"], options["brief"]);
        Assert.Equal(
            """{"and":[{"segment":{"id":7}},{"attribute":{"field":"plan","operator":"eq","value":"7"}}]}""",
            Assert.Single(options["filter"]));
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
            [("append", "6"), ("append", "5")],
            file.Syncs.Select(sync => sync.Sets[0].Tables[0].Settings).Select(settings => (settings.Strategy, settings.Limit)));
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

        Assert.NotNull(
            Assert
                .Single(PipelineBench.Good(PipelineBench.Head + "  a: {mask: email:sha256, tables: customers}\n", environment).Syncs)
                .Settings.MaskSalt);
        Assert.Null(PipelineBench.Sync("    mask: email:sha256\n    tables: customers").Settings.MaskSalt);
    }
}

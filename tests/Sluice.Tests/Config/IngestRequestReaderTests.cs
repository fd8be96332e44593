using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config;

public sealed class IngestRequestReaderTests
{
    [Fact]
    public void A_table_has_the_catalogs_key_strategy_and_cursor_unless_told_otherwise()
    {
        var job = Job(new SettingWords().Say("--source-table", "campaigns"));

        Assert.Equal(("customerio", "campaigns", Strategy.Merge, "updated"), (job.Schema, job.Table, job.Strategy, job.IncrementalKey));
        Assert.Equal(["id"], job.PrimaryKey);
    }

    [Fact]
    public void All_is_every_resource_once_with_metrics_by_days_and_each_delivery_once()
    {
        var request = Read(new SettingWords().Say("--source-table", "all"));

        string[] copies = ["broadcast_messages", "campaign_messages", "customer_messages", "newsletter_messages"];
        var readable = ResourceCatalog.Default.Resources.Where(resource => resource.Reading != ReadingKind.Export).Select(resource => resource.Name);
        Assert.Equal(readable.Except(copies), request.Tables.Select(job => job.Source.Resource));
        Assert.Contains("transactional_deliveries", request.Tables.Select(job => job.Source.Resource));
        Assert.Equal(
            [$"all reads each delivery once: messages has the rows of {string.Join(", ", copies)}, which are read only by their names."],
            request.Notes);
        Assert.Equal(request.Tables.Count, request.Tables.Select(job => job.Table).Distinct(StringComparer.Ordinal).Count());
        Assert.Contains(request.Tables, job => job.Table == "campaign_metrics_days" && job.Source.ToString() == "campaign_metrics:days");
    }

    [Fact]
    public void Tables_that_hold_the_same_rows_are_told()
    {
        Assert.Equal(
            ["campaign_messages holds rows that messages holds, too: Customer.io is asked for them twice."],
            Read(new SettingWords().Say("--source-table", "messages,campaign_messages")).Notes);
        Assert.Equal(
            ["customer_messages holds rows that messages holds, too; both come from the same pages."],
            Read(new SettingWords().Say("--source-table", "messages,customer_messages")).Notes);
        Assert.Empty(Read(new SettingWords().Say("--source-table", "campaign_messages,campaigns")).Notes);
        Assert.Empty(Read(new SettingWords()).Notes);
    }

    [Theory]
    [InlineData("campaigns", "append", "its rows are added, and are no states that follow each other")]
    [InlineData("messages", "delete+insert", "its rows are added, and are no states that follow each other")]
    public void A_history_needs_rows_that_are_merged_or_replaced(string table, string strategy, string problem)
    {
        var mistakes = new ValidationErrors();
        IngestRequestReader.Read(
            new SettingWords().Say("--source-table", table).Say("--history", "true").Say("--incremental-strategy", strategy), "x", mistakes);
        var error = Assert.Throws<SluiceException>(mistakes.ThrowIfAny);
        Assert.Contains($"{table} can't have a history: {problem}", error.Message, StringComparison.Ordinal);
        Assert.True(Job(new SettingWords().Say("--source-table", table).Say("--history", "true")).KeepsVersions);
    }

    [Fact]
    public void Readings_are_observed_unless_that_is_turned_off()
    {
        Assert.True(Job(new SettingWords().Say("--source-table", "campaigns")).Observes);
        Assert.False(Job(new SettingWords().Say("--source-table", "campaigns").Say("--no-observations", "true")).Observes);
    }

    [Fact]
    public void A_list_keeps_its_order_and_a_table_named_twice_counts_once()
    {
        var request = Read(new SettingWords().Say("--source-table", "messages, campaign_metrics:hours,campaigns,messages"));

        Assert.Equal(["messages", "campaign_metrics_hours", "campaigns"], request.Tables.Select(job => job.Table));
    }

    [Theory]
    [InlineData("campaings", "", "Did you mean campaigns")]
    [InlineData("campaign_metrics", "", "hours, days, weeks or months")]
    [InlineData("campaign_metrics:years", "", "'years'")]
    [InlineData("campaigns:days", "", "takes no period")]
    [InlineData("campaigns,messages", "dest=x.y", "one table, but 2 are read")]
    [InlineData("campaigns", "dest=a.b.c", "more than a schema and a table")]
    [InlineData("campaigns", "dest=a.", "no usable name")]
    [InlineData("campaigns", "dest=_sluice_state", "_sluice_")]
    [InlineData("campaigns", "dest=a.b;schema=c", "schema a")]
    [InlineData("campaigns", "strategy=merg", "--incremental-strategy can't be 'merg'")]
    [InlineData("segments", "limit=0", "--limit")]
    [InlineData("segments", "limit=many", "--limit")]
    [InlineData("customers", "strategy=delete+insert", "--incremental-key")]
    [InlineData("campaigns", "columns=name:datetime", "datetime")]
    [InlineData("campaigns", "without=id", "identifies its rows")]
    [InlineData("campaigns", "columns=name;without=name", "in --columns and in --exclude-columns")]
    public void A_mistake_is_named(string? tables, string rest, string named)
    {
        var error = Assert.Throws<SluiceException>(() => Read(Settings(tables, rest)));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(named, $"{error.Message} {error.Hint}", StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var error = Assert.Throws<SluiceException>(() => Read(Settings("nothing_like_it,campaign_metrics", "limit=-1;strategy=upsert")));

        Assert.StartsWith("4 settings are wrong:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("campaigns", "customerio", "campaigns")]
    [InlineData("crm.people", "crm", "people")]
    [InlineData("my table", "customerio", "my table")]
    public void The_destination_table_may_have_a_schema(string text, string schema, string table)
    {
        var job = Job(new SettingWords().Say("--source-table", "campaigns").Say("--dest-table", text));

        Assert.Equal((schema, table), (job.Schema, job.Table));
    }

    [Fact]
    public void A_schema_by_itself_holds_for_all_tables()
    {
        var request = Read(new SettingWords().Say("--source-table", "campaigns,segments").Say("--dest-schema", "raw"));

        Assert.All(request.Tables, job => Assert.Equal("raw", job.Schema));
    }

    [Fact]
    public void A_full_refresh_replaces_whatever_the_strategy_is() =>
        Assert.Equal(Strategy.Replace, Job(new SettingWords()
            .Say("--source-table", "campaigns")
            .Say("--incremental-strategy", "append")
            .Say("--full-refresh", "true")).Strategy);

    [Theory]
    [InlineData("replace", Strategy.Replace)]
    [InlineData("merge", Strategy.Merge)]
    [InlineData("append", Strategy.Append)]
    [InlineData("delete+insert", Strategy.DeleteInsert)]
    public void Every_strategy_has_its_word(string word, Strategy strategy) =>
        Assert.Equal(strategy, Job(new SettingWords().Say("--source-table", "campaigns").Say("--incremental-strategy", word)).Strategy);

    [Fact]
    public void Delete_insert_of_a_table_read_by_windows_deletes_by_the_windows_column() =>
        Assert.Equal("created", Job(new SettingWords()
            .Say("--source-table", "messages")
            .Say("--incremental-strategy", "delete+insert")).IncrementalKey);

    [Fact]
    public void Keys_can_be_repeated_or_joined_by_commas() =>
        Assert.Equal(
            ["a", "b", "c"],
            Job(
                new SettingWords().Say("--source-table", "campaigns").Say("--primary-key", ["a,b", "c"]).Say("--incremental-key", "created")
            ).PrimaryKey);

    [Fact]
    public void Columns_with_types_only_change_types()
    {
        var job = Job(new SettingWords()
            .Say("--source-table", "campaigns")
            .Say("--columns", ["name:json,state:string", "created:timestamp"]));

        Assert.Empty(job.Only);
        Assert.Equal((ColumnType.Json, ColumnType.Text), (job.TypeOverrides["name"], job.TypeOverrides["state"]));
        // The API sends unix seconds: the table's type is a timestamp already, and reading it as text would lose it.
        Assert.Equal(ColumnType.UnixTime, job.TypeOverrides["created"]);
    }

    [Fact]
    public void A_column_without_a_type_makes_the_list_a_choice_that_keeps_the_keys()
    {
        var job = Job(new SettingWords()
            .Say("--source-table", "campaigns")
            .Say("--columns", ["name", "state:text"])
            .Say("--exclude-columns", ["type"]));

        Assert.Equal(["id", "name", "state", "updated"], job.Only.Order(StringComparer.Ordinal));
        Assert.Equal(["type"], job.Without);
    }

    private static SettingWords Settings(string? tables, string rest)
    {
        var words = new SettingWords().Say("--source-table", tables ?? "");
        foreach (var pair in rest.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            words.Say(OptionOf(pair.Split('=')[0]), pair[(pair.IndexOf('=') + 1)..]);
        }

        return words;
    }

    private static string OptionOf(string word) => word switch
    {
        "dest" => "--dest-table",
        "schema" => "--dest-schema",
        "strategy" => "--incremental-strategy",
        "without" => "--exclude-columns",
        _ => $"--{word}",
    };

    private static TableJob Job(SettingWords settings) => Assert.Single(Read(settings).Tables);

    private static IngestRequest Read(SettingWords settings)
    {
        var mistakes = new ValidationErrors();
        var request = IngestRequestReader.Read(settings, "pair", mistakes);
        mistakes.ThrowIfAny();
        return request;
    }
}

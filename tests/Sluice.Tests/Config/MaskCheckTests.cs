using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;
using Sluice.Settings;
using Xunit;

namespace Sluice.Tests.Config;

public sealed class MaskCheckTests
{
    [Theory]
    [InlineData("email", "--mask does not say how email is masked")]
    [InlineData("email:md5", "email can't be masked by 'md5'")]
    [InlineData("email:", "--mask does not say how email is masked")]
    [InlineData(":redact", "names no column in ':redact'")]
    [InlineData("attributes..phone:redact", "names no column")]
    [InlineData("email:sha256,Email:redact", "has two methods: email:sha256 and Email:redact")]
    public void A_mask_that_means_nothing_is_told(string mask, string words) =>
        Assert.Contains(words, Mistake("customers", mask), StringComparison.Ordinal);

    [Fact]
    public void Masks_come_one_by_one_or_with_commas_and_the_same_twice_is_no_mistake()
    {
        var request = Read(
            new SettingWords()
                .Say("--source-table", "customers")
                .Say("--mask", ["email:sha256, phone : REDACT", "EMAIL:sha256", "attributes.ssn:partial"]));

        Assert.Equal("email:sha256,phone:redact,attributes.ssn:partial", request.ParentMasks.ToString());
    }

    [Fact]
    public void Without_masks_nothing_is_masked() => Assert.Same(MaskSet.None, Read(new SettingWords()
        .Say("--source-table", "customers")).ParentMasks);

    [Theory]
    [InlineData("messages", "id", "it identifies the rows of messages")]
    [InlineData("messages", "ID", "it identifies the rows of messages")]
    [InlineData("customers", "cio_id", "it identifies the rows of customers")]
    [InlineData("customer_attributes", "customer_id", "it identifies the rows of customer_attributes")]
    [InlineData("customer_attributes", "identifiers", "it identifies the rows of customer_attributes")]
    [InlineData("customer_attributes", "identifiers.cio_id", "it identifies the rows of customer_attributes")]
    [InlineData("customer_attributes", "cio_id", "it leads from customers to customer_attributes")]
    [InlineData("customer_relationships", "cio_id", "it is taken from the rows of customers in customer_relationships")]
    [InlineData("campaign_actions", "campaign_id", "it is taken from the rows of campaigns in campaign_actions")]
    [InlineData("campaign_action_metrics:days", "id", "it leads from campaign_actions to campaign_action_metrics, campaigns to campaign_actions")]
    [InlineData("campaign_metrics:days", "period", "it identifies the rows of campaign_metrics:days")]
    [InlineData("campaign_messages", "created", "it leads from campaigns to campaign_messages")]
    [InlineData("campaigns", "updated", "it tells which time rows belong to in campaigns")]
    [InlineData("messages", "created", "it tells which time rows belong to in messages")]
    [InlineData("campaigns,messages,segments", "id", "it identifies the rows of campaigns, messages, segments")]
    public void What_a_run_needs_to_know_cannot_be_masked(string tables, string column, string words)
    {
        var mistake = Mistake(tables, $"{column}:sha256");

        Assert.All(words.Split(", campaigns to "), part => Assert.Contains(part, mistake, StringComparison.Ordinal));
        Assert.Contains("Leave these tables out", mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_the_user_chose_cannot_be_masked() =>
        Assert.Contains(
            "it identifies the rows of customers",
            Mistake(
                new SettingWords().Say("--source-table", "customers").Say("--primary-key", ["email"]).Say("--mask", ["email:sha256"])),
            StringComparison.Ordinal);

    [Fact]
    public void Addresses_that_identify_suppressions_can_be_hashed_and_nothing_else()
    {
        var jobs = Read(new SettingWords().Say("--source-table", "all").Say("--mask", ["email:sha256"])).Tables;
        Assert.Equal(ColumnType.Text, jobs.Single(job => job.Table == "esp_suppressions").TypeOverrides["email"]);
        Assert.Contains("it identifies the rows of esp_suppressions", Mistake("esp_suppressions", "email:redact"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("customers", "id")]
    [InlineData("customer_attributes", "id")]
    [InlineData("messages", "customer_identifiers.id")]
    [InlineData("messages", "campaign_id")]
    [InlineData("default", "email")]
    [InlineData("all", "no_such_attribute")]
    [InlineData("activities", "timestamp")]
    public void What_identifies_nothing_can_be_masked(string tables, string column) =>
        Assert.Single(Read(new SettingWords().Say("--source-table", tables).Say("--mask", [$"{column}:redact"])).ParentMasks.Masks);

    [Fact]
    public void A_masked_column_is_text_whatever_the_catalog_says()
    {
        var words = new SettingWords()
            .Say("--source-table", "messages")
            .Say("--mask", "Campaign_ID:sha256", "metrics:redact", "customer_identifiers.email:partial", "message_template_id:redact");
        var types = Read(words).Tables[0].TypeOverrides;

        Assert.Equal(["campaign_id", "metrics", "msg_template_id"], types.Keys.Order(StringComparer.Ordinal));
        Assert.All(types.Values, type => Assert.Equal(ColumnType.Text, type));
    }

    [Fact]
    public void A_masked_column_that_is_asked_for_with_another_type_is_told()
    {
        var settings = new SettingWords()
            .Say("--source-table", "messages")
            .Say("--columns", ["campaign_id:bigint", "plan:bigint"])
            .Say("--mask", ["campaign_id:sha256", "plan:redact"]);

        Assert.Contains("the column campaign_id is masked and so is text, but --columns wants bigint", Mistake(settings), StringComparison.Ordinal);
        Assert.Contains("the column plan is masked", Mistake(settings), StringComparison.Ordinal);
        Assert.Equal(
            ColumnType.Text, Read(new SettingWords()
                .Say("--source-table", "messages")
                .Say("--columns", "campaign_id:text")
                .Say("--mask", "campaign_id:sha256")).Tables[0].TypeOverrides["campaign_id"]);
    }

    // Masks are looked up by the resource that is read, types by the table: both must mean the same paths.
    [Fact]
    public void Tables_that_share_pages_have_the_same_columns() => Assert.All(
        ResourceCatalog.Default.Resources.Where(resource => resource.SharedWith is not null),
        resource => Assert.Equal(Paths(ResourceCatalog.Default.Find(resource.SharedWith!)!, except: FilterOf(resource)), Paths(resource)));

    [Fact]
    public void What_is_written_in_front_of_records_can_not_be_masked() =>
        Assert.Contains(
            "it tells whose numbers they are in campaign_action_language_metrics:days",
            Mistake("campaign_action_language_metrics:days", "language:redact"),
            StringComparison.Ordinal);

    // Rows by language have the action's id under another name, by which they are told from the action's own.
    private static string? FilterOf(Resource resource) => resource.HasLanguageVariants ? "action_id" : null;

    private static IEnumerable<string> Paths(Resource resource, string? except = null) =>
        resource.Columns
            .Where(column => column.Name != except && !column.Source.StartsWith(Column.InjectedPrefix, StringComparison.Ordinal))
            .Select(column => $"{column.Name}={column.Source}");

    private static string Mistake(string tables, string mask) => Mistake(new SettingWords()
        .Say("--source-table", tables)
        .Say("--mask", [mask]));

    private static string Mistake(SettingWords settings)
    {
        var error = Assert.Throws<SluiceException>(() => Read(settings));
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        return $"{error.Message} {error.Hint}";
    }

    private static IngestRequest Read(SettingWords settings)
    {
        var mistakes = new ValidationErrors();
        var request = IngestRequestReader.Read(settings, "pair", mistakes);
        mistakes.ThrowIfAny();
        return request;
    }
}

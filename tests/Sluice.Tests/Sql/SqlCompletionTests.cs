using Sluice.Sql;
using Sluice.Sql.Text;
using Xunit;

namespace Sluice.Tests.Sql;

public sealed class SqlCompletionTests
{
    private static readonly SqlCompletion Completion = new(
    [
        .. SqlCompletion.LiveTables,
        new CompletionTable("crm.customerio.campaigns", ["id", "loaded", "order"]),
    ]);

    [Theory]
    [InlineData("sel|", "select")]
    [InlineData("SEL|", "SELECT")]
    [InlineData("SELECT * FROM segment_mem|", "segment_memberships")]
    [InlineData("SELECT * FROM campaigns c JOIN campaign_acti|", "campaign_action_language_metrics_days", "campaign_actions")]
    [InlineData("SELECT * FROM campaigns, segment_mem|", "segment_memberships")]
    [InlineData("SELECT c.nam| FROM campaigns c", "name")]
    [InlineData("SELECT c.nam| FROM campaigns AS c", "name")]
    [InlineData("SELECT campaigns.nam| FROM campaigns", "name")]
    [InlineData("SELECT c.campaign_i| FROM campaigns JOIN CampaignActions c ON true", "campaign_id")]
    [InlineData("SELECT 1 FROM campaigns c; SELECT c.emai| FROM customers c", "email")]
    [InlineData("SELECT nam| FROM campaigns", "name")]
    [InlineData("SELECT * FROM campaigns c JOIN campaign_actions a ON a.campaign_id = c.id WHERE campaign_i|", "campaign_id")]
    [InlineData("SELECT * FROM campaigns\nWHER|", "WHERE")]
    [InlineData("select * from campaigns wher|", "where")]
    [InlineData("SELECT coalesc|", "coalesce")]
    [InlineData("WITH late AS (SELECT 1) SELECT * FROM lat|", "late")]
    [InlineData("SELECT * FROM crm.|", "customerio")]
    [InlineData("SELECT * FROM crm.customerio.cam|", "campaigns")]
    [InlineData("SELECT x.| FROM crm.customerio.campaigns x", "\"order\"", "id", "loaded")]
    [InlineData("SELECT x.or| FROM crm.customerio.campaigns x", "\"order\"")]
    [InlineData("DESCRIBE sluice_c|", "sluice_columns")]
    [InlineData("SELECT pushed_d| FROM sluice_columns", "pushed_down")]
    public void Words_are_proposed_for_a_place(string text, params string[] expected)
    {
        var words = At(text).Words;

        Assert.Subset(words.ToHashSet(StringComparer.Ordinal), expected.ToHashSet(StringComparer.Ordinal));
        Assert.True(expected.Length > 1 || words.Count == 1, string.Join(", ", words));
    }

    [Theory]
    [InlineData("SELECT 'nam|' FROM campaigns")]
    [InlineData("SELECT 'nam|")]
    [InlineData("SELECT \"nam|")]
    [InlineData("SELECT 1 -- nam|")]
    [InlineData("SELECT 1 /* nam|")]
    [InlineData("SELECT z.nam| FROM campaigns c")]
    [InlineData("|")]
    public void Nothing_is_proposed_within_texts_and_comments_and_for_names_that_are_not_there(string text) => Assert.Empty(At(text).Words);

    [Fact]
    public void Without_a_letter_the_columns_of_the_statement_are_proposed() =>
        Assert.Equal(["\"order\"", "c", "id", "loaded"], At("SELECT | FROM crm.customerio.campaigns c").Words);

    [Fact]
    public void The_word_before_the_cursor_is_replaced() => Assert.Equal(7, At("SELECT nam| FROM campaigns").Start);

    [Theory]
    [InlineData("SELECT 1", 0, true)]
    [InlineData("SELECT 1;", 1, false)]
    [InlineData("SELECT ';", 0, true)]
    [InlineData("SELECT 1; SELECT 2", 1, true)]
    [InlineData("SELECT 1; -- two;\n", 1, false)]
    [InlineData("/* one;", 0, true)]
    [InlineData("SELECT $$ ; ", 0, true)]
    [InlineData("-- nothing", 0, false)]
    [InlineData(";;", 0, false)]
    public void A_script_is_cut_where_statements_end(string text, int statements, bool hasRest)
    {
        var script = SqlScript.Cut(text);

        Assert.Equal((statements, hasRest), (script.Statements.Count, script.HasRest));
    }

    private static Completions At(string text)
    {
        var cursor = text.IndexOf('|', StringComparison.Ordinal);
        return Completion.At(text.Remove(cursor, 1), cursor);
    }
}

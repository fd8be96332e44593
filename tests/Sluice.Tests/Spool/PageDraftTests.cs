using System.Text;
using Sluice.CustomerIo;
using Sluice.Engine.Extract;
using Xunit;

namespace Sluice.Tests.Spool;

public sealed class PageDraftTests
{
    private static readonly byte[] Stamp = InjectedColumns.Build([KeyValuePair.Create("campaign_id", "7"), KeyValuePair.Create("name", "\"x\"")]);

    [Fact]
    public void A_pretty_printed_record_becomes_one_line()
    {
        var draft = Pages.Draft("all", null, "{\r\n  \"a\": 1,\n  \"b\": \"x\\ny\"\r\n}", "{\"a\":2}");
        Assert.Equal("{    \"a\": 1,   \"b\": \"x\\ny\"  }\n{\"a\":2}\n", Text(draft));
        Assert.Equal(2, draft.Rows);
    }

    [Fact]
    public void A_stamp_is_put_in_front() =>
        Assert.Equal("{\"_sluice_p_campaign_id\":7, \"_sluice_p_name\":\"x\",\"a\":1}\n", Stamped("{\"a\":1}"));

    [Theory]
    [InlineData("{}")]
    [InlineData("{ \n }")]
    public void A_stamp_on_an_empty_record_leaves_valid_json(string record) =>
        Assert.Equal("{\"_sluice_p_campaign_id\":7, \"_sluice_p_name\":\"x\"}\n", Stamped(record));

    [Fact]
    public void No_columns_make_no_stamp() => Assert.Empty(InjectedColumns.Build([]));

    [Fact]
    public void The_largest_record_counts_its_stamp_and_line_end()
    {
        var draft = new PageDraft("all");
        draft.Add("{\"a\":1}"u8, Stamp);
        draft.Add("{}"u8);
        Assert.Equal(Stamp.Length + "\"a\":1}\n".Length, draft.LargestRecord);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("A", false)]
    public void A_page_without_a_next_cursor_is_the_last(string? next, bool last)
    {
        var draft = RecordTransform.None.Draft("all", Pages.Of(["{}"], next), []);
        Assert.Equal(last, draft.Last);
        Assert.Equal(last ? null : next, draft.Next);
    }

    [Fact]
    public void The_kinds_of_all_records_are_told()
    {
        var draft = Pages.Draft("all", null, "{\"a\":1}", "{\"a\":null,\"b\":{}}", "{\"b\":\"x\"}");
        Assert.Equal(JsonKinds.Integer | JsonKinds.Null, draft.Fields["a"]);
        Assert.Equal(JsonKinds.Object | JsonKinds.Text, draft.Fields["b"]);
        Assert.False(draft.Fields.HasRepeatedNames);
    }

    [Fact]
    public void A_repeated_key_is_told() => Assert.True(Pages.Draft("all", null, "{\"a\":1,\"a\":2}").Fields.HasRepeatedNames);

    private static string Stamped(string record)
    {
        var draft = new PageDraft("all");
        draft.Add(Encoding.UTF8.GetBytes(record), Stamp);
        return Text(draft);
    }

    private static string Text(PageDraft draft) => Pages.Text(draft.Lines);
}

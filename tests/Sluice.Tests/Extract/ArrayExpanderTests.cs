using System.Text;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class ArrayExpanderTests
{
    private static readonly Resource Plain = new()
    {
        Name = "things",
        Doc = "",
        DocsUrl = "",
        Path = "/v1/things",
        RootKeys = ["things"],
        PrimaryKey = ["id"],
    };

    [Fact]
    public void Records_that_are_rows_are_left_alone() => Assert.Null(ArrayExpander.For(Plain));

    [Theory]
    [InlineData("""{"who":"a","outs":[{"c":1},{"c":2}]}""", """{"c":1,"who":"a"}|{"c":2,"who":"a"}""")]
    [InlineData("""{"id":9,"outs":[{"id":1.50}],"x":{"y":[1,{}]}}""", """{"id":1.50,"x":{"y":[1,{}]}}""")]
    [InlineData("""{"who":"a","outs":["x",null]}""", """{"outs":"x","who":"a"}|{"outs":null,"who":"a"}""")]
    [InlineData(
        """{"outs":[{"big":123456789012345678901,"\u0041":"\u00e9\n"}],"wh\"o":2}""",
        """{"big":123456789012345678901,"\u0041":"\u00e9\n","wh\"o":2}"""
    )]
    [InlineData("""{"who":"a","outs":[]}""", "")]
    [InlineData("""{"who":"a","outs":null}""", "")]
    public void The_entries_of_an_inner_list_become_rows_with_the_outer_fields(string record, string rows) =>
        Assert.Equal(rows, Rows(Plain with { Explode = "outs" }, record));

    [Theory]
    [InlineData("""{"who":"a"}""", "no list outs; the keys found are: who.")]
    [InlineData("""{"outs":{"c":1}}""", "no list outs; the keys found are: outs.")]
    public void A_missing_inner_list_is_an_error_and_never_no_rows(string record, string told)
    {
        var error = Assert.Throws<SluiceException>(() => Rows(Plain with { Explode = "outs" }, record));
        Assert.Equal(SluiceErrorKind.Api, error.Kind);
        Assert.EndsWith(told, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        """{"campaigns":[1,2],"drafts":[],"sent":[3]}""",
        """{"kind":"campaigns","of":1}|{"kind":"campaigns","of":2}|{"kind":"sent","of":3}"""
    )]
    [InlineData("""{"campaigns":null}""", "")]
    [InlineData("""{"campaigns":[]}""", "")]
    public void Lists_by_name_become_a_row_an_entry(string record, string rows) =>
        Assert.Equal(rows, Rows(Plain with { Unpivot = new UnpivotRule("kind", "of") }, record));

    [Fact]
    public void A_record_without_any_list_by_name_is_an_error() =>
        Assert.Throws<SluiceException>(() => Rows(Plain with { Unpivot = new UnpivotRule("kind", "of") }, """{"campaigns":7}"""));

    [Fact]
    public void Positions_go_on_from_page_to_page()
    {
        var indexed = Plain with { RowIndex = "row_index" };
        Assert.Equal("""{"row_index":0,"a":1}|{"row_index":1}""", Rows(indexed, """{"a":1}""", "{}"));
        Assert.Equal("""{"row_index":7,"a":1}""", Rows(indexed, 7, """{"a":1}"""));
    }

    [Fact]
    public void The_kinds_are_those_of_the_rows()
    {
        var page = ArrayExpander.For(Plain with { Explode = "outs" })!.Apply(PageOf("""{"who":"a","outs":[{"c":1},{"c":"x"}]}"""), 0);
        Assert.Equal(JsonKinds.Integer | JsonKinds.Text, page.Fields["c"]);
        Assert.Equal(JsonKinds.Text, page.Fields["who"]);
        Assert.False(page.Fields.ContainsKey("outs"));
    }

    private static string Rows(Resource resource, params string[] records) => Rows(resource, 0, records);

    private static string Rows(Resource resource, long before, params string[] records)
    {
        var page = ArrayExpander.For(resource)!.Apply(PageOf(records), before);
        return string.Join('|', Enumerable.Range(0, page.Records.Count).Select(i => Encoding.UTF8.GetString(page.Record(i).Span)));
    }

    private static Page PageOf(params string[] records)
    {
        var cut = PageParser.Parse(Encoding.UTF8.GetBytes($"[{string.Join(',', records)}]"), new PageShape());
        return new Page { Body = cut.Body, Records = cut.Records, Fields = cut.Fields };
    }
}

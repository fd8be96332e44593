using System.Text;
using Sluice.Engine.Extract;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class ParentRowTests
{
    [Theory]
    [InlineData("""{"id":"a\u0022b"}""", "id", "a\"b", "\"a\\u0022b\"")]
    [InlineData("""{"id":7}""", "id", "7", "7")]
    [InlineData("""{"id":12345678901234567890}""", "id", "12345678901234567890", "12345678901234567890")]
    [InlineData("""{"ids":{"cio_id":"x"},"cio":{"id":"y"}}""", "cio_id", "x", "\"x\"")]
    [InlineData("""{"ids":{"cio_id":null},"cio":{"id":"y"}}""", "cio_id", "y", "\"y\"")]
    [InlineData("""{"ids":7,"cio":{"id":"y"}}""", "cio_id", "y", "\"y\"")]
    [InlineData("""{"_sluice_p_id":9,"id":7}""", "id", "9", "9")]
    [InlineData("""{"other":true}""", "other", "true", "true")]
    [InlineData("""{"_sluice_p_id":null,"id":7}""", "id", null, "null")]
    [InlineData("""{"id":null}""", "id", null, "null")]
    [InlineData("""{"id":""}""", "id", null, "\"\"")]
    [InlineData("{}", "id", null, "null")]
    public void A_column_is_told_as_text_and_as_json(string line, string column, string? text, string raw)
    {
        var row = ParentRow.Parse(Encoding.UTF8.GetBytes(line), Resources.Parent, [column]);
        Assert.Equal((text, raw), (row.Text(column), row.Raw(column)));
    }

    [Fact]
    public void A_column_that_was_not_read_is_missing()
    {
        var row = ParentRow.Parse("{\"id\":1}"u8.ToArray(), Resources.Parent, ["cio_id"]);
        Assert.Equal((null, "null"), (row.Text("id"), row.Raw("id")));
        Assert.Equal((null, "null"), (ParentRow.None.Text("id"), ParentRow.None.Raw("id")));
    }
}

using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Masking;
using Sluice.Tests.Spool;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class RecordTransformTests
{
    private static readonly Resource Redacted = Resources.Parent with { Redactions = [new Redaction("url", RedactionRule.UrlSecrets)] };

    [Theory]
    [InlineData("https://example.com/a/b", "https://example.com/a/b")]
    [InlineData("https://example.com:8443/a?", "https://example.com:8443/a?")]
    [InlineData("https://user:pass@example.com/a", "https://***@example.com/a")]
    [InlineData("HTTPS://user@example.com", "HTTPS://***@example.com")]
    [InlineData("https://u:p@ss@example.com/", "https://***@example.com/")]
    [InlineData("https://example.com/a@b", "https://example.com/a@b")]
    [InlineData("https://example.com/?token=abc&x=1#top", "https://example.com/?token=***&x=***#top")]
    [InlineData("https://example.com/?token=a=b==&flag&y=", "https://example.com/?token=***&flag&y=***")]
    [InlineData("https://u:p@example.com/?k=secret", "https://***@example.com/?k=***")]
    [InlineData("", "")]
    [InlineData("not a url", "not a url")]
    public void A_url_keeps_where_it_leads_and_loses_what_opens_it(string url, string redacted) =>
        Assert.Equal(redacted, RecordRewriter.RedactUrl(url));

    [Fact]
    public void Only_the_named_fields_are_rewritten()
    {
        const string Record = """{"id":1.50,"url":"https://u:p@h/?a=b","other":"https://u:p@h/","o":{"url":"https://u:p@h/"}}""";
        var draft = RecordTransform
            .For(new Extraction(ExtractionKey.Of(Redacted, null), Redacted))
            .Draft("all", Pages.Of([Record, """{"url":null}""", """{"url":7}"""], "A"), []);
        Assert.Equal(
            """{"id":1.50,"url":"https://***@h/?a=***","other":"https://u:p@h/","o":{"url":"https://u:p@h/"}}""" + "\n{\"url\":null}\n{\"url\":7}\n",
            Pages.Text(draft.Lines));
        Assert.Equal(("A", false, 3), (draft.Next, draft.Last, draft.Rows));
        Assert.Equal(4, draft.Fields.Count);
    }

    [Fact]
    public void A_resource_without_secrets_needs_no_rewriting() => Assert.Null(RecordRewriter.For(Resources.Parent, MaskSet.None));
}

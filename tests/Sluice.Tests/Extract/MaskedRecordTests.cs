using System.Text;
using Sluice.CustomerIo;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Sluice.Engine.Masking;
using Sluice.Simulator;
using Sluice.Tests.Runs;
using Sluice.Tests.Spool;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class MaskedRecordTests
{
    private static readonly Resource Messages = ResourceCatalog.Default.Find("messages")!;

    [Theory]
    [InlineData(
        "email",
        """{"email":"a","o":{"Email":"b","list":[{"EMAIL":"c"},["d"]]},"e":"email"}""",
        """{"email":"***","o":{"Email":"***","list":[{"EMAIL":"***"},["d"]]},"e":"email"}"""
    )]
    [InlineData("email", """{"email":null,"x":{"email":""}}""", """{"email":null,"x":{"email":""}}""")]
    [InlineData("email", """{"data":{"email":{"from":"a","to":null,"at":7}}}""", """{"data":{"email":{"from":"***","to":null,"at":"***"}}}""")]
    [InlineData("email", """{"email":["a",["b",{"c":true}],null]}""", """{"email":["***",["***",{"c":"***"}],null]}""")]
    [InlineData("email", """{"\u0065mail":"\u0061","email ":"b"}""", """{"\u0065mail":"***","email ":"b"}""")]
    [InlineData("email", """{ "email" : 1.50 ,"email":1e5, "n":1.50}""", """{ "email" : "***" ,"email":"***", "n":1.50}""")]
    [InlineData("email", """{"email":"\ud83d","x":"\ud83d"}""", """{"email":"***","x":"\ud83d"}""")]
    [InlineData("a.b", """{"a":{"b":1,"c":{"b":2}},"b":3,"x":{"a":{"b":4}}}""", """{"a":{"b":"***","c":{"b":2}},"b":3,"x":{"a":{"b":4}}}""")]
    [InlineData("a.b", """{"A":[{"B":1},{"b":[2]}],"a.b":3,"x":{"a.b":4}}""", """{"A":[{"B":"***"},{"b":["***"]}],"a.b":"***","x":{"a.b":"***"}}""")]
    [InlineData("customer_identifiers", """{"identifiers":{"id":"a","email":"b"}}""", """{"identifiers":{"id":"***","email":"***"}}""")]
    [InlineData(
        "customer_identifiers.email",
        """{"identifiers":{"id":"a","email":"b"},"email":"c"}""",
        """{"identifiers":{"id":"a","email":"***"},"email":"c"}"""
    )]
    [InlineData("msg_template_id", """{"message_template_id":7,"content_id":8}""", """{"message_template_id":"***","content_id":8}""")]
    [InlineData("cio_id", """{"customer_identifiers":{"cio_id":"a","id":"b"}}""", """{"customer_identifiers":{"cio_id":"***","id":"b"}}""")]
    [InlineData("", """{"":1,"a":{"":2}}""", """{"":"***","a":{"":"***"}}""")]
    public void A_mask_holds_wherever_its_name_stands_and_every_other_byte_stays(string column, string record, string masked) =>
        Assert.Equal(masked, Rewritten(record, new Mask(column, MaskMethod.Redact)));

    [Fact]
    public void The_nearest_word_wins_a_path_before_a_name_and_a_name_before_what_is_above()
    {
        Mask[] masks = [new("a.b", MaskMethod.Partial), new("b", MaskMethod.Redact), new("a", MaskMethod.Sha256)];
        var hash = MaskSet.None.Apply(MaskMethod.Sha256, "12345678");

        Assert.Equal(
            """{"a":{"b":"12***78","c":{"b":"***","d":"HASH"}}}""".Replace("HASH", hash, StringComparison.Ordinal),
            Rewritten("""{"a":{"b":"12345678","c":{"b":"12345678","d":"12345678"}}}""", masks));
    }

    [Fact]
    public void A_number_and_the_same_number_as_text_have_the_same_hash()
    {
        var hash = MaskSet.None.Apply(MaskMethod.Sha256, "7");

        Assert.Equal($$"""{"n":["{{hash}}","{{hash}}"]}""", Rewritten("""{"n":[7,"7"]}""", new Mask("n", MaskMethod.Sha256)));
    }

    [Fact]
    public void An_escape_is_hashed_as_the_letter_it_stands_for()
    {
        var hash = MaskSet.None.Apply(MaskMethod.Sha256, "jäne\"");

        Assert.Equal(
            $$"""{"n":"{{hash}}","m":"jäne\u0022"}""",
            Rewritten("""{"n":"j\u00e4ne\"","m":"jäne\u0022"}""", new Mask("n", MaskMethod.Sha256)));
    }

    [Fact]
    public void The_kinds_of_fields_are_those_of_what_is_written()
    {
        string[] records =
        [
            """{"n":1,"n":2,"big":1,"list":[1],"mixed":{"a":1},"none":null,"other":1}""",
            """{"n":null,"big":123456789012345678901234567890,"list":["a"],"mixed":1.5,"none":null,"other":true}""",
        ];
        var masks = new[] { "n", "big", "list", "mixed", "none" }.Select(name => new Mask(name, MaskMethod.Redact)).ToArray();

        var draft = RecordTransform
            .For(new Extraction(ExtractionKey.Of(Messages, null), Messages) { Masks = new MaskSet(masks) })
            .Draft("all", Pages.Of(records, "A"), "{\"_sluice_p_n\":1,"u8);

        var kinds = draft.Fields;
        Assert.Equal(JsonKinds.Text | JsonKinds.Null, kinds["n"]);
        Assert.Equal(JsonKinds.Text, kinds["big"]);
        Assert.Equal(JsonKinds.Array, kinds["list"]);
        Assert.Equal(JsonKinds.Object | JsonKinds.Text, kinds["mixed"]);
        Assert.Equal(JsonKinds.Null, kinds["none"]);
        Assert.Equal(JsonKinds.Integer | JsonKinds.Boolean, kinds["other"]);
        Assert.True(draft.Fields.HasRepeatedNames);
        Assert.StartsWith("""{"_sluice_p_n":1,"n":"***","n":"***","big":"***",""", Pages.Text(draft.Lines), StringComparison.Ordinal);
        Assert.Equal(("A", false, 2), (draft.Next, draft.Last, draft.Rows));
    }

    [Fact]
    public void A_url_loses_what_opens_it_before_a_mask_shows_a_part_of_it()
    {
        var webhooks = ResourceCatalog.Default.Find("reporting_webhooks")!;
        var rewriter = RecordRewriter.For(webhooks, new MaskSet([new Mask("endpoint", MaskMethod.Partial)]))!;

        Assert.Equal("""{"endpoint":"ht***=a"}""", Text(rewriter, """{"endpoint":"https://h/x y?key=12#=a"}"""));
        Assert.Equal("""{"endpoint":"ht*****"}""", Text(rewriter, """{"endpoint":"https://h/?key=12"}"""));
        Assert.Equal("""{"endpoint":"h***@h/?key=***"}""", Text(rewriter, """{"endpoint":"https://u:p@h/?key=12"}"""));
    }

    [Fact]
    public void Without_masks_and_secrets_a_record_is_not_even_looked_at() => Assert.Null(RecordRewriter.For(Messages, MaskSet.None));

    [Fact]
    public async Task Every_row_of_the_world_stays_as_it_is_under_a_mask_of_a_name_that_it_does_not_have()
    {
        await using var bench = await IngestHarness.StartAsync(new SimulatorOptions { Customers = 60, RequestsPerSecond = 0, FreezeClock = true });
        foreach (var table in World.Tables)
        {
            foreach (var row in bench.Simulator.World.Rows(table).Select(row => row.GetRawText()))
            {
                Assert.Equal(row, Rewritten(row, new Mask("no_such_name", MaskMethod.Redact)));
            }
        }
    }

    private static string Rewritten(string record, params Mask[] masks) => Text(RecordRewriter.For(Messages, new MaskSet(masks))!, record);

    private static string Text(RecordRewriter rewriter, string record) => Encoding.UTF8.GetString(rewriter.Rewrite(Encoding.UTF8.GetBytes(record)));
}

using System.Text;
using System.Text.Json;
using Sluice.CustomerIo;
using Xunit;

namespace Sluice.Tests.CustomerIo;

public sealed class PageParserTests
{
    private static readonly PageShape People = new() { RootKeys = ["customers"], ItemKey = "customer" };

    [Theory]
    [InlineData("""{"customers":[{"a":1},{"b":[{"c":"}"}]}]}""", """{"a":1}|{"b":[{"c":"}"}]}""")]
    [InlineData("""{"customers":[{"customer":{"a":1}},{"a":2},{"customer":{"a":3}}]}""", """{"a":1}|{"a":2}|{"a":3}""")]
    [InlineData("""{"customers":[{"customer":{"a":1},"more":2},{"customer":"x"},{}]}""", """{"customer":{"a":1},"more":2}|{"customer":"x"}|{}""")]
    [InlineData("""{"next":"x","customers":{"a":1},"z":[[]]}""", """{"a":1}""")]
    [InlineData("""{"customers":[ {"a":1 } , { "b" : 2} ]}""", """{"a":1 }|{ "b" : 2}""")]
    [InlineData("""{"customers":[]}""", "")]
    [InlineData("""{"customers":null}""", "")]
    public void Records_are_cut_as_they_are(string body, string records) => Assert.Equal(records, Records(body, People));

    [Fact]
    public void The_preferred_root_key_wins_wherever_it_stands()
    {
        var shape = new PageShape { RootKeys = ["identifiers", "ids"] };
        Assert.Equal("""{"a":1}""", Records("""{"ids":[{"b":1},{"b":2}],"identifiers":[{"a":1}]}""", shape));
        Assert.Equal("""{"a":1}""", Records("""{"identifiers":[{"a":1}],"ids":[{"b":1}]}""", shape));
        Assert.Equal("""{"b":1}""", Records("""{"identifiers":null,"ids":[{"b":1}]}""", shape));
        Assert.False(Parse("""{"ids":[{"b":1}],"identifiers":[{"a":1}]}""", shape).Fields.ContainsKey("b"));
    }

    [Fact]
    public void Plain_values_become_records()
    {
        var shape = new PageShape { RootKeys = ["ip_addresses", "ips"], ScalarName = "ip" };
        Assert.Equal("""{"ip":"10.0.0.1"}|{"ip":7}|{"ip":null}|{"ip":[1,{}]}""", Records("""{"ips":["10.0.0.1",7,null,[1,{}]]}""", shape));
        Assert.Equal(
            JsonKinds.Text | JsonKinds.Integer | JsonKinds.Null | JsonKinds.Array,
            Parse("""{"ips":["10.0.0.1",7,null,[1,{}]]}""", shape).Fields["ip"]);
        Assert.Equal("", Records("""{"ip_addresses":[]}""", shape));
    }

    [Fact]
    public void Without_root_keys_the_root_is_the_record()
    {
        Assert.Equal("""{"count":3,"next":5}""", Records("""{"count":3,"next":5}""", new PageShape()));
        Assert.Null(Parse("""{"count":3,"next":5}""", new PageShape()).Next);
        Assert.Equal("""{"a":1}|{"a":2}""", Records("""[{"a":1},{"a":2}]""", new PageShape()));
    }

    [Theory]
    [InlineData("""{"a":1,"next":"x"}""", """{"row":{"a":1,"next":"x"}}""")]
    [InlineData("""[{"a":1},{"a":2}]""", """{"row":{"a":1}}|{"row":{"a":2}}""")]
    [InlineData("{\"a\":1}\n{\"a\":2}\r\n\n{\"errors\":[1]}\n", """{"row":{"a":1}}|{"row":{"a":2}}|{"row":{"errors":[1]}}""")]
    [InlineData("[]", "")]
    [InlineData(" \n", "")]
    [InlineData("", "")]
    public void Contents_are_one_object_an_array_or_lines(string body, string records) =>
        Assert.Equal(records, Records(body, new PageShape { Lines = true, ScalarName = "row" }));

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":")]
    [InlineData("{\"a\":1}\n}")]
    [InlineData("{\"a\":1},{\"a\":2}")]
    public void Lines_that_are_cut_or_no_json_are_an_error(string body) =>
        Assert.ThrowsAny<JsonException>(() => Parse(body, new PageShape { Lines = true, ScalarName = "row" }));

    [Fact]
    public void Bare_values_are_no_contents_of_a_collection() =>
        Assert.Equal(
            CustomerIoErrorKind.Envelope,
            Assert.Throws<CustomerIoException>(() => Parse("7", new PageShape { Lines = true, ScalarName = "row" })).Kind);

    [Fact]
    public void Several_values_are_refused_where_one_is_expected() => Assert.ThrowsAny<JsonException>(() => Parse("{}\n{}", new PageShape()));

    [Theory]
    [InlineData("""{"people":[],"total":1}""", "`people`, `total`")]
    [InlineData("{}", "the root object is empty")]
    [InlineData("[]", "the root is an array")]
    [InlineData("7", "the root is a number")]
    [InlineData("""{"customers":7}""", "a number as `customers`")]
    [InlineData("""{"customers":[{"a":1},"b"]}""", "a string in `customers`")]
    [InlineData("""{"customers":[null]}""", "null in `customers`")]
    public void Another_shape_is_an_error_and_never_an_empty_list(string body, string told)
    {
        CustomerIoException error = Assert.Throws<CustomerIoException>(() => Parse(body, People));
        Assert.Equal(CustomerIoErrorKind.Envelope, error.Kind);
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
        Assert.Contains("GET /v1/x", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("""{"customers":[{"a":1}""")]
    [InlineData("""{"customers":[{"a":1,}]}""")]
    [InlineData("""{"customers":[]}x""")]
    [InlineData("""{"customers":[]} {}""")]
    [InlineData("<html></html>")]
    [InlineData("""{"customers":[{"a":01}]}""")]
    [InlineData("""{"customers":[],"next":"\ud800"}""")]
    public void A_damaged_body_is_told_from_another_shape(string body) => Assert.ThrowsAny<JsonException>(() => Parse(body, People));

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_damage_too() =>
        Assert.ThrowsAny<JsonException>(() => PageParser.Parse((byte[])[.. "{\"customers\":[{\"a\":\""u8, 0xC3, 0x28, .. "\"}]}"u8], People));

    [Fact]
    public void A_byte_order_mark_is_skipped() => Assert.Equal("""{"a":1}""", Records("\uFEFF{\"customers\":[{\"a\":1}]}", People));

    [Fact]
    public void Deeply_nested_values_are_read()
    {
        string deep = new string('[', 500) + new string(']', 500);
        Assert.Equal($$"""{"a":{{deep}}}""", Records($$"""{"customers":[{"a":{{deep}}}]}""", People));
    }

    [Fact]
    public void A_list_of_errors_can_be_what_was_asked_for()
    {
        const string Body = """{"errors":[{"detail":"bad address","status":"failed"}]}""";
        Assert.Throws<CustomerIoException>(() => Parse(Body, People));
        Assert.Equal("""{"detail":"bad address","status":"failed"}""", Records(Body, new PageShape { RootKeys = ["errors"] }));
    }

    [Fact]
    public void Line_breaks_between_tokens_are_told()
    {
        Assert.False(Parse("""{"customers":[{"a":"\n"}]}""", People).HasLineBreaks);
        Assert.True(Parse("{\"customers\":[{\n\"a\":1}]}", People).HasLineBreaks);
    }

    [Fact]
    public void Kinds_and_names_of_top_level_fields_are_profiled()
    {
        FieldProfile fields = Parse(
            """
            {"customers":[
              {"id":7,"Id":true,"n":null,"f":1.5,"e":1e3,"big":9223372036854775808,"max":9223372036854775807,"min":-9223372036854775808},
              {"id":"7","o":{"inner":1},"a":[1],"n":1,"\u0069d2":"escaped","max":-0,"huge":123456789012345678901234567890}
            ]}
            """,
            People).Fields;
        Assert.Equal(JsonKinds.Integer | JsonKinds.Text, fields["id"]);
        Assert.Equal(JsonKinds.Boolean, fields["Id"]);
        Assert.Equal(JsonKinds.Null | JsonKinds.Integer, fields["n"]);
        Assert.Equal(JsonKinds.Fraction, fields["f"]);
        Assert.Equal(JsonKinds.Fraction, fields["e"]);
        Assert.Equal(JsonKinds.BigNumber, fields["big"]);
        Assert.Equal(JsonKinds.BigNumber, fields["huge"]);
        Assert.Equal(JsonKinds.LongInteger | JsonKinds.Integer, fields["max"]);
        Assert.Equal(JsonKinds.LongInteger, fields["min"]);
        Assert.Equal(JsonKinds.Object, fields["o"]);
        Assert.Equal(JsonKinds.Array, fields["a"]);
        Assert.Equal(JsonKinds.Text, fields["id2"]);
        Assert.False(fields.ContainsKey("inner"));
        Assert.False(fields.HasRepeatedNames);
    }

    private static Page Parse(string body, PageShape shape) => PageParser.Parse(Encoding.UTF8.GetBytes(body), shape, "GET /v1/x");

    private static string Records(string body, PageShape shape)
    {
        Page cut = Parse(body, shape);
        return string.Join('|', cut.Records.Select(range => Encoding.UTF8.GetString(cut.Body.Span.Slice(range.Offset, range.Length))));
    }
}

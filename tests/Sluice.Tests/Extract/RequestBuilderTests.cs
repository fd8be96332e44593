using System.Text;
using System.Text.Json;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class RequestBuilderTests
{
    private const string Nasty = "a\"b\\c\n{parent_id}ä";

    [Fact]
    public void The_route_is_filled_from_the_parent()
    {
        var request = RequestBuilder.Build(Resources.Child, Row("7"));
        Assert.Equal(("GET /v1/parents/{parent_id}/children", true), (request.ToString(), request.IsRead));
        Assert.Equal([KeyValuePair.Create("parent_id", "7")], request.RouteValues);
        Assert.Empty(request.Query);
        Assert.True(request.Body.IsEmpty);
    }

    [Fact]
    public void A_body_takes_the_parents_value_whatever_stands_in_it()
    {
        var resource = Resources.Child with { Method = "POST", Path = "/v1/search", Body = """{"id":"{parent_id}","x":"{unknown}"}""" };
        var request = RequestBuilder.Build(resource, Row(JsonSerializer.Serialize(Nasty)));
        Assert.Empty(request.RouteValues);
        using var body = JsonDocument.Parse(request.Body);
        Assert.Equal(Nasty, body.RootElement.GetProperty("id").GetString());
        Assert.Equal("{unknown}", body.RootElement.GetProperty("x").GetString());
        Assert.Equal(2, body.RootElement.EnumerateObject().Count());
    }

    [Fact]
    public void A_variant_brings_its_own_body_and_query()
    {
        var resource = Resources.Child with { Body = "{\"own\":1}", Query = new Dictionary<string, string> { ["a"] = "1" } };
        var variant = new RequestVariant { Body = "{\"id\":\"{parent_id}\"}", Query = new Dictionary<string, string> { ["b"] = "2" } };
        var request = RequestBuilder.Build(resource, Row("7"), variant, extra: [new("c", "3")]);
        Assert.Equal("{\"id\":\"7\"}", Encoding.UTF8.GetString(request.Body.Span));
        Assert.Equal([new("a", "1"), new("b", "2"), new("c", "3")], request.Query);
        var plain = RequestBuilder.Build(resource, Row("7"), new RequestVariant());
        Assert.Equal("{\"own\":1}", Encoding.UTF8.GetString(plain.Body.Span));
    }

    [Fact]
    public void Windows_and_the_limit_are_in_the_query()
    {
        var resource = Resources.Parent with
        {
            PageSize = 1000,
            Window = new WindowRule
            {
                MaxDays = 180,
                Column = "created",
                EndParameter = "until",
            },
        };
        var request = RequestBuilder.Build(resource, ParentRow.None, window: new TimeWindow(5, 10));
        Assert.Equal([new("limit", "1000"), new("start_ts", "5"), new("until", "10")], request.Query);
    }

    [Fact]
    public void A_parent_without_the_value_is_an_error_that_names_it()
    {
        var error = Assert.Throws<SluiceException>(() => RequestBuilder.Build(Resources.Child, Row("null")));
        Assert.Equal("A row of parents has no id, so children can't be asked for.", error.Message);
    }

    private static ParentRow Row(string json) => ParentRow.Parse(Encoding.UTF8.GetBytes($"{{\"id\":{json}}}"), Resources.Parent, ["id"]);
}

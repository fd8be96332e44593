using System.Text;
using System.Text.Json.Nodes;
using Sluice.Engine.Catalog;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Catalog;

public sealed class CatalogReaderTests
{
    private static string Whole => """
        "name": "things", "doc": "One row per thing.", "docsUrl": "https://docs.customer.io/integrations/api/app/", "path": "/v1/things",
        "rootKeys": ["things"], "primaryKey": ["id"]
        """;

    [Fact]
    public void All_files_of_the_folder_are_read()
    {
        var names = Checkout.Files("src/Sluice.Engine/Catalog/Resources", "*.json")
            .SelectMany(file => JsonNode.Parse(Checkout.Read(file))!["resources"]?.AsArray() ?? [])
            .Select(resource => (string)resource!["name"]!);
        Assert.Equal(
            names.Order(StringComparer.Ordinal), CatalogReader.ReadEmbedded().Select(resource => resource.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Columns_of_a_list_in_another_file_follow_the_resources_own()
    {
        var resource = Read(
            $$"""
            { "resources": [ { {{Whole}}, "columns": [ { "name": "own", "type": "text", "doc": "Own." } ], "include": ["both"] } ] }
            """,
            """{ "columnSets": { "both": [ { "name": "id", "type": "bigint", "doc": "Key.", "source": "a.id|b.id" } ] } }""");
        Assert.Equal(["own", "id"], resource.Columns.Select(column => column.Name));
        Assert.Equal(["a.id", "b.id"], resource.Columns[1].Sources);
    }

    [Fact]
    public void A_body_keeps_its_text() =>
        Assert.Equal("""{ "a": "{b}" }""", Read($$"""{ "resources": [ { {{Whole}}, "body": { "a": "{b}" } } ] }""").Body);

    [Theory]
    [InlineData(""" "paged": true, "pagesize": 5 """, "file 1, resources 1: the word \"pagesize\" has no meaning here.")]
    [InlineData(""" "metrics": "pages" """, "file 1, resources 1: \"metrics\" is \"pages\", which is none of None, Steps, Range, Resolution.")]
    [InlineData(""" "include": ["none"] """, "file 1, resources 1: there is no list of columns \"none\".")]
    [InlineData(""" "pageSize": "5" """, "file 1, resources 1: \"pageSize\" is String instead of Number.")]
    [InlineData(""" "columns": [ { "name": "id", "type": "text" } ] """, "file 1, resources 1, columns 1: \"doc\" is missing.")]
    [InlineData(""" "window": { "maxDays": 1, "column": "x", "max": 1 } """, "file 1, resources 1, window: the word \"max\" has no meaning here.")]
    public void A_mistake_in_a_file_is_named_with_its_place(string words, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Read($$"""{ "resources": [ { {{Whole}}, {{words}} } ] }""")).Message);

    private static Resource Read(params string[] files) =>
        Assert.Single(CatalogReader.Read(
            [.. files.Select((json, index) => CatalogReader.Open($"file {index + 1}", new MemoryStream(Encoding.UTF8.GetBytes(json))))]));
}

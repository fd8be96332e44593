using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Settings.Pipelines;
using Sluice.Tests.Dbt;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Config.Pipeline;

/// <summary>What an editor is told of pipeline files is what the reader says of them.</summary>
public sealed class PipelineSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(PipelineSchema.Write()).RootElement;

    public static TheoryData<string> GoodPipelines =>
        [
            PipelineBench.Head + "  a: {tables: campaigns}\n",
            PipelineBench.Head
                + "  a: {}\n  b: {table_prefix: b_, tables: [all, {customers: {as: 007}}], cutoff_days: \"30\", allow_partial: \"${X:-true}\", " +
                    "limit: \"${X:-5}\"}\n",
            PipelineBench.Head
                + "  a: {mode: \"${X:-append}\", schedule: \"0 6 * * *\", mask: email:sha256, tables: [{customer_attributes: {attributes: " +
                    "{flatten: [a, b]}}}, {campaign_metrics:days: {archive: true}}]}\n",
            PipelineBench.Head
                + "  a:\n    tables:\n      - messages: {columns: {subject: drop, created: {rename: created_at, type: timestamp}, recipient: " +
                    "{mask: sha256}}, only: [subjekt, recipient, created], primary_key: id, options: {}}\n".Replace(
                    "subject: drop, ",
                    "",
                    StringComparison.Ordinal),
            "x-mine: {anything: [1, 2]}\n"
                + PipelineBench.Head
                + "  a: {destination: w, workspaces: main, combine: schema, schema: 2024, tables: default}\n",
        ];

    [Fact]
    public void The_schema_in_the_repository_is_what_the_catalog_says() =>
        Snapshot.Matches("docs/sluice.schema.json", PipelineSchema.Write());

    [Theory]
    [MemberData(nameof(GoodPipelines))]
    public void What_the_reader_takes_the_schema_takes(string yaml)
    {
        PipelineBench.Good(yaml);

        Assert.True(new SchemaCheck(Schema).Accepts(Json(yaml)));
    }

    [Theory]
    [MemberData(nameof(BadPipelines.OfShape), MemberType = typeof(BadPipelines))]
    public void What_the_reader_refuses_for_its_shape_the_schema_refuses(string yaml) =>
        Assert.False(new SchemaCheck(Schema).Accepts(Json(BadPipelines.Text(yaml))));

    [Fact]
    public void Every_table_of_the_catalog_can_be_named_with_its_options()
    {
        foreach (var table in ResourceCatalog.Default.Tables)
        {
            // What an export is of must be named.
            var kind = ResourceCatalog.Default.Find(table.Resource)!.ExportParents is [var first, ..] ? $", options: {{{first.Option}: all}}" : "";
            var alone = kind.Length == 0 ? table.ToString() : $"{{{table}: {{mode: replace{kind}}}}}";
            var text = $"{PipelineBench.Head}  a: {{tables: [{alone}]}}\n  b: {{table_prefix: b_, tables: [{{{table}: {{mode: append{kind}}}}}]}}\n";
            PipelineBench.Good(text);
            Assert.True(new SchemaCheck(Schema).Accepts(Json(text)), $"The schema does not know {table}.");
            var options = Schema
                .GetProperty("definitions")
                .GetProperty(table.Resource)
                .GetProperty("allOf")[1]
                .GetProperty("properties")
                .GetProperty("options")
                .GetProperty("properties");
            Assert.All(
                ResourceCatalog.Default.Find(table.Resource)!.Options,
                option => Assert.True(options.TryGetProperty(option.Name, out _), $"{table} lacks {option.Name}."));
        }
    }

    private static JsonElement Json(string yaml) => JsonDocument.Parse(YamlJson.Read(yaml)?.ToJsonString() ?? "null").RootElement;
}

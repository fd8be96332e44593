using Sluice.Destinations;
using Sluice.Destinations.Warehouses;
using Sluice.Tests.Cli;
using Xunit;

namespace Sluice.Tests.Ddl;

public sealed class DdlModelTests
{
    public static TheoryData<string> Dialects() => [.. WarehouseDialects.Names];

    [Theory]
    [MemberData(nameof(Dialects))]
    public async Task Every_model_is_a_view_over_the_current_rows_in_a_schema_beside_theirs(string dialect)
    {
        var run = await new ToolHarness().RunAsync("ddl", "--dialect", dialect, "--models", "all");

        Assert.Equal((0, ""), (run.Code, run.Error));
        var statements = run.Out.ToLowerInvariant().Split(";\n");
        Assert.All(ModelDocumentation.All, model =>
        {
            var made = Assert.Single(statements, statement => IsView(statement, model.Name));
            Assert.Contains(model.Needs.SelectMany(group => group), name => Reads(made, name));
        });
        Assert.Contains(statements, statement => statement.Contains("customerio_models", StringComparison.Ordinal)
            && (statement.Contains("create schema", StringComparison.Ordinal) || statement.Contains("create database", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_some_tables_the_models_are_printed_that_they_allow_without_the_columns_that_need_others()
    {
        var run = await new ToolHarness().RunAsync("ddl", "--dialect", "trino", "--models", "messages");

        Assert.Contains("-- deliveries without sender_name: campaigns is not there", run.Out, StringComparison.Ordinal);
        Assert.Contains("\"message_performance_daily\" AS", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("\"campaigns_summary\"", run.Out, StringComparison.Ordinal);
    }

    private static bool IsView(string statement, string model) =>
        statement.Contains("create or replace view", StringComparison.Ordinal)
        && statement.Split(" as\n")[0].TrimEnd('"', '`').EndsWith(model, StringComparison.Ordinal);

    private static bool Reads(string statement, string name) =>
        statement.Contains($"{name.Replace(':', '_')}_current", StringComparison.Ordinal)
        || statement.Contains($"customerio_models\".\"{name}", StringComparison.Ordinal)
        || statement.Contains($"customerio_models`.`{name}", StringComparison.Ordinal);
}

using System.Text.Json;
using Sluice.Destinations.Warehouses;
using Sluice.Engine.Catalog;
using Sluice.ServerTests.Simulator;
using Xunit;

namespace Sluice.ServerTests.Ddl;

/// <summary>The grammars that Spark, Trino and Hive publish accept what is printed for Spark, Trino and Athena.</summary>
public sealed class SqlGrammarTests
{
    private const string View = "CREATE OR REPLACE VIEW";

    [Theory]
    [InlineData("spark", "SparkSQL")]
    [InlineData("databricks", "SparkSQL")]
    [InlineData("trino", "TrinoSQL", Traits = ["length", "long"])]
    public async Task Every_statement_is_accepted(string dialect, string grammar) =>
        await AssertAcceptedAsync(grammar, Statements(dialect, _ => true));

    [Fact]
    public async Task Athena_is_given_tables_in_the_language_of_Hive() =>
        await AssertAcceptedAsync("HiveSQL", Statements("athena", statement => !statement.StartsWith(View, StringComparison.Ordinal)));

    [Fact]
    public async Task Athena_is_given_views_in_the_language_of_Trino() =>
        await AssertAcceptedAsync("TrinoSQL", Statements("athena", statement => statement.StartsWith(View, StringComparison.Ordinal)));

    [Theory]
    [InlineData("SparkSQL", "CREATE TABLE t (`a` STRING, 2xx BIGINT,) USING PARQUET")]
    [InlineData("TrinoSQL", "CREATE TABLE t (from bigint)")]
    [InlineData("HiveSQL", "CREATE EXTERNAL TABLE t (`a` string) STORED PARQUET")]
    public async Task A_statement_that_is_wrong_is_noticed(string grammar, string statement) =>
        Assert.Equal(1, (await ReadAsync(grammar, [statement])).GetProperty("refused").GetArrayLength());

    private static List<string> Statements(string dialect, Func<string, bool> wanted)
    {
        var tables = ResourceCatalog.Default.Tables.Select(name => LakeTable.Of(name, ResourceCatalog.Default.Find(name.Resource)!)).ToList();
        var divided = tables.Select(LakeFolders.Read(["created_at:month"]).ApplyTo).Where(table => table.Partitions.Count > 0);
        var script = WarehouseDialects.Write(
            dialect,
            new DdlRequest
            {
                Schema = "customerio",
                Location = LakeAddress.Placeholder,
                Tables = [.. tables, .. divided],
                Models = true,
            });
        var sql = string.Join('\n', script.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)));
        return [.. sql.Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(wanted)];
    }

    private static async Task AssertAcceptedAsync(string grammar, List<string> statements)
    {
        var report = await ReadAsync(grammar, statements);

        Assert.True(statements.Count > 30);
        Assert.Equal(statements.Count, report.GetProperty("statements").GetInt32());
        Assert.Equal("[]", report.GetProperty("refused").ToString());
    }

    private static async Task<JsonElement> ReadAsync(string grammar, IEnumerable<string> statements)
    {
        var file = Path.Combine(Path.GetTempPath(), $"sluice-{Guid.NewGuid():N}.sql");
        await File.WriteAllTextAsync(file, string.Join(";\n", statements), TestContext.Current.CancellationToken);
        try
        {
            return await NodeScript.RunAsync("grammar.mjs", grammar, file);
        }
        finally
        {
            File.Delete(file);
        }
    }
}

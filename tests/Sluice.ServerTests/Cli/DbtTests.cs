using System.Globalization;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Servers;
using Sluice.Tests.Dbt;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>Packages for dbt upon tables of all kinds in real servers: their SQL runs there and gives what <c>sluice models</c> gives.</summary>
public sealed class DbtTests(PostgresServer postgres, ChdbServer clickHouse)
{
    private const int Most = 20;

    [Fact]
    public async Task In_PostgreSQL_marts_are_those_of_sluice_models_and_data_tests_hold_until_a_row_is_missing()
    {
        await using var database = await postgres.NewDatabaseAsync();
        using var tool = await LoadAsync(database.Uri);
        var project = new DbtProject(tool.PathOf("customerio_dbt"));
        await database.QueryAsync("CREATE SCHEMA made_by_dbt");
        foreach (var some in project.Statements().Chunk(Most))
        {
            await database.QueryAsync(string.Join(";\n", some));
        }

        var build = await AssertSameAsync(project, database.QueryAsync, mart => $"customerio_models.{mart}");
        await database.QueryAsync("DELETE FROM customerio.collections");
        Assert.Equal(["relationships collection_rows.collection_id"], await build.FailingAsync());
    }

    [Fact]
    [Trait("length", "long")]
    public async Task In_ClickHouse_marts_are_those_of_sluice_models_and_data_tests_hold_until_a_row_is_missing()
    {
        await using var database = await clickHouse.NewDatabaseAsync();
        using var tool = await LoadAsync(database.Uri);
        var project = new DbtProject(tool.PathOf("customerio_dbt"), database.Name, '`');
        foreach (var statement in project.Statements())
        {
            await database.QueryAsync(statement);
        }

        var build = await AssertSameAsync(project, sql => database.QueryAsync(sql), mart => $"{database.Name}.customerio_models___{mart}");
        await database.QueryAsync($"TRUNCATE TABLE {database.Name}.collections");
        Assert.Equal(["relationships stg_customerio__collection_rows.collection_id"], await build.FailingAsync());
    }

    private static async Task<Tool> LoadAsync(string uri)
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { MessageDays = 60 });
        var tool = account.NewTool();
        tool.Environment["SLUICE_DEST_URI"] = uri;
        tool.Environment["SLUICE_SOURCE_URI"] = account.SourceUri;
        (await tool.RunAsync("ingest", "--source-table", "all", "--models")).Ended(ExitCode.Done);
        Assert.Contains("13 marts;", (await tool.RunAsync("dbt", "init")).Ended(ExitCode.Done).Out, StringComparison.Ordinal);
        return tool;
    }

    private static async Task<DbtBuild> AssertSameAsync(DbtProject project, Func<string, Task<string>> ask, Func<string, string> viewOf)
    {
        async Task<long> CountAsync(string sql) => long.Parse(await ask(sql), CultureInfo.InvariantCulture);
        var build = new DbtBuild(project, CountAsync);
        Assert.Empty(await build.DifferentAsync(viewOf));
        Assert.Empty(await build.FailingAsync());
        foreach (var (table, sql) in project.Freshness())
        {
            var ledger = project.Compile("{{ api.Relation.create(database=this.database, schema=this.schema, identifier='_sluice_ledger') }}");
            Assert.Equal(
                1,
                await CountAsync(
                    $"SELECT count(*) FROM ({sql}) f WHERE max_loaded_at = (SELECT max(committed_at) FROM {ledger} WHERE table_name = '{table}')"));
        }

        return build;
    }
}

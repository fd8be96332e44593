using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Simulator;
using Sluice.Sql;
using Sluice.Sql.Fetching;
using Sluice.Sql.Tables;
using Xunit;

namespace Sluice.Tests.Sql;

public sealed class PushedDownTests
{
    [Fact]
    public async Task Every_condition_that_is_pushed_down_gives_the_rows_of_the_whole_table()
    {
        await using var bench = await SqlBench.StartAsync(new SimulatorOptions
        {
            Customers = 40,
            Messages = 200,
            Activities = 150,
            Campaigns = 4,
            Broadcasts = 2,
            Newsletters = 4,
            TransactionalMessages = 2,
            ActionsPerCampaign = 4,
            RequestsPerSecond = 0,
            FreezeClock = true,
        });
        var tables = SqlSession.Tables.All.Where(table => table.Source.Period is null or MetricsPeriod.Weeks).ToList();
        await bench.IngestAsync([.. tables.Select(SqlBench.Named)]);
        var checks = 0;
        foreach (var table in tables)
        {
            foreach (var sql in Queries(table, bench))
            {
                await bench.CheckAsync(sql);
                checks++;
            }
        }

        Assert.InRange(checks, 80, int.MaxValue);
    }

    private static IEnumerable<string> Queries(LiveTable table, SqlBench bench)
    {
        var shown = string.Join(", ", table.Resource.PrimaryKey.Select(DuckDBIdentifier.Quote));
        foreach (var column in table.Columns.Where(column => PushedDown.Of(table, column.Name, ResourceCatalog.Default) is not null))
        {
            var name = DuckDBIdentifier.Quote(column.Name);
            var some = $"SELECT DISTINCT CAST({name} AS VARCHAR) AS v FROM {table.Name} WHERE {name} IS NOT NULL ORDER BY v LIMIT 3";
            var values = bench.Expected(some);
            var literals = values.Select(value => Literal(column, value[..^1])).ToList();
            if (literals.Count == 0 || column.Type == ColumnType.Json)
            {
                continue;
            }

            yield return $"SELECT {shown} FROM {table.Name} WHERE {name} IN ({string.Join(", ", literals)})";
            if (column.Type != ColumnType.Text)
            {
                yield return $"SELECT {shown} FROM {table.Name} WHERE {name} > {literals[0]}";
            }
        }
    }

    private static string Literal(Column column, string value) => column.Type switch
    {
        ColumnType.Bigint => value,
        ColumnType.UnixTime or ColumnType.Timestamp => $"TIMESTAMPTZ {DuckDBLiteral.Quote(value)}",
        _ => DuckDBLiteral.Quote(value),
    };
}

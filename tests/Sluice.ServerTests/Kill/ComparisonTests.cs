using Sluice.Benchmarks.Kill;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Xunit;

namespace Sluice.ServerTests.Kill;

/// <summary>What a kill could do to a table must not pass unseen.</summary>
public sealed class ComparisonTests
{
    private static readonly TableName Messages = TableName.Parse("messages", ResourceCatalog.Default);

    private static readonly (string Sql, string World, string Twin)[] Damages =
    [
        ("DELETE FROM customerio.messages WHERE rowid = 7", "is missing", "1 rows missing"),
        ("INSERT INTO customerio.messages SELECT * FROM customerio.messages WHERE rowid = 7", "stands there 2 times", "1 rows too many"),
        ("UPDATE customerio.messages SET id = 'invented' WHERE rowid = 7", "invented is not in the world", "1 rows too many"),
        ("UPDATE customerio.messages SET subject = 'torn' WHERE rowid = 7", "has subject torn", "1 rows too many"),
        ("UPDATE customerio.messages SET created = created + INTERVAL 1 SECOND WHERE rowid = 7", "has created", "1 rows too many"),
        ("ALTER TABLE customerio.messages ADD COLUMN strange INTEGER", "", "columns"),
    ];

    [Fact]
    public async Task Rows_that_are_missing_doubled_invented_or_changed_are_told()
    {
        await using var runs = await StoppableRuns.StartAsync(messages: 300);
        (await runs.Tool.RunAsync(StoppableRuns.Ingest())).Ended(ExitCode.Done);
        Assert.Empty(Differences(runs, "SELECT 1").World.Concat(Differences(runs, "SELECT 1").Twin));

        foreach (var (sql, world, twin) in Damages)
        {
            var found = Differences(runs, sql);

            Assert.Contains(found.Twin, difference => difference.Contains(twin, StringComparison.Ordinal));
            Assert.True(
                world.Length == 0 || found.World.Any(difference => difference.Contains(world, StringComparison.Ordinal)),
                $"{sql}: {string.Join('\n', found.World)}");
        }
    }

    private static (List<string> World, List<string> Twin) Differences(StoppableRuns runs, string damage)
    {
        var damaged = runs.Tool.PathOf("damaged.duckdb");
        File.Copy(runs.Database, damaged, overwrite: true);
        using var connection = Database.Open(damaged);
        Rows.Run(connection, damage);
        Rows.Run(connection, $"ATTACH {DuckDBLiteral.Quote(runs.Database)} AS undisturbed (READ_ONLY)");
        return (
            [
                .. WorldComparison.Differences(
                    connection,
                    "customerio",
                    Messages,
                    WorldRows.Of(runs.Account.World, Messages, isFirst: true)!,
                    extrasAllowed: false),
            ],
            [.. TwinComparison.Differences(connection, "customerio", "messages")]);
    }
}

using Sluice.Engine.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class LongRowsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Short_rows_are_read_at_once()
    {
        using var database = Database.InMemory();
        database.Execute("CREATE TABLE t AS SELECT i AS id, 'short' AS body FROM range(5000) AS r(i)");

        Assert.Single((await LongRows.OfAsync(database, "t", Cancel)).Slices);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Long_rows_are_read_in_slices_that_leave_none_out(bool inTransaction)
    {
        using var database = Database.InMemory();
        database.Execute("CREATE TABLE t AS SELECT i AS id, repeat('x', 100000) AS body FROM range(200) AS r(i)");
        database.Execute("INSERT INTO t SELECT i, repeat('x', 100000) FROM range(200, 301) AS r(i)");
        using var transaction = inTransaction ? database.BeginTransaction() : null;
        database.Execute("DELETE FROM t WHERE id = 300");

        var rows = await LongRows.OfAsync(database, "t", Cancel);

        Assert.True(rows.Slices.Count > 2);
        Assert.Equal(300L * 299 / 2, ConnectionExtensions.ToNumber(database.Scalar($"SELECT sum(id) FROM {rows.Source()}")));
        Assert.Equal(100_000, rows.Longest);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_mean_length_is_told_of_more_texts_than_DuckDB_adds_up_without_brackets(bool inTransaction)
    {
        using var database = Database.InMemory();
        var columns = string.Join(", ", Enumerable.Range(0, 1100).Select(column => $"repeat('x', i::INTEGER) AS c{column}"));
        using var transaction = inTransaction ? database.BeginTransaction() : null;
        database.Execute($"CREATE TABLE t AS SELECT {columns} FROM (VALUES (1), (2), (3)) AS r(i)");

        var rows = await LongRows.OfAsync(database, "t", Cancel);

        Assert.Equal(inTransaction ? 0 : 3300, rows.Longest);
        Assert.Equal(2200, await rows.AverageAsync(database, Cancel));
    }

    [Fact]
    public async Task More_text_than_DuckDB_may_hold_is_copied_within_its_limit()
    {
        using var folder = new TemporaryFolder();
        using var database = Database.File(folder.File("x.duckdb"));
        database.Execute("SET threads = 1");
        database.Execute("CREATE TABLE t (id BIGINT, body VARCHAR)");
        for (var part = 0; part < 4; part++)
        {
            database.Execute($"INSERT INTO t SELECT i, repeat(md5(i::VARCHAR), 2500) FROM range({part * 200}, {(part * 200) + 200}) AS r(i)");
        }

        database.Execute("CHECKPOINT");
        database.Execute("SET memory_limit = '60MB'");
        var rows = await LongRows.OfAsync(database, "t", Cancel);
        var path = folder.File("t.parquet");
        database.Execute($"COPY (SELECT * FROM {rows.Source()}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 200)");

        Assert.Equal(800L, database.Scalar($"SELECT count(*) FROM read_parquet('{path}')"));
    }
}

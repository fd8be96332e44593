using DuckDB.NET.Data;
using Sluice.Destinations.DuckDb;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class InterruptibleConnectionTests : IDisposable
{
    private const string Endless = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 0";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("RunAsync")]
    [InlineData("ScalarAsync")]
    [InlineData("ListAsync")]
    public async Task Cancelling_ends_an_endless_statement_and_leaves_the_connection_usable(string call)
    {
        await using var connection = Open();
        using var source = new CancellationTokenSource();

        Task running = call switch
        {
            "RunAsync" => connection.RunAsync(Endless, source.Token),
            "ScalarAsync" => connection.ScalarAsync(Endless, source.Token),
            _ => connection.ListAsync(Endless, row => row.GetInt64(0), source.Token),
        };
        Assert.False(running.IsCompleted);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public async Task Cancelling_within_a_transaction_rolls_it_back_on_dispose()
    {
        await using var connection = Open();
        connection.Execute("CREATE TABLE t (n BIGINT)");
        using var source = new CancellationTokenSource();

        await using (connection.BeginTransaction())
        {
            connection.Execute("INSERT INTO t VALUES (1)");
            var running = connection.RunAsync($"INSERT INTO t {Endless}", source.Token);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_token_cancelled_before_runs_nothing()
    {
        await using var connection = Open();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            connection.RunAsync("CREATE TABLE t (n INTEGER)", new CancellationToken(canceled: true)));

        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM duckdb_tables()"));
    }

    [Fact]
    public async Task Cancelling_while_rows_are_read_ends_the_stream()
    {
        await using var connection = Open();
        await using var command = connection.Command("SELECT range FROM range(100000000000)");
        using var source = new CancellationTokenSource();
        await using var reader = await command.ExecuteReaderAsync(source.Token);
        Assert.True(await reader.ReadAsync(source.Token));

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.ReadAsync(source.Token));
        await reader.DisposeAsync();
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public async Task A_cancelled_token_never_reaches_the_statement_after()
    {
        await using var connection = Open();
        for (var i = 0; i < 200; i++)
        {
            using var source = new CancellationTokenSource();
            var running = connection.ScalarAsync("SELECT count(*) FROM range(20000)", source.Token);
            await source.CancelAsync();
            try
            {
                await running;
            }
            catch (OperationCanceledException)
            {
            }

            Assert.Equal(20000L, connection.Scalar("SELECT count(*) FROM range(20000)"));
        }
    }

    [Fact]
    public async Task A_stream_that_breaks_off_fails_instead_of_ending()
    {
        await using var connection = Open();

        var error = await Assert.ThrowsAsync<DuckDBException>(() =>
            connection.ListAsync(
                "SELECT CASE WHEN range = 500000 THEN CAST('x' || range AS BIGINT) ELSE range END FROM range(1000000)",
                row => row.GetInt64(0),
                CancellationToken.None));

        Assert.True(DuckDbErrors.IsAboutValue(error));
    }

    [Fact]
    public async Task A_value_is_what_it_was_with_a_NUL_too()
    {
        await using var connection = Open();

        var rows = await connection.ListAsync(
            "SELECT $text, $other, $text2",
            row => (row.GetString(0), row.GetInt64(1), row.GetString(2)),
            CancellationToken.None,
            ("text", "it's\0more $other"),
            ("other", 7L),
            ("text2", "plain"));

        Assert.Equal(("it's\0more $other", 7L, "plain"), rows[0]);
    }

    [Fact]
    public async Task A_sum_is_a_number()
    {
        await using var connection = Open();

        Assert.Equal(6, await connection.ScalarAsync("SELECT sum(n) FROM (VALUES (1), (2), (3)) t(n)", CancellationToken.None));
        Assert.Equal(0, await connection.ScalarAsync("SELECT sum(n) FROM (VALUES (1)) t(n) WHERE n > 1", CancellationToken.None));
        await using var session = new DbSession(connection, new DuckDbDialect(connection.Database), isBorrowed: true);
        Assert.Equal(6, await session.ScalarAsync("SELECT sum(n) FROM (VALUES (1), (2), (3)) t(n)", CancellationToken.None));
    }

    [Fact]
    public async Task One_file_is_one_database_whatever_name_leads_there()
    {
        await using var first = Open();
        first.Execute("CREATE TABLE t (n INTEGER)");
        File.CreateSymbolicLink(_folder.File("link.duckdb"), _folder.File("a.duckdb"));

        await using var other = new InterruptibleConnection(DuckDbSettings.ConnectionString(Path.Combine(_folder.FullPath, "x", "..", "a.duckdb")));
        await using var linked = new InterruptibleConnection(DuckDbSettings.ConnectionString(_folder.File("link.duckdb")));
        await other.OpenAsync(CancellationToken.None);
        await linked.OpenAsync(CancellationToken.None);

        Assert.Equal(0L, other.Scalar("SELECT count(*) FROM t"));
        Assert.Equal(0L, linked.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task Files_whose_names_differ_in_case_only_are_never_taken_for_one()
    {
        await using var first = Open();
        first.Execute("CREATE TABLE t (n INTEGER)");

        if (File.Exists(_folder.File("A.duckdb")))
        {
            await using var same = await DuckDbSettings.OpenAsync(_folder.File("A.duckdb"), CancellationToken.None);
            Assert.Equal(0L, same.Scalar("SELECT count(*) FROM t"));
            return;
        }

        var error = await Assert.ThrowsAsync<SluiceException>(() => DuckDbSettings.OpenAsync(_folder.File("A.duckdb"), CancellationToken.None));
        Assert.Equal(SluiceErrorKind.Destination, error.Kind);
        Assert.Contains(_folder.File("A.duckdb"), error.Message, StringComparison.Ordinal);
        Assert.Contains(_folder.File("a.duckdb"), error.Message, StringComparison.Ordinal);

        await first.DisposeAsync();
        await using var second = await DuckDbSettings.OpenAsync(_folder.File("A.duckdb"), CancellationToken.None);
        Assert.Equal(0L, second.Scalar("SELECT count(*) FROM duckdb_tables()"));
    }

    [Fact]
    public async Task Every_connection_has_the_settings_that_keep_answers_right_and_memory_bounded()
    {
        const string Read = "SELECT current_setting('disabled_optimizers') || ' ' || current_setting('autoinstall_known_extensions') || ' ' || " +
            "current_setting('autoload_known_extensions') || ' ' || current_setting('memory_limit') || ' ' || current_setting('TimeZone')";
        await using var first = Open();
        await using var further = first.Duplicate();

        Assert.Equal("join_filter_pushdown false false 152.5 MiB UTC", first.Scalar(Read));
        Assert.Equal("join_filter_pushdown false false 152.5 MiB UTC", further.Scalar(Read));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_connection_that_was_opened_or_read_a_value_keeps_nothing_of_others_in_memory(bool readsValue)
    {
        await using var reads = Open();
        await using var writes = reads.Duplicate();
        if (readsValue)
        {
            Assert.Equal(1L, await reads.ScalarAsync("SELECT 1", TestContext.Current.CancellationToken));
        }

        writes.Execute("SET checkpoint_threshold = '1KB'");
        for (var i = 0; i < 5; i++)
        {
            writes.Execute($"CREATE TABLE t{i} AS SELECT range AS n FROM range(100000)");
            writes.Execute($"UPDATE t{i} SET n = n + 1");
            writes.Execute($"DROP TABLE t{i}");
        }

        // 18 MB where the first connection has a transaction open.
        Assert.Equal(true, writes.Scalar("SELECT sum(memory_usage_bytes) < 2000000 FROM duckdb_memory()"));
    }

    public void Dispose() => _folder.Dispose();

    private InterruptibleConnection Open()
    {
        var connection = new InterruptibleConnection(DuckDbSettings.ConnectionString(_folder.File("a.duckdb")));
        connection.Open();
        return connection;
    }
}

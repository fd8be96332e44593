using Sluice.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class DuckDBCancellationTests
{
    private const string Endless = "SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE hash(a.range, b.range) = 0";

    [Fact]
    public async Task Cancelling_ends_a_long_statement_and_leaves_the_connection_usable()
    {
        using var connection = Database.InMemory("threads=2");
        using var command = connection.Command(Endless);
        using var source = new CancellationTokenSource();

        var running = command.ExecuteScalarAsync(source.Token);
        Assert.False(running.IsCompleted);
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public async Task Cancelling_within_a_transaction_rolls_it_back_on_dispose()
    {
        using var connection = Database.InMemory("threads=2");
        connection.Execute("CREATE TABLE t (n BIGINT)");
        using var source = new CancellationTokenSource();

        using (connection.BeginTransaction())
        {
            connection.Execute("INSERT INTO t VALUES (1)");
            using var command = connection.Command($"INSERT INTO t {Endless}");
            var running = command.ExecuteNonQueryAsync(source.Token);
            await source.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task A_token_cancelled_before_runs_nothing()
    {
        using var connection = Database.InMemory();
        using var command = connection.Command("CREATE TABLE t (n INTEGER)");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command.ExecuteNonQueryAsync(new CancellationToken(canceled: true)));

        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM duckdb_tables()"));
    }

    [Fact]
    public async Task Cancelling_while_reading_ends_the_stream()
    {
        using var connection = Database.InMemory("threads=2");
        using var command = connection.Command("SELECT a.range FROM range(100000000) a, range(100000000) b WHERE a.range < 5000 OR hash(a.range, b.range) = 0");
        using var source = new CancellationTokenSource();
        var read = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await using var reader = await command.ExecuteReaderAsync(source.Token);
            while (await reader.ReadAsync(source.Token))
            {
                if (++read == 1)
                    source.CancelAfter(TimeSpan.FromMilliseconds(1));
            }
        });

        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public async Task An_interrupt_without_a_token_is_a_DuckDB_error()
    {
        using var connection = Database.InMemory("threads=2");
        using var command = connection.Command(Endless);
        var running = command.ExecuteScalarAsync(TestContext.Current.CancellationToken);

        // An interrupt before the statement has started is forgotten: so until it has worked.
        while (!running.IsCompleted)
        {
            command.Cancel();
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken));
        }

        var error = await Assert.ThrowsAsync<DuckDBException>(() => running);
        Assert.Equal(DuckDBErrorType.Interrupt, error.ErrorType);
    }

    [Fact]
    public async Task A_cancelled_token_never_reaches_the_statement_after()
    {
        using var connection = Database.InMemory("threads=1");
        for (var i = 0; i < 200; i++)
        {
            using var source = new CancellationTokenSource();
            using var command = connection.Command("SELECT count(*) FROM range(20000)");
            var running = command.ExecuteScalarAsync(source.Token);
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
    public async Task Progress_can_be_asked_while_a_statement_runs()
    {
        using var connection = Database.InMemory("threads=1");
        connection.Execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0");
        connection.Execute("CREATE TABLE t AS SELECT range AS n FROM range(200000)");
        Assert.Equal(-1, connection.GetQueryProgress().Percentage);
        using var source = new CancellationTokenSource();
        using var command = connection.Command("SELECT count(*) FROM t a, range(100000) b WHERE hash(a.n, b.range) = 0");
        var running = command.ExecuteScalarAsync(source.Token);

        var progress = connection.GetQueryProgress();
        while (!running.IsCompleted && progress.Percentage < 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
            progress = connection.GetQueryProgress();
        }

        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.InRange(progress.Percentage, 0, 100);
    }
}

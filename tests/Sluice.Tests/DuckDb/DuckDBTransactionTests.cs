using System.Data;
using Sluice.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class DuckDBTransactionTests
{
    [Fact]
    public void A_commit_shows_all_changes_to_others_and_nothing_before()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n INTEGER)");
        using var other = connection.Duplicate();

        using (var transaction = connection.BeginTransaction())
        {
            connection.Execute("INSERT INTO t VALUES (1)");
            Assert.Equal(0L, other.Scalar("SELECT count(*) FROM t"));
            transaction.Commit();
            Assert.Null(transaction.Connection);
            Assert.Throws<InvalidOperationException>(transaction.Rollback);
        }

        Assert.Equal(1L, other.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void Disposing_without_a_commit_rolls_back()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n INTEGER)");

        using (connection.BeginTransaction())
            connection.Execute("INSERT INTO t VALUES (1)");

        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void A_transaction_broken_by_an_error_is_rolled_back_and_the_connection_goes_on()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n INTEGER PRIMARY KEY)");

        using (connection.BeginTransaction())
        {
            connection.Execute("INSERT INTO t VALUES (1)");
            Assert.Throws<DuckDBException>(() => connection.Execute("INSERT INTO t VALUES (1)"));
        }

        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void Closing_the_connection_rolls_back()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("a.duckdb");
        using (var connection = Database.File(path))
        {
            connection.Execute("CREATE TABLE t (n INTEGER)");
            connection.BeginTransaction();
            connection.Execute("INSERT INTO t VALUES (1)");
        }

        using var again = Database.File(path);
        Assert.Equal(0L, again.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void Rolling_back_ends_an_open_stream()
    {
        using var connection = Database.InMemory();
        using var transaction = connection.BeginTransaction();
        using var reader = connection.Command("SELECT * FROM range(100000)").ExecuteReader();
        reader.Read();

        Assert.Throws<InvalidOperationException>(transaction.Commit);
        transaction.Rollback();

        Assert.True(reader.IsClosed);
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public void A_second_transaction_and_an_unknown_isolation_level_are_refused()
    {
        using var connection = Database.InMemory();
        using var transaction = connection.BeginTransaction(IsolationLevel.Snapshot);

        Assert.Throws<InvalidOperationException>(() => connection.BeginTransaction());
        Assert.Throws<NotSupportedException>(() => connection.BeginTransaction(IsolationLevel.ReadCommitted));
        Assert.Equal(IsolationLevel.Snapshot, transaction.IsolationLevel);
    }

    [Fact]
    public void Two_transactions_that_change_one_row_conflict_with_a_transient_error()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t AS SELECT 1 AS n");
        using var other = connection.Duplicate();
        using var first = connection.BeginTransaction();
        using var second = other.BeginTransaction();
        connection.Execute("UPDATE t SET n = 2");

        var error = Assert.Throws<DuckDBException>(() => other.Execute("UPDATE t SET n = 3"));

        Assert.Equal(DuckDBErrorType.Transaction, error.ErrorType);
        Assert.True(error.IsTransient);
    }
}

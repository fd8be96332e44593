using System.Data;
using Sluice.Data;
using Xunit;

namespace Sluice.Tests.Data;

public sealed class SluiceTransactionTests(DataWorld world) : IClassFixture<DataWorld>
{
    [Theory]
    [InlineData(IsolationLevel.Unspecified)]
    [InlineData(IsolationLevel.ReadCommitted)]
    [InlineData(IsolationLevel.Serializable)]
    public void Any_level_is_taken_and_said_again(IsolationLevel level)
    {
        using var connection = world.Open();
        using var transaction = connection.BeginTransaction(level);

        Assert.Equal(level, transaction.IsolationLevel);
        Assert.Same(connection, transaction.Connection);
    }

    [Fact]
    public void It_needs_an_open_connection_without_another_one()
    {
        using var closed = new SluiceConnection(world.ConnectionString);
        Assert.Throws<InvalidOperationException>(() => closed.BeginTransaction());
        using var connection = world.Open();
        using (connection.BeginTransaction())
        {
            Assert.Throws<InvalidOperationException>(() => connection.BeginTransaction());
        }

        connection.BeginTransaction().Dispose();
    }

    [Fact]
    public void After_its_end_it_can_be_ended_no_more()
    {
        using var connection = world.Open();
        foreach (var end in new Action<SluiceTransaction>[] { one => one.Commit(), one => one.Rollback() })
        {
            var transaction = connection.BeginTransaction();
            end(transaction);
            Assert.Null(transaction.Connection);
            Assert.Throws<InvalidOperationException>(transaction.Commit);
            Assert.Throws<InvalidOperationException>(transaction.Rollback);
            transaction.Dispose();
            Assert.Throws<ObjectDisposedException>(transaction.Commit);
            Assert.Throws<ObjectDisposedException>(transaction.Rollback);
        }
    }

    [Fact]
    public void Closing_the_connection_ends_it()
    {
        using var connection = world.Open();
        var transaction = connection.BeginTransaction();
        connection.Close();

        Assert.Null(transaction.Connection);
        Assert.Throws<InvalidOperationException>(transaction.Commit);
    }

    [Fact]
    public void A_command_names_the_transaction_of_its_connection()
    {
        using var connection = world.Open();
        using var other = world.Open();
        using var foreign = other.BeginTransaction();
        using var command = new SluiceCommand("SELECT 1", connection, foreign);
        Assert.Throws<InvalidOperationException>(() => command.ExecuteScalar());
        command.Transaction = null;
        using (var transaction = connection.BeginTransaction())
        {
            Assert.Throws<InvalidOperationException>(() => command.ExecuteScalar());
            command.Transaction = transaction;
            Assert.Equal(1, command.ExecuteScalar());
            transaction.Rollback();
        }

        Assert.Equal(1, command.ExecuteScalar());
    }
}

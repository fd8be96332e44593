using System.Data;
using System.Data.Common;
using Sluice.Data;
using Sluice.Engine;
using Xunit;

namespace Sluice.Tests.Data;

public sealed class SluiceCommandTests(DataWorld world) : IClassFixture<DataWorld>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_new_command_is_empty()
    {
        using var command = new SluiceCommand();

        Assert.Equal(("", CommandType.Text, 0), (command.CommandText, command.CommandType, command.CommandTimeout));
        command.CommandText = null;
        Assert.Equal("", command.CommandText);
        Assert.Empty(command.Parameters);
        Assert.Same(command.Parameters, command.Parameters);
        command.Cancel();
        Assert.Throws<ArgumentException>(() => command.CommandTimeout = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => command.CommandType = (CommandType)7);
    }

    [Fact]
    public async Task Without_text_or_open_connection_nothing_runs()
    {
        using var closed = new SluiceConnection(world.ConnectionString);
        using var open = world.Open();
        foreach (var command in new[] { new SluiceCommand("SELECT 1"), new SluiceCommand("SELECT 1", closed), new SluiceCommand("", open) })
        {
            Assert.Throws<InvalidOperationException>(command.Prepare);
            Assert.Throws<InvalidOperationException>(() => command.ExecuteNonQuery());
            Assert.Throws<InvalidOperationException>(() => command.ExecuteScalar());
            Assert.Throws<InvalidOperationException>(() => command.ExecuteReader());
            await Assert.ThrowsAsync<InvalidOperationException>(() => command.ExecuteReaderAsync(Cancel));
            await Assert.ThrowsAsync<InvalidOperationException>(() => command.ExecuteScalarAsync(Cancel));
        }
    }

    [Fact]
    public void While_its_reader_is_open_it_and_its_connection_are_busy()
    {
        using var connection = world.Open();
        using var command = new SluiceCommand("SELECT 1", connection);
        using var other = new SluiceCommand("SELECT 2", connection);
        using (command.ExecuteReader())
        {
            Assert.Throws<InvalidOperationException>(() => command.CommandText = "SELECT 2");
            Assert.Throws<InvalidOperationException>(() => command.Connection = null);
            Assert.Throws<InvalidOperationException>(() => command.ExecuteReader());
            Assert.Throws<InvalidOperationException>(() => other.ExecuteScalar());
        }

        Assert.Equal(2, other.ExecuteScalar());
        command.Connection = null;
        Assert.Null(command.Connection);
    }

    [Theory]
    [InlineData("SELECT 42, 43", 42)]
    [InlineData("SELECT 42; SELECT 43", 42)]
    [InlineData("SELECT 42 UNION ALL SELECT 43", 42)]
    [InlineData("SELECT 'test'", "test")]
    [InlineData("SELECT 1 WHERE false", null)]
    [InlineData("-- only a comment", null)]
    public void A_scalar_is_the_first_value_of_the_first_row(string sql, object? expected)
    {
        using var connection = world.Open();
        using var command = new SluiceCommand(sql, connection);

        Assert.Equal(expected, command.ExecuteScalar());
    }

    [Fact]
    public void NULL_is_DBNull_and_a_query_changes_no_rows()
    {
        using var connection = world.Open();

        Assert.Equal(DBNull.Value, new SluiceCommand("SELECT NULL", connection).ExecuteScalar());
        Assert.Equal(-1, new SluiceCommand("SELECT 1; SELECT 2", connection).ExecuteNonQuery());
    }

    [Theory]
    [InlineData("SELECT * FROM campains", "Did you mean \"campaigns\"?")]
    [InlineData("DELETE FROM campaigns", "Customer.io has no call that changes campaigns: nothing was sent.")]
    [InlineData("SELECT $id", "Add a parameter id to the command.")]
    [InlineData("ATTACH 'x.db'", "can't be reached from here.")]
    [InlineData("SELECT @p", "Referenced column \"p\" was not found")]
    public async Task What_is_wrong_is_a_DbException_with_what_to_do(string sql, string expected)
    {
        await using var connection = world.Open();
        await using var command = new SluiceCommand(sql, connection);

        var error = await Assert.ThrowsAsync<SluiceDbException>(() => command.ExecuteReaderAsync(Cancel));

        Assert.IsAssignableFrom<DbException>(error);
        Assert.Equal((SluiceErrorKind.Config, "42000"), (error.Kind, error.SqlState));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("--", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await new SluiceCommand("SELECT 1", connection).ExecuteScalarAsync(Cancel));
    }

    [Fact]
    public async Task A_query_that_is_too_expensive_says_which_key_allows_it()
    {
        await using var connection = world.Open("MaxRequests=2");
        await using var command = new SluiceCommand("SELECT count(*) FROM messages", connection);

        var error = await Assert.ThrowsAsync<SluiceDbException>(() => command.ExecuteScalarAsync(Cancel));

        Assert.Matches(@"MaxRequests=\d+ in the connection string", error.Hint);
        Assert.EndsWith(error.Hint!, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_can_be_named_instead_of_a_query()
    {
        await using var connection = world.Open();
        await using var command = new SluiceCommand("Campaigns", connection) { CommandType = CommandType.TableDirect };
        await using (var reader = await command.ExecuteReaderAsync(Cancel))
        {
            Assert.Equal("id", reader.GetName(0));
            Assert.True(reader.HasRows);
        }

        command.CommandText = "campaigns; SELECT 1";
        await Assert.ThrowsAsync<SluiceDbException>(() => command.ExecuteReaderAsync(Cancel));
    }

    [Fact]
    public async Task Preparing_and_asking_for_columns_alone_cost_nothing()
    {
        await using var connection = world.Open();
        var requests = 0;
        connection.RequestSent += (_, _) => Interlocked.Increment(ref requests);
        await using var command = new SluiceCommand("SELECT id, name, created FROM campaigns WHERE id = @id", connection);
        command.Parameters.Add(new SluiceParameter { ParameterName = "id" });

        await command.PrepareAsync(Cancel);
        command.Parameters["id"].Value = 5;
        await using (var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, Cancel))
        {
            Assert.Equal(["BIGINT", "VARCHAR", "TIMESTAMP WITH TIME ZONE"], Enumerable.Range(0, 3).Select(reader.GetDataTypeName));
            Assert.False(reader.HasRows);
            Assert.False(await reader.ReadAsync(Cancel));
        }

        command.CommandText = "EXPLAIN SELECT * FROM campaign_actions";
        await (await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, Cancel)).DisposeAsync();
        Assert.Equal(0, requests);
        command.CommandText = "SELECT nam FROM campaigns";
        await Assert.ThrowsAsync<SluiceDbException>(() => command.PrepareAsync(Cancel));
        Assert.Equal(0, requests);
    }

    [Fact]
    public async Task Explain_gives_the_price_as_rows()
    {
        await using var connection = world.Open();
        await using var command = new SluiceCommand("EXPLAIN SELECT * FROM campaign_actions WHERE campaign_id = 2", connection);
        await using (var reader = await command.ExecuteReaderAsync(Cancel))
        {
            Assert.True(await reader.ReadAsync(Cancel));
            Assert.Equal(("campaign_actions", "campaign_id", 1L), (reader["table_name"], reader["pushed_down"], reader["likely_requests"]));
            Assert.Equal(DBNull.Value, reader["requests"]);
            Assert.Equal(1, reader.Report!.LikelyRequests);
            Assert.False(await reader.ReadAsync(Cancel));
        }

        command.CommandText = "EXPLAIN ANALYZE SELECT * FROM campaign_actions WHERE campaign_id = 2";
        await using var analyzed = await command.ExecuteReaderAsync(Cancel);
        Assert.True(await analyzed.ReadAsync(Cancel));
        Assert.Equal((1L, 2L), (analyzed["requests"], analyzed["rows"]));
    }

    [Fact]
    public async Task A_token_that_is_cancelled_runs_nothing()
    {
        await using var connection = world.Open();
        await using var command = new SluiceCommand("SELECT 1", connection);
        var cancelled = new CancellationToken(canceled: true);
        foreach (var task in new Task[]
        {
            command.ExecuteReaderAsync(cancelled), command.ExecuteScalarAsync(cancelled), command.ExecuteNonQueryAsync(cancelled),
        })
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
            Assert.True(task.IsCanceled);
        }

        Assert.Equal(1, await command.ExecuteScalarAsync(Cancel));
    }
}

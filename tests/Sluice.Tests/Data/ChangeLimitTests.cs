using System.Data;
using Sluice.Data;
using Sluice.Engine;
using Sluice.Tests.Writes;
using Xunit;

namespace Sluice.Tests.Data;

/// <summary>Changes by ADO.NET: how far they may go, and what stops them.</summary>
public sealed class ChangeLimitTests : IAsyncLifetime
{
    private StatementBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await StatementBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("DELETE FROM customers WHERE id = '1'", 1, "people")]
    [InlineData("DELETE FROM snippets WHERE name = 'address'", 1, "people")]
    [InlineData("UPDATE snippets SET value = value || '!'", 3, "without WHERE")]
    [InlineData("UPDATE snippets SET value = value || '!' WHERE name <> ''", 3, "3 rows")]
    public async Task What_goes_far_needs_its_number(string sql, int rows, string what)
    {
        await using var connection = Open("MaxWrites=2");
        await using var command = new SluiceCommand(sql, connection);

        var error = await FailAsync(command);
        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(what == "people" ? "1 row." : what, error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"; ConfirmWrites = {rows} of the command agrees to them.", error.Message, StringComparison.Ordinal);
        command.ConfirmWrites = rows + 1;
        Assert.Contains($"'{rows + 1}' is not their number.", (await FailAsync(command)).Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Journals.List());
        command.ConfirmWrites = rows;

        Assert.Equal(rows, await command.ExecuteNonQueryAsync(Cancel));
    }

    [Fact]
    public async Task More_rows_than_usual_are_allowed_by_the_command()
    {
        await using var connection = Open("MaxWrites=2");
        await using var command = new SluiceCommand("UPDATE snippets SET value = 'x' WHERE name <> ''", connection);
        Assert.Equal(2, command.MaxWrites);
        command.MaxWrites = 3;

        Assert.Equal(3, await command.ExecuteNonQueryAsync(Cancel));
        Assert.Throws<ArgumentException>(() => command.MaxWrites = -1);
    }

    [Fact]
    public async Task A_handler_sees_the_calls_before_they_are_sent_and_can_cancel_or_agree()
    {
        await using var connection = Open();
        await using var command = new SluiceCommand("DELETE FROM customers WHERE id = '1'", connection);
        var seen = new List<string>();
        var cancels = true;
        connection.Planned += (_, planned) =>
        {
            seen.AddRange(planned.Write?.Calls.Select(call => call.Verb) ?? ["read"]);
            (planned.Cancel, planned.ConfirmWrites) = (planned.Write is not null && cancels, planned.Write?.Count);
        };

        var error = await FailAsync(command);
        Assert.Equal((SluiceErrorKind.Cancelled, "Nothing was sent: a handler of Planned has cancelled it."), (error.Kind, error.Message));
        Assert.Equal(["read", "delete"], seen);
        Assert.NotNull(_bench.World.People.FindById("1"));
        cancels = false;

        Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancel));
        Assert.Null(_bench.World.People.FindById("1"));
    }

    [Fact]
    public async Task A_connection_that_only_reads_changes_nothing()
    {
        await using var connection = Open("ReadOnly=true");
        await using var command = new SluiceCommand("INSERT INTO snippets(name, value) VALUES ('a', '1')", connection);

        Assert.Contains("the connection only reads: nothing was sent", (await FailAsync(command)).Message, StringComparison.Ordinal);
        command.CommandText = "SELECT count(*) FROM snippets";
        Assert.Equal(3L, await command.ExecuteScalarAsync(Cancel));
        command.CommandText = "FROM (DELETE FROM snippets RETURNING name)";
        await FailAsync(command);
        Assert.Empty(_bench.Journals.List());
    }

    [Fact]
    public async Task Preparing_and_asking_for_columns_alone_change_nothing()
    {
        await using var connection = Open();
        var requests = 0;
        connection.RequestSent += (_, _) => Interlocked.Increment(ref requests);
        await using var command = new SluiceCommand("UPDATE snippets SET value = @v WHERE name = 'address' RETURNING name", connection);
        command.Parameters.Add(new SluiceParameter { ParameterName = "v" });

        await command.PrepareAsync(Cancel);
        command.Parameters["v"].Value = "x";
        await (await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, Cancel)).DisposeAsync();

        Assert.Equal(0, requests);
        Assert.Empty(_bench.Journals.List());
        command.CommandText = "UPDATE snippets SET valu = 'x'";
        await Assert.ThrowsAsync<SluiceDbException>(() => command.PrepareAsync(Cancel));
        Assert.Equal(0, requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancel_and_tokens_stop_between_two_calls_and_say_how_many_were_made(bool byToken)
    {
        await using var connection = Open();
        await using var command = new SluiceCommand("INSERT INTO segments(name) VALUES ('s1'), ('s2'), ('s3')", connection);
        using var stop = new CancellationTokenSource();
        var (isStopped, made) = (false, 0);
        connection.RequestSent += (_, sent) =>
        {
            if (sent.Attempt.Endpoint.StartsWith("POST", StringComparison.Ordinal) && ++made == 2 && !isStopped)
            {
                isStopped = true;
                (byToken ? stop.Cancel : (Action)command.Cancel)();
            }
        };

        var error = await Assert.ThrowsAnyAsync<Exception>(() => command.ExecuteNonQueryAsync(stop.Token));

        Assert.Equal(byToken ? typeof(OperationCanceledException) : typeof(SluiceDbException), error.GetType());
        Assert.Contains("2 of 3 changes were made before", error.Message, StringComparison.Ordinal);
        Assert.Equal(3, await command.ExecuteNonQueryAsync(Cancel));
        Assert.Equal("3", await _bench.AskAsync("SELECT count(*) FROM segments WHERE name IN ('s1', 's2', 's3')"));
    }

    [Fact]
    public async Task No_transaction_takes_a_change_back_and_it_is_said()
    {
        await using var connection = Open();
        await using (var transaction = connection.BeginTransaction())
        {
            await using var command = new SluiceCommand("UPDATE snippets SET value = 'x' WHERE name = 'address'", connection, transaction);
            await command.ExecuteNonQueryAsync(Cancel);
            var error = Assert.Throws<SluiceDbException>(transaction.Rollback);
            Assert.Contains("ROLLBACK can't take back what was sent", error.Message, StringComparison.Ordinal);
            Assert.Null(transaction.Connection);
        }

        connection.BeginTransaction().Rollback();
        Assert.Equal("x", await _bench.AskAsync("SELECT value FROM snippets WHERE name = 'address'"));
        Assert.Equal(-1, await new SluiceCommand("BEGIN; SELECT 1; ROLLBACK", connection).ExecuteNonQueryAsync(Cancel));
    }

    private static Task<SluiceDbException> FailAsync(SluiceCommand command) =>
        Assert.ThrowsAsync<SluiceDbException>(() => command.ExecuteNonQueryAsync(Cancel));

    private SluiceConnection Open(string more = "")
    {
        var connection = new SluiceConnection($"{_bench.ConnectionString};{more}");
        connection.Open();
        return connection;
    }
}

using System.Data;
using System.Globalization;
using Dapper;
using Sluice.Data;
using Sluice.Engine;
using Sluice.Tests.Writes;
using Xunit;

namespace Sluice.Tests.Data;

/// <summary>INSERT, UPDATE, DELETE, MERGE and procedures by ADO.NET: what they give.</summary>
public sealed class ChangeTests : IAsyncLifetime
{
    private const string Email = "SendTransactionalEmailWithTemplate";

    private StatementBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await StatementBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Statements_give_the_number_of_rows_that_they_have_changed()
    {
        await using var connection = Open();
        Assert.Equal(2, await DoAsync(connection, "INSERT INTO snippets(name, value) VALUES ('a', '1'), ('b', '2')"));
        Assert.Equal(1, await DoAsync(connection, "UPDATE snippets SET value = @v WHERE name = @n", ("v", "it's"), ("n", "a")));
        Assert.Equal(0, await DoAsync(connection, "UPDATE snippets SET value = value WHERE name = 'a'"));
        Assert.Equal(2, await DoAsync(connection, """
            MERGE INTO snippets USING (VALUES ('b', '3'), ('c', '4')) s(name, value) ON snippets.name = s.name
            WHEN MATCHED THEN UPDATE SET value = s.value WHEN NOT MATCHED THEN INSERT (name, value) VALUES (s.name, s.value)
            """));
        connection.Planned += (_, planned) => planned.ConfirmWrites = planned.Write?.Count;
        Assert.Equal(
            3,
            await DoAsync(connection, "UPDATE snippets SET value = 'x' WHERE name = 'a'; SELECT 1; DELETE FROM snippets WHERE name IN ('b', 'c')"));
        Assert.Equal("a,x", await _bench.AskAsync("SELECT name, value FROM snippets WHERE name IN ('a', 'b', 'c')"));
        Assert.Equal(-1, await DoAsync(connection, "SELECT 1"));
        Assert.Equal(5, _bench.Journals.List().Count);
    }

    [Fact]
    public async Task RETURNING_gives_rows_with_the_ids_that_Customer_io_has_given()
    {
        await using var connection = Open();
        await using var command = new SluiceCommand("INSERT INTO segments(name) VALUES ('vip') RETURNING id, name", connection);

        await using (var reader = await command.ExecuteReaderAsync(Cancel))
        {
            Assert.Equal(("id", "name", 1), (reader.GetName(0), reader.GetName(1), reader.RecordsAffected));
            Assert.True(await reader.ReadAsync(Cancel));
            Assert.Equal("vip", reader.GetString(1));
            Assert.Equal(
                reader.GetInt64(0), long.Parse(await _bench.AskAsync("SELECT id FROM segments WHERE name = 'vip'"), CultureInfo.InvariantCulture));
            Assert.False(await reader.ReadAsync(Cancel));
        }

        (command.CommandText, command.ConfirmWrites) = ("DELETE FROM segments WHERE name = 'vip'", 1);
        await using var deleted = await command.ExecuteReaderAsync(Cancel);
        Assert.Equal((0, false, 1), (deleted.FieldCount, deleted.HasRows, deleted.RecordsAffected));
    }

    [Fact]
    public async Task A_procedure_is_a_name_with_parameters_and_answers_with_rows()
    {
        await using var connection = Open();
        await using var command = new SluiceCommand(Email, connection) { CommandType = CommandType.StoredProcedure };
        command.Parameters.AddWithValue("TransactionalMessageId", 1);
        command.Parameters.AddWithValue("@To", "a@example.com");
        command.Parameters.AddWithValue("identifiers_email", "a@example.com");
        command.Parameters.AddWithValue("MessageData", "{\"name\":\"it's\"}");
        var before = _bench.World.Deliveries.Extra.Count;

        await using (var reader = await command.ExecuteReaderAsync(Cancel))
        {
            Assert.True(await reader.ReadAsync(Cancel));
            Assert.Equal(DateTimeKind.Utc, reader.GetDateTime(reader.GetOrdinal("queued_at")).Kind);
            Assert.NotEmpty(reader.GetString(reader.GetOrdinal("delivery_id")));
            Assert.Equal(("done", 1), (reader["outcome"], reader.RecordsAffected));
        }

        Assert.Equal(before + 1, _bench.World.Deliveries.Extra.Count);
        Assert.IsType<string>(await new SluiceCommand($"CALL {Email}('1', 'a@example.com', 'a@example.com')", connection).ExecuteScalarAsync(Cancel));
        command.CommandText = "SendTransactionalEmail";
        Assert.Contains("There is no procedure", (await FailAsync(command)).Message, StringComparison.Ordinal);
        (command.CommandText, command.Parameters[0].ParameterName) = (Email, "TransactionalMesageId");
        Assert.Contains("TransactionalMesageId", (await FailAsync(command)).Message, StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => command.Parameters[0].Direction = ParameterDirection.ReturnValue);
        Assert.Equal(before + 2, _bench.World.Deliveries.Extra.Count);
    }

    [Fact]
    public async Task Dapper_executes_statements_and_procedures()
    {
        await using var connection = Open();
        connection.Planned += (_, planned) => planned.ConfirmWrites = planned.Write?.Count;

        Assert.Equal(2, await connection.ExecuteAsync(
            "INSERT INTO snippets(name, value) VALUES (@name, @value)", new[] { new { name = "d1", value = "1" }, new { name = "d2", value = "2" } }));
        Assert.Equal(1, await connection.ExecuteAsync("DELETE FROM snippets WHERE name IN @names", new { names = new[] { "d1" } }));
        var sent = await connection.ExecuteAsync("TrackEvent", new { Name = "x", Identifiers_Id = "1" }, commandType: CommandType.StoredProcedure);
        Assert.Equal(1, sent);
        Assert.Equal(["d2"], await connection.QueryAsync<string>("UPDATE snippets SET value = 'z' WHERE name = 'd2' RETURNING name"));
    }

    [Fact]
    public async Task A_refusal_is_an_error_that_says_what_was_done_and_the_same_statement_goes_on()
    {
        await using var connection = Open();
        const string Sql = "INSERT INTO snippets(name, value) VALUES ('n1', 'v'), ('address', 'v'), ('n2', 'v')";
        await using var command = new SluiceCommand(Sql, connection);

        var error = await FailAsync(command);

        Assert.Equal((SluiceErrorKind.Api, false), (error.Kind, error.IsTransient));
        Assert.StartsWith(
            "INSERT snippets: 1 of 3 changes were made, 1 refused, 0 unknown, 1 not tried. POST /v1/snippets name=address: A snippet with that name",
            error.Message, StringComparison.Ordinal);
        await using var delete = new SluiceCommand("DELETE FROM snippets WHERE name = 'address'", connection) { ConfirmWrites = 1 };
        Assert.Equal(1, await delete.ExecuteNonQueryAsync(Cancel));
        Assert.Equal(3, await command.ExecuteNonQueryAsync(Cancel));
        Assert.Equal("3", await _bench.AskAsync("SELECT count(*) FROM snippets WHERE name IN ('n1', 'n2', 'address')"));
    }

    [Fact]
    public async Task After_a_refusal_the_others_are_made_where_the_command_or_the_connection_says_so()
    {
        await using var connection = Open("ContinueAfterRefusal=true");
        const string Sql = "INSERT INTO snippets(name, value) VALUES ('n1', 'v'), ('address', 'v'), ('n2', 'v')";
        await using var command = new SluiceCommand(Sql, connection);
        Assert.True(command.ContinueAfterRefusal);

        var error = await FailAsync(command);

        Assert.StartsWith("INSERT snippets: 2 of 3 changes were made, 1 refused, 0 unknown, 0 not tried.", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ContinueAfterRefusal", error.Message, StringComparison.Ordinal);
        command.CommandText = command.CommandText.Replace("'n", "'m", StringComparison.Ordinal);
        command.ContinueAfterRefusal = false;
        error = await FailAsync(command);
        Assert.EndsWith("ContinueAfterRefusal of the command makes those that were not tried.", error.Message, StringComparison.Ordinal);
        command.ContinueAfterRefusal = true;
        Assert.Contains("2 of 3 changes were made", (await FailAsync(command)).Message, StringComparison.Ordinal);
        Assert.Equal("4", await _bench.AskAsync("SELECT count(*) FROM snippets WHERE name IN ('n1', 'n2', 'm1', 'm2')"));
    }

    [Fact]
    public async Task What_Customer_io_has_queued_and_dropped_fails_the_command_and_is_named_without_values()
    {
        await using var connection = Open("VerifyWait=0");
        await using var command = new SluiceCommand(
            "UPDATE customers SET attributes = json_merge_patch(attributes, '{\"colour\":\"green\"}') WHERE id = '1'", connection);
        var kept = _bench.World.People.KeyOf(_bench.World.People.FindById("1")!.Value).CioId;
        await _bench.Simulator.PostAsync("/_sim/faults", new { faults = new[] { $"drop-change:{kept}" } });

        var error = await FailAsync(command);

        Assert.Equal(SluiceErrorKind.Api, error.Kind);
        Assert.StartsWith(
            $"UPDATE customers: Customer.io has queued all changes; not as sent is 1 of 1 that were read back: cio_id={kept}: "
                + "colour is not what was sent\n",
            error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("green", error.Message, StringComparison.Ordinal);
        await using var unread = Open("Verify=none");
        Assert.Equal(1, await DoAsync(unread, command.CommandText));
        await _bench.Simulator.PostAsync("/_sim/faults", new { faults = Array.Empty<string>() });
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var verification = reader.Changes!.Verification!;
        Assert.Equal((1, true, 0), (verification.Rows, verification.IsSample, verification.Different.Count));
    }

    [Fact]
    public async Task A_program_that_was_killed_goes_on_with_the_same_statement_and_sends_nothing_blindly_again()
    {
        const string Sql = "INSERT INTO segments(name) VALUES ('k1'), ('k2'), ('k3')";
        await using (var connection = Open())
        {
            connection.RequestSent += (_, sent) => _ = sent.Attempt.Endpoint.StartsWith("POST", StringComparison.Ordinal)
                ? throw new InvalidOperationException("killed")
                : 0;
            await Assert.ThrowsAnyAsync<Exception>(() => DoAsync(connection, Sql));
        }

        await using var again = Open();
        await using var command = new SluiceCommand(Sql, again);
        var error = await FailAsync(command);
        Assert.StartsWith("INSERT segments: 0 of 3 changes were made, 0 refused, 1 unknown, 2 not tried.", error.Message, StringComparison.Ordinal);
        Assert.Contains("sluice writes forget", error.Message, StringComparison.Ordinal);
        command.ContinueAfterRefusal = true;
        Assert.Contains("2 of 3 changes were made, 0 refused, 1 unknown, 0 not tried.", (await FailAsync(command)).Message, StringComparison.Ordinal);
        Assert.Equal("k1\nk2\nk3", await _bench.AskAsync("SELECT name FROM segments WHERE name LIKE 'k_' ORDER BY name"));
    }

    [Fact]
    public async Task A_missing_Track_key_is_told_in_the_words_of_connection_strings()
    {
        await using var connection = new SluiceConnection(
            $"ApiKey=sim-app-key;BaseUrl=http://127.0.0.1:9;CacheTtl=0;WorkFolder={_bench.Work}");
        await connection.OpenAsync(Cancel);

        var error = await FailAsync(new SluiceCommand("UPDATE customers SET unsubscribed = true WHERE id = '1'", connection));

        Assert.Contains("Give SiteId and TrackKey in the connection string", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_adapter_brings_rows_back_by_the_commands_that_it_is_given()
    {
        using var connection = Open();
        using var adapter = new SluiceDataAdapter("SELECT name, value FROM snippets WHERE name = 'address'", connection);
        using var update = new SluiceCommand("UPDATE snippets SET value = @value WHERE name = @name", connection);
        update.Parameters.Add(new SluiceParameter { ParameterName = "value", SourceColumn = "value" });
        update.Parameters.Add(new SluiceParameter { ParameterName = "name", SourceColumn = "name" });
        adapter.UpdateCommand = update;
        using var table = new DataTable();
        adapter.Fill(table);
        table.Rows[0]["value"] = "by an adapter";

        Assert.Equal(1, adapter.Update(table));
        Assert.Equal("by an adapter", new SluiceCommand("SELECT value FROM snippets WHERE name = 'address'", connection).ExecuteScalar());
    }

    private static async Task<int> DoAsync(SluiceConnection connection, string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = new SluiceCommand(sql, connection);
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return await command.ExecuteNonQueryAsync(Cancel);
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

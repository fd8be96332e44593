using System.Data;
using System.Data.Common;
using Sluice.Data;
using Xunit;

namespace Sluice.Tests.Data;

public sealed class SluiceDataReaderTests(DataWorld world) : IClassFixture<DataWorld>
{
    private const string Every = "SELECT 'a' AS text, 1 AS number, NULL AS nothing, from_hex('01020304') AS bytes";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, Action<SluiceDataReader>> OfARow() => new()
    {
        { "GetValue", reader => reader.GetValue(0) },
        { "GetValues", reader => reader.GetValues(new object[1]) },
        { "IsDBNull", reader => reader.IsDBNull(0) },
        { "GetString", reader => reader.GetString(0) },
        { "GetInt64", reader => reader.GetInt64(1) },
        { "GetFieldValue", reader => reader.GetFieldValue<object>(0) },
        { "GetBytes", reader => reader.GetBytes(3, 0, new byte[1], 0, 1) },
        { "GetChars", reader => reader.GetChars(0, 0, new char[1], 0, 1) },
        { "GetStream", reader => reader.GetStream(3) },
        { "GetTextReader", reader => reader.GetTextReader(0) },
    };

    public static TheoryData<string, Action<SluiceDataReader>> OfAResult() => new()
    {
        { "GetName", reader => reader.GetName(0) },
        { "GetFieldType", reader => reader.GetFieldType(0) },
        { "GetDataTypeName", reader => reader.GetDataTypeName(0) },
        { "GetOrdinal", reader => reader.GetOrdinal("text") },
    };

    public static TheoryData<string, Action<SluiceDataReader>> OfAnOpenReader() => new()
    {
        { "FieldCount", reader => _ = reader.FieldCount },
        { "HasRows", reader => _ = reader.HasRows },
        { "Read", reader => reader.Read() },
        { "NextResult", reader => reader.NextResult() },
        { "GetSchemaTable", reader => reader.GetSchemaTable() },
        { "GetColumnSchema", reader => reader.GetColumnSchema() },
    };

    [Theory]
    [MemberData(nameof(OfARow))]
    public void A_value_needs_a_row(string name, Action<SluiceDataReader> read)
    {
        using var reader = Run(Every);
        Assert.Throws<InvalidOperationException>(() => read(reader));
        Assert.True(reader.Read());
        read(reader);
        Assert.False(reader.Read());
        Assert.Throws<InvalidOperationException>(() => read(reader));
        reader.Close();
        Assert.Throws<InvalidOperationException>(() => read(reader));
        Assert.NotEmpty(name);
    }

    [Theory]
    [MemberData(nameof(OfAResult))]
    public void A_column_needs_a_result(string name, Action<SluiceDataReader> read)
    {
        using var reader = Run(Every);
        read(reader);
        Assert.False(reader.NextResult());
        Assert.Throws<InvalidOperationException>(() => read(reader));
        Assert.NotEmpty(name);
    }

    [Theory]
    [MemberData(nameof(OfAResult))]
    [MemberData(nameof(OfAnOpenReader))]
    public void A_closed_reader_answers_nothing(string name, Action<SluiceDataReader> read)
    {
        var reader = Run(Every);
        read(reader);
        reader.Close();
        Assert.True(reader.IsClosed);
        Assert.Throws<InvalidOperationException>(() => read(reader));
        reader.Dispose();
        Assert.NotEmpty(name);
    }

    [Fact]
    public void Behind_the_last_result_there_is_nothing_left()
    {
        using var reader = Run("SELECT 1");
        Assert.False(reader.NextResult());
        Assert.False(reader.NextResult());
        Assert.Equal((0, false, false), (reader.FieldCount, reader.HasRows, reader.Read()));
        Assert.Null(reader.GetSchemaTable());
        Assert.Empty(reader.GetColumnSchema());
        Assert.Null(reader.Report);
    }

    [Fact]
    public void Names_and_places_find_columns()
    {
        using var reader = Run("SELECT 1 AS id, 2 AS \"Name\", 3 AS \"name \"");

        Assert.Equal(("id", 0, 1), (reader.GetName(0), reader.GetOrdinal("ID"), reader.GetOrdinal("name")));
        Assert.Contains(
            "Did you mean", Assert.Throws<IndexOutOfRangeException>(() => reader.GetOrdinal("nam")).Message, StringComparison.Ordinal);
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetName(3));
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetFieldType(-1));
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetDataTypeName(3));
        Assert.True(reader.Read());
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetValue(3));
        Assert.Equal((1, 2), (reader["ID"], reader[1]));
        Assert.Equal((0, -1), (reader.Depth, reader.RecordsAffected));
    }

    [Fact]
    public void Values_go_into_arrays_of_any_length()
    {
        using var reader = Run(Every);
        reader.Read();
        var values = new object[6];
        Assert.Equal(4, reader.GetValues(values));
        Assert.Equal(("a", 1, DBNull.Value), (values[0], values[1], values[2]));
        Assert.Equal(0, reader.GetValues([]));
        Assert.Throws<ArgumentNullException>(() => reader.GetValues(null!));
    }

    [Fact]
    public async Task Several_queries_are_asked_for_one_after_another()
    {
        await using var connection = world.Open();
        var requests = 0;
        connection.RequestSent += (_, _) => Interlocked.Increment(ref requests);
        await using var command = new SluiceCommand("SELECT 1 WHERE false; SELECT count(*) FROM campaigns; SELECT 3", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);

        Assert.False(reader.HasRows);
        Assert.Equal(0, requests);
        Assert.True(await reader.NextResultAsync(Cancel));
        Assert.Equal(1, requests);
        Assert.True(reader.HasRows && await reader.ReadAsync(Cancel));
        Assert.Equal(5L, reader.GetInt64(0));
        Assert.Equal(1, reader.Report!.Requests);
        Assert.True(await reader.NextResultAsync(Cancel));
        Assert.True(await reader.ReadAsync(Cancel));
        Assert.Equal(3, reader.GetInt32(0));
        Assert.False(await reader.NextResultAsync(Cancel));
    }

    [Theory]
    [InlineData(CommandBehavior.SingleRow, 1)]
    [InlineData(CommandBehavior.SingleResult, 2)]
    public void Fewer_rows_or_results_can_be_wanted(CommandBehavior behavior, int rows)
    {
        using var connection = world.Open();
        using var command = new SluiceCommand("SELECT 1 UNION ALL SELECT 2; SELECT 3", connection);
        using var reader = command.ExecuteReader(behavior);

        var read = 0;
        while (reader.Read())
        {
            read++;
        }

        Assert.Equal(rows, read);
        Assert.False(reader.Read());
        Assert.False(reader.NextResult());
    }

    [Fact]
    public async Task Closing_it_can_close_the_connection()
    {
        await using var connection = world.Open();
        await using (await new SluiceCommand("SELECT 1", connection).ExecuteReaderAsync(CommandBehavior.CloseConnection, Cancel))
        {
            Assert.Equal(ConnectionState.Open, connection.State);
        }

        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public void It_outlives_its_command()
    {
        using var connection = world.Open();
        SluiceDataReader reader;
        using (var command = new SluiceCommand("SELECT 'test'", connection))
        {
            reader = command.ExecuteReader();
        }

        Assert.True(reader.Read());
        Assert.Equal("test", reader.GetString(0));
        reader.Dispose();
    }

    [Fact]
    public async Task Tokens_that_are_cancelled_cancel_what_is_read()
    {
        using var reader = Run(Every);
        reader.Read();
        var cancelled = new CancellationToken(canceled: true);
        foreach (var task in new Task[]
        {
            reader.IsDBNullAsync(0, cancelled), reader.GetFieldValueAsync<string>(0, cancelled), reader.ReadAsync(cancelled),
            reader.NextResultAsync(cancelled),
        })
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
            Assert.True(task.IsCanceled);
        }
    }

    [Fact]
    public void Rows_can_be_enumerated()
    {
        using var reader = Run("SELECT 1 AS n UNION ALL SELECT 2");

        Assert.Equal([1, 2], reader.Cast<DbDataRecord>().Select(row => row.GetInt32(0)));
        Assert.False(reader.IsClosed);
    }

    [Fact]
    public void Parts_of_bytes_and_texts_are_copied()
    {
        using var reader = Run("SELECT from_hex('01020304'), 'abcd'");
        reader.Read();
        var (bytes, letters) = (new byte[5], new char[5]);

        Assert.Equal((4, 4), (reader.GetBytes(0, 0, null, 0, 0), reader.GetChars(1, 0, null, 0, 0)));
        Assert.Equal((2, 2), (reader.GetBytes(0, 1, bytes, 2, 2), reader.GetChars(1, 1, letters, 2, 2)));
        Assert.Equal([0, 0, 2, 3, 0], bytes);
        Assert.Equal("\0\0bc\0", new string(letters));
        Assert.Equal((0, 0, 4), (reader.GetBytes(0, 6, bytes, 0, 4), reader.GetBytes(0, 0, bytes, 5, 0), reader.GetBytes(0, 0, new byte[6], 0, 6)));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.GetBytes(0, -1, bytes, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.GetBytes(0, 0, bytes, -1, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => reader.GetChars(1, 0, letters, 6, 0));
        Assert.Throws<ArgumentException>(() => reader.GetChars(1, 0, letters, 3, 3));
    }

    private SluiceDataReader Run(string sql)
    {
        var connection = world.Open();
        return new SluiceCommand(sql, connection).ExecuteReader(CommandBehavior.CloseConnection);
    }
}

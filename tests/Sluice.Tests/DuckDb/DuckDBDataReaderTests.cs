using System.Data;
using System.Numerics;
using System.Text;
using Sluice.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class DuckDBDataReaderTests
{
    [Fact]
    public void A_big_result_streams_in_little_memory()
    {
        // Complete, the result would take some 250 MB, and the limit is 50.
        using var connection = Database.InMemory("memory_limit=50MB;threads=2;temp_directory=''");
        using var command = connection.Command("SELECT range AS n, 'row number ' || range || ' with some text' AS s FROM range(3000000)");
        using var reader = command.ExecuteReader();
        var rows = 0L;
        var bytes = 0L;

        while (reader.Read())
        {
            Assert.True(reader.GetInt64(0) == rows);
            bytes += reader.GetUtf8(1).Length;
            rows++;
        }

        Assert.Equal(3_000_000, rows);
        Assert.Equal(97_888_890, bytes);
    }

    [Fact]
    public void Numbers_are_read_as_every_type_that_holds_them()
    {
        using var connection = Database.InMemory();
        using var reader = connection.Command("SELECT 42::INTEGER AS i, 42::HUGEINT AS h, 42::DECIMAL(9,2) AS d, 4.5::DECIMAL(9,2) AS f, 9223372036854775807 AS l").ExecuteReader();
        reader.Read();

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(42L, reader.GetInt64(i));
            Assert.Equal(42, reader.GetInt32(i));
            Assert.Equal((short)42, reader.GetInt16(i));
            Assert.Equal((byte)42, reader.GetByte(i));
            Assert.Equal(42m, reader.GetDecimal(i));
            Assert.Equal(42d, reader.GetDouble(i));
            Assert.Equal(42UL, reader.GetFieldValue<ulong>(i));
            Assert.Equal((Int128)42, reader.GetFieldValue<Int128>(i));
            Assert.Equal(new BigInteger(42), reader.GetFieldValue<BigInteger>(i));
            Assert.Equal(42, reader.GetFieldValue<int?>(i));
        }
        Assert.Contains("'f'", Assert.Throws<InvalidCastException>(() => reader.GetInt32(3)).Message, StringComparison.Ordinal);
        Assert.Contains("'l'", Assert.Throws<OverflowException>(() => reader.GetInt32(4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_read_as_the_types_that_hold_them()
    {
        using var connection = Database.InMemory();
        using var reader = connection.Command("SELECT '2024-02-29 01:02:03+01'::TIMESTAMPTZ, '2024-02-29 01:02:03'::TIMESTAMP, '2024-02-29'::DATE, '01:02:03'::TIME").ExecuteReader();
        reader.Read();

        Assert.Equal(new DateTime(2024, 2, 29, 0, 2, 3, DateTimeKind.Utc), reader.GetDateTime(0));
        Assert.Equal(DateTimeKind.Utc, reader.GetDateTime(0).Kind);
        Assert.Equal(DateTimeKind.Unspecified, reader.GetDateTime(1).Kind);
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.Zero), reader.GetFieldValue<DateTimeOffset>(1));
        Assert.Equal(new DateTime(2024, 2, 29), reader.GetDateTime(2));
        Assert.Equal(new TimeSpan(1, 2, 3), reader.GetFieldValue<TimeSpan>(3));
    }

    [Fact]
    public void NULL_is_asked_for_and_never_read_as_a_default()
    {
        using var connection = Database.InMemory();
        using var reader = connection.Command("SELECT NULL::BIGINT AS n, NULL::VARCHAR AS s").ExecuteReader();
        reader.Read();

        Assert.True(reader.IsDBNull(0));
        Assert.Equal(DBNull.Value, reader.GetValue(0));
        Assert.Equal(DBNull.Value, reader[1]);
        Assert.Null(reader.GetFieldValue<long?>(0));
        Assert.Contains("'n' is NULL", Assert.Throws<InvalidCastException>(() => reader.GetInt64(0)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidCastException>(() => reader.GetString(1));
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<string>(1));
        Assert.Throws<InvalidCastException>(() => reader.GetUtf8(1).Length);
    }

    [Fact]
    public void The_UTF8_bytes_of_text_need_no_copy()
    {
        using var connection = Database.InMemory();
        using var reader = connection.Command("SELECT s, 1 FROM (VALUES ('short'), ('a text that is longer: 🦆'), ('')) t(s)").ExecuteReader();
        var texts = new List<string>();

        while (reader.Read())
            texts.Add(Encoding.UTF8.GetString(reader.GetUtf8(0)));

        Assert.Equal(["short", "a text that is longer: 🦆", ""], texts);
    }

    [Fact]
    public void Bytes_and_characters_are_read_in_pieces()
    {
        using var connection = Database.InMemory();
        using var reader = connection.Command("SELECT '\\x01\\x02\\x03\\x04'::BLOB, 'abcd'").ExecuteReader();
        reader.Read();
        var bytes = new byte[3];
        var characters = new char[3];

        Assert.Equal(4, reader.GetBytes(0, 0, null, 0, 0));
        Assert.Equal(2, reader.GetBytes(0, 2, bytes, 1, 5));
        Assert.Equal([0, 3, 4], bytes);
        Assert.Equal(0, reader.GetBytes(0, 4, bytes, 0, 3));
        Assert.Equal(3, reader.GetChars(1, 1, characters, 0, 3));
        Assert.Equal("bcd", new string(characters));
        using var stream = reader.GetStream(0);
        Assert.Equal(4, stream.Length);
    }

    [Fact]
    public void Columns_describe_themselves_before_the_first_row()
    {
        using var connection = Database.InMemory();
        using var reader = connection.Command("SELECT 1.5::DECIMAL(10,2) AS Price, '{}'::JSON AS j, now() AS at WHERE false").ExecuteReader();

        Assert.False(reader.HasRows);
        Assert.Equal(["Price", "j", "at"], Enumerable.Range(0, 3).Select(reader.GetName));
        Assert.Equal(["DECIMAL(10,2)", "JSON", "TIMESTAMP WITH TIME ZONE"], Enumerable.Range(0, 3).Select(reader.GetDataTypeName));
        Assert.Equal([typeof(decimal), typeof(string), typeof(DateTimeOffset)], Enumerable.Range(0, 3).Select(reader.GetFieldType));
        Assert.Equal(0, reader.GetOrdinal("price"));
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetOrdinal("missing"));
        var column = reader.GetColumnSchema()[0];
        Assert.Equal(("Price", 10, 2, typeof(decimal)), (column.ColumnName, column.NumericPrecision, column.NumericScale, column.DataType));
        Assert.Equal(3, reader.GetSchemaTable().Rows.Count);
    }

    [Fact]
    public void A_DataTable_loads_a_reader()
    {
        using var connection = Database.InMemory();
        using var reader = connection.Command("SELECT range AS n, NULL AS x, 'a' AS s FROM range(3)").ExecuteReader();
        using var table = new DataTable();

        table.Load(reader);

        Assert.Equal(3, table.Rows.Count);
        Assert.Equal(2L, table.Rows[2]["n"]);
    }

    [Fact]
    public void HasRows_does_not_lose_a_row()
    {
        using var connection = Database.InMemory();
        using var reader = connection.Command("SELECT * FROM range(3000)").ExecuteReader();
        var rows = 0;
        Assert.True(reader.HasRows);

        while (reader.Read())
        {
            rows++;
            Assert.True(reader.HasRows);
        }

        Assert.Equal(3000, rows);
    }

    [Fact]
    public void Values_are_refused_before_the_first_row_after_the_last_and_of_columns_that_are_not()
    {
        using var connection = Database.InMemory();
        using var reader = connection.Command("SELECT 1").ExecuteReader();

        Assert.Throws<InvalidOperationException>(() => reader.GetInt32(0));
        Assert.True(reader.Read());
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetInt32(1));
        Assert.Throws<IndexOutOfRangeException>(() => reader.GetInt32(-1));
        Assert.False(reader.Read());
        Assert.Throws<InvalidOperationException>(() => reader.GetInt32(0));
        reader.Close();
        Assert.Throws<InvalidOperationException>(() => reader.GetName(0));
    }

    [Fact]
    public void An_error_in_the_middle_of_a_stream_is_thrown_and_not_an_early_end()
    {
        using var connection = Database.InMemory("threads=1");
        using var reader = connection.Command("SELECT CASE WHEN range = 5000000 THEN error('broken') ELSE range END FROM range(10000000)").ExecuteReader();
        var rows = 0;

        var error = Assert.Throws<DuckDBException>(() =>
        {
            while (reader.Read())
                rows++;
        });

        Assert.Contains("broken", error.Message, StringComparison.Ordinal);
        Assert.InRange(rows, 1, 5_000_000);
    }

    [Fact]
    public void Closing_the_reader_can_close_the_connection()
    {
        using var connection = Database.InMemory();
        using (connection.Command("SELECT 1").ExecuteReader(CommandBehavior.CloseConnection))
        {
        }

        Assert.Equal(ConnectionState.Closed, connection.State);
    }

    [Fact]
    public async Task JSON_files_are_read_without_a_network()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("a.ndjson"), "{\"id\": 1, \"tags\": [\"ü\"], \"at\": 1700000000}\n{\"id\": 2}\n", TestContext.Current.CancellationToken);
        using var connection = Database.InMemory();
        using var command = connection.Command("SELECT id, tags, make_timestamptz(\"at\" * 1000000) FROM read_json($file, columns = {id: 'BIGINT', tags: 'JSON', \"at\": 'BIGINT'}) ORDER BY id", new DuckDBParameter("file", folder.File("a.ndjson")));
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);

        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal("[\"ü\"]", reader.GetString(1));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), reader.GetFieldValue<DateTimeOffset>(2));
        Assert.True(await reader.ReadAsync(TestContext.Current.CancellationToken));
        Assert.True(await reader.IsDBNullAsync(1, TestContext.Current.CancellationToken));
        Assert.False(await reader.ReadAsync(TestContext.Current.CancellationToken));
    }
}

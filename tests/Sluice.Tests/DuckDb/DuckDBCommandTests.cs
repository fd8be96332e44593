using System.Data;
using Sluice.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class DuckDBCommandTests
{
    [Fact]
    public void ExecuteNonQuery_sums_the_rows_changed_by_all_statements()
    {
        using var connection = Database.InMemory();

        Assert.Equal(0, connection.Execute("CREATE TABLE t (n INTEGER)"));
        Assert.Equal(5, connection.Execute("INSERT INTO t SELECT range FROM range(3); UPDATE t SET n = n + 1 WHERE n < 2;"));
        Assert.Equal(3, connection.Execute("DELETE FROM t"));
        Assert.Equal(0, connection.Execute("-- nothing but a comment"));
    }

    [Fact]
    public void Later_statements_may_need_what_earlier_ones_create()
    {
        using var connection = Database.InMemory();

        var value = connection.Scalar("CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (1), (2); SELECT sum(n) FROM t;");

        Assert.Equal(new System.Numerics.BigInteger(3), value);
    }

    [Fact]
    public void A_reader_goes_through_the_row_sets_in_order()
    {
        using var connection = Database.InMemory();
        using var command = connection.Command("SELECT 1 AS a; CREATE TABLE t (n INTEGER); INSERT INTO t VALUES (5), (6); SELECT 'x' AS b, n FROM t ORDER BY n");
        using var reader = command.ExecuteReader();

        Assert.True(reader.Read());
        Assert.Equal(1, reader.GetInt32("a"));
        Assert.False(reader.Read());
        Assert.True(reader.NextResult());
        Assert.Equal(2, reader.FieldCount);
        Assert.True(reader.Read());
        Assert.True(reader.Read());
        Assert.Equal(("x", 6), (reader.GetString(0), reader.GetInt32(1)));
        Assert.False(reader.NextResult());
        Assert.False(reader.Read());
        Assert.Equal(2, reader.RecordsAffected);
    }

    [Fact]
    public void A_statement_that_fails_stops_the_ones_after_it()
    {
        using var connection = Database.InMemory();

        Assert.Throws<DuckDBException>(() => connection.Execute("CREATE TABLE a (n INTEGER); SELECT * FROM missing; CREATE TABLE b (n INTEGER)"));

        Assert.Equal("a", connection.Scalar("SELECT string_agg(table_name) FROM duckdb_tables()"));
    }

    [Fact]
    public void Named_parameters_are_found_whatever_their_order_mark_and_casing()
    {
        using var connection = Database.InMemory();

        var rows = connection.Rows(
            "SELECT $text || $Number, $number + 1",
            new DuckDBParameter("@number", 2), new DuckDBParameter("unused", 0), new DuckDBParameter("text", "n="));

        Assert.Equal(["n=2", 3], Assert.Single(rows));
    }

    [Fact]
    public void Positional_parameters_count_from_one_in_each_statement()
    {
        using var connection = Database.InMemory();

        Assert.Equal([1, 2, 1], Assert.Single(connection.Rows("SELECT $1, $2, $1", 1, 2)));
        Assert.Equal(["a", "a", "b"], Assert.Single(connection.Rows("CREATE TABLE t AS SELECT ? AS x; SELECT x, ?, ? FROM t", "a", "b")));
    }

    [Fact]
    public void A_missing_parameter_is_named()
    {
        using var connection = Database.InMemory();

        Assert.Contains("$b", Assert.Throws<InvalidOperationException>(() => connection.Scalar("SELECT $a, $b", new DuckDBParameter("a", 1))).Message, StringComparison.Ordinal);
        Assert.Contains("$2", Assert.Throws<InvalidOperationException>(() => connection.Scalar("SELECT ?, ?", 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NULL_goes_in_as_null_and_as_DBNull()
    {
        using var connection = Database.InMemory();

        Assert.Equal([DBNull.Value, DBNull.Value], Assert.Single(connection.Rows("SELECT ?::INTEGER, ?::VARCHAR", null, DBNull.Value)));
    }

    [Fact]
    public void A_scalar_without_a_row_is_null_and_of_NULL_is_DBNull()
    {
        using var connection = Database.InMemory();

        Assert.Null(connection.Scalar("SELECT 1 WHERE false"));
        Assert.Null(connection.Scalar("CREATE TABLE t (n INTEGER)"));
        Assert.Equal(DBNull.Value, connection.Scalar("SELECT NULL"));
    }

    [Fact]
    public void A_prepared_command_runs_again_with_new_values_and_after_a_schema_change()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n BIGINT)");
        using var insert = connection.Command("INSERT INTO t VALUES (?)", 0L);
        insert.Prepare();
        for (var i = 0L; i < 100; i++)
        {
            insert.Parameters[0].Value = i;
            Assert.Equal(1, insert.ExecuteNonQuery());
        }
        using var select = connection.Command("SELECT * FROM t");
        select.Prepare();
        Assert.Equal(0L, select.ExecuteScalar());

        connection.Execute("DROP TABLE t; CREATE TABLE t AS SELECT 'text' AS s");

        Assert.Equal("text", select.ExecuteScalar());
    }

    [Theory]
    [InlineData("SELEC 1", DuckDBErrorType.Parser)]
    [InlineData("SELECT * FROM missing", DuckDBErrorType.Catalog)]
    [InlineData("SELECT missing", DuckDBErrorType.Binder)]
    [InlineData("SELECT 'x'::INTEGER", DuckDBErrorType.Conversion)]
    [InlineData("SELECT x::INTEGER FROM (SELECT 'x' || range AS x FROM range(9))", DuckDBErrorType.Conversion)]
    [InlineData("CREATE TABLE t (n INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (1)", DuckDBErrorType.Constraint)]
    [InlineData("SELECT 9223372036854775807 + 1::BIGINT", DuckDBErrorType.OutOfRange)]
    [InlineData("COMMIT", DuckDBErrorType.Transaction)]
    [InlineData("SELECT * FROM read_csv('/no/such/file.csv')", DuckDBErrorType.IO)]
    [InlineData("SELECT error('my own')", DuckDBErrorType.InvalidInput)]
    public void An_error_has_its_type_and_message(string sql, DuckDBErrorType type)
    {
        using var connection = Database.InMemory();

        var error = Assert.Throws<DuckDBException>(() => connection.Rows(sql));

        Assert.Equal(type, error.ErrorType);
        Assert.NotEmpty(error.Message);
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public void Reaching_the_memory_limit_is_an_error_of_its_own()
    {
        using var connection = Database.InMemory("memory_limit=20MB;threads=1;temp_directory=''");

        var error = Assert.Throws<DuckDBException>(() => connection.Execute("CREATE TABLE t AS SELECT uuid() || range FROM range(2000000)"));

        Assert.Equal(DuckDBErrorType.OutOfMemory, error.ErrorType);
    }

    [Fact]
    public void Text_with_NUL_is_a_parameter_and_never_cut_off_SQL()
    {
        using var connection = Database.InMemory();

        Assert.Contains("position 8", Assert.Throws<ArgumentException>(() => connection.Scalar("SELECT 1\0; DROP TABLE t")).Message, StringComparison.Ordinal);
        Assert.Equal("a\0b", connection.Scalar("SELECT ?", "a\0b"));
        Assert.Equal(3L, connection.Scalar("SELECT length(?)", "a\0b"));
        Assert.Throws<InvalidOperationException>(() => connection.Scalar("  "));
    }

    [Fact]
    public void Long_text_survives_both_ways()
    {
        using var connection = Database.InMemory();
        var text = string.Concat(Enumerable.Repeat("🦆é\n", 1_000_000));

        Assert.Equal(text, connection.Scalar("SELECT ?", text));
        Assert.Equal(text, connection.Scalar($"SELECT {DuckDBLiteral.Quote(text)}"));
    }

    [Fact]
    public void A_stream_blocks_its_connection_until_it_is_at_its_end()
    {
        using var connection = Database.InMemory();
        using var command = connection.Command("SELECT * FROM range(5000)");
        using (var reader = command.ExecuteReader())
        {
            Assert.True(reader.Read());
            Assert.Contains("UseStreamingMode", Assert.Throws<InvalidOperationException>(() => connection.Scalar("SELECT 1")).Message, StringComparison.Ordinal);
            while (reader.Read())
            {
            }
            Assert.Equal(1, connection.Scalar("SELECT 1"));
        }

        command.UseStreamingMode = false;
        using var complete = command.ExecuteReader();
        complete.Read();
        Assert.Equal(1, connection.Scalar("SELECT 1"));
        var rows = 1;
        while (complete.Read())
            rows++;
        Assert.Equal(5000, rows);
    }
}

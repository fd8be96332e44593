using System.Numerics;
using Sluice.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class DuckDBAppenderTests
{
    [Theory]
    [MemberData(nameof(DuckDBTypesTests.Values), MemberType = typeof(DuckDBTypesTests))]
    public void A_value_is_appended_and_read_back_equal(string literal, string typeName, object value)
    {
        Assert.SkipWhen(typeName is "BIT" or "BIGNUM" or "TIME_NS" or "TIME WITH TIME ZONE" || typeName.StartsWith("UNION", StringComparison.Ordinal), "Can't be appended.");
        using var connection = Database.InMemory();
        connection.Execute($"CREATE TABLE t (k INTEGER, v {typeName})");
        if (typeName == "MAP(INTEGER, BOOLEAN)")
            value = new Dictionary<int, bool> { [1] = true };
        using (var appender = connection.CreateAppender("t"))
        {
            for (var i = 0; i < 5000; i++)
            {
                if (i % 3 == 0)
                    appender.CreateRow().AppendValue(i).AppendNullValue().EndRow();
                else
                    appender.CreateRow().AppendValue(i).AppendValue(value).EndRow();
            }
        }

        Assert.Equal([5000L, 3333L], Assert.Single(connection.Rows("SELECT count(*), count(v) FROM t")));
        Assert.Equal(0L, connection.Scalar($"SELECT count(*) FROM t WHERE (k % 3 = 0 AND v IS NOT NULL) OR (k % 3 <> 0 AND v IS DISTINCT FROM ({literal})::{typeName})"));
    }

    [Fact]
    public void An_int_fits_a_BIGINT_column_and_every_other_number_column()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (a BIGINT, b TINYINT, c UBIGINT, d HUGEINT, e UHUGEINT, f DOUBLE, g FLOAT, h DECIMAL(9,2), i DECIMAL(38,10))");
        using (var appender = connection.CreateAppender("t"))
        {
            var row = appender.CreateRow();
            for (var i = 0; i < 9; i++)
                row.AppendValue(100);
            row.EndRow();
            row = appender.CreateRow();
            for (var i = 0; i < 9; i++)
                row.AppendValue(100m);
            row.EndRow();
            row = appender.CreateRow();
            for (var i = 0; i < 9; i++)
                row.AppendValue((BigInteger)100);
            row.EndRow();
            row = appender.CreateRow();
            for (var i = 0; i < 9; i++)
                row.AppendValue((long?)null);
            row.EndRow();
        }

        var rows = connection.Rows("SELECT * FROM t");

        Assert.Equal(4, rows.Count);
        Assert.All(rows.Take(3), r => Assert.Equal([100L, (sbyte)100, 100UL, new BigInteger(100), new BigInteger(100), 100d, 100f, 100m, 100m], r));
        Assert.All(rows[3], v => Assert.Equal(DBNull.Value, v));
    }

    public static TheoryData<string, object> Misfits => new()
    {
        { "TINYINT", 128 },
        { "TINYINT", -129L },
        { "UTINYINT", -1 },
        { "INTEGER", 2147483648L },
        { "INTEGER", 1.5 },
        { "INTEGER", "1" },
        { "INTEGER", true },
        { "BIGINT", ulong.MaxValue },
        { "BIGINT", (Int128)long.MaxValue + 1 },
        { "BIGINT", 9223372036854775808d },
        { "BIGINT", double.NaN },
        { "UBIGINT", (BigInteger)ulong.MaxValue + 1 },
        { "HUGEINT", UInt128.MaxValue },
        { "FLOAT", 1e39 },
        { "DOUBLE", 9007199254740993L },
        { "DECIMAL(4,2)", 100 },
        { "DECIMAL(4,2)", 1.234m },
        { "DECIMAL(4,2)", double.PositiveInfinity },
        { "BOOLEAN", 1 },
        { "VARCHAR", 1 },
        { "VARCHAR", "half a pair: \ud83e" },
        { "JSON", "{\"a\":" },
        { "JSON", "" },
        { "JSON", "{} {}" },
        { "BLOB", "text" },
        { "DATE", new DateTime(2024, 1, 1, 1, 0, 0) },
        { "TIME", TimeSpan.FromHours(25) },
        { "TIMESTAMP", "2024-01-01" },
        { "TIMESTAMP_NS", DateTime.MaxValue },
        { "UUID", "00112233-4455-6677-8899-aabbccddeeff" },
        { "ENUM('a', 'b')", "c" },
        { "INTEGER[]", new[] { "a" } },
        { "INTEGER[2]", new[] { 1 } },
        { "STRUCT(a INTEGER)", new Dictionary<string, object?> { ["b"] = 1 } },
        { "BIT", "01" },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void A_value_that_does_not_fit_is_refused_with_its_column_and_the_row_can_be_discarded(string type, object value)
    {
        using var connection = Database.InMemory();
        connection.Execute($"CREATE TABLE t (k INTEGER, the_column {type})");
        using (var appender = connection.CreateAppender("t"))
        {
            var row = appender.CreateRow().AppendValue(1);
            var error = Assert.Throws<DuckDBException>(() => row.AppendValue(value));
            Assert.Equal(DuckDBErrorType.Conversion, error.ErrorType);
            Assert.Contains("'the_column'", error.Message, StringComparison.Ordinal);
            Assert.Throws<InvalidOperationException>(row.EndRow);
            Assert.Throws<InvalidOperationException>(appender.CreateRow);
            Assert.Throws<InvalidOperationException>(appender.Flush);
            row.Discard();
            appender.CreateRow().AppendValue(2).AppendNullValue().EndRow();
        }

        Assert.Equal([2, DBNull.Value], Assert.Single(connection.Rows("SELECT * FROM t")));
    }

    [Fact]
    public void The_message_holds_the_value()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n INTEGER)");
        using var appender = connection.CreateAppender("t");

        var error = Assert.Throws<DuckDBException>(() => appender.CreateRow().AppendValue(3_000_000_000L));

        Assert.Equal("Column 'n' (INTEGER) can't take the Int64 '3000000000': it is outside the type's range.", error.Message);
    }

    [Fact]
    public void A_discarded_NULL_leaves_nothing_behind()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (s VARCHAR, l INTEGER[], n INTEGER)");
        using (var appender = connection.CreateAppender("t"))
        {
            appender.CreateRow().AppendNullValue().AppendNullValue().AppendNullValue().Discard();
            appender.CreateRow().AppendValue("gone").AppendValue(new[] { 9, 9 }).Discard();
            appender.CreateRow().AppendValue("kept").AppendValue(new[] { 1 }).AppendValue(2).EndRow();
        }

        var row = Assert.Single(connection.Rows("SELECT * FROM t"));
        Assert.Equal("kept", row[0]);
        Assert.Equal(new List<object?> { 1 }, row[1]);
        Assert.Equal(2, row[2]);
    }

    [Fact]
    public void UTF8_bytes_are_appended_without_a_string_and_checked()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (s VARCHAR, j JSON)");
        using (var appender = connection.CreateAppender("t"))
        {
            appender.CreateRow().AppendUtf8("Zürich is longer than twelve bytes"u8).AppendUtf8("""{"a": [1]}"""u8).EndRow();
            appender.CreateRow().AppendUtf8(""u8).AppendUtf8("null"u8).EndRow();
            var row = appender.CreateRow();
            Assert.Throws<DuckDBException>(() => row.AppendUtf8([0xC3, 0x28]));
            row.Discard();
        }

        var rows = connection.Rows("SELECT s, j->>'$.a[0]' FROM t");
        Assert.Equal(["Zürich is longer than twelve bytes", "1"], rows[0]);
        Assert.Equal(["", DBNull.Value], rows[1]);
    }

    [Fact]
    public void Defaults_and_chosen_columns_fill_the_rest()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (a INTEGER, b VARCHAR DEFAULT 'dflt', c INTEGER DEFAULT 5)");
        using (var all = connection.CreateAppender("t"))
            all.CreateRow().AppendValue(1).AppendDefault().AppendDefault().EndRow();
        using (var some = connection.CreateAppender(null, null, "t", ["c", "a"]))
            some.CreateRow().AppendValue(7).AppendValue(2).EndRow();

        var rows = connection.Rows("SELECT * FROM t ORDER BY a");
        Assert.Equal([1, "dflt", 5], rows[0]);
        Assert.Equal([2, "dflt", 7], rows[1]);
    }

    [Fact]
    public void Close_writes_and_an_exception_on_the_way_does_not()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n INTEGER)");
        var closed = connection.CreateAppender("t");
        closed.CreateRow().AppendValue(1).EndRow();
        closed.Close();
        Assert.Throws<ObjectDisposedException>(closed.CreateRow);

        Assert.Throws<DuckDBException>(() =>
        {
            using var broken = connection.CreateAppender("t");
            broken.CreateRow().AppendValue(2).EndRow();
            broken.CreateRow().AppendValue(long.MaxValue).EndRow();
        });

        Assert.Equal(1, Assert.Single(connection.Rows("SELECT n FROM t"))[0]);
    }

    [Fact]
    public void A_violated_constraint_is_told_once_and_writes_nothing()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n INTEGER PRIMARY KEY)");
        var appender = connection.CreateAppender("t");
        appender.CreateRow().AppendValue(1).EndRow();
        appender.CreateRow().AppendValue(1).EndRow();

        Assert.Equal(DuckDBErrorType.Constraint, Assert.Throws<DuckDBException>(appender.Flush).ErrorType);
        Assert.Throws<InvalidOperationException>(() => appender.CreateRow());
        appender.Dispose();

        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void Within_a_transaction_nothing_is_there_without_a_commit()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n INTEGER)");
        using (connection.BeginTransaction())
        {
            using var appender = connection.CreateAppender("t");
            for (var i = 0; i < 300_000; i++)
                appender.CreateRow().AppendValue(i).EndRow();
            appender.Close();
            Assert.Equal(300_000L, connection.Scalar("SELECT count(*) FROM t"));
        }

        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM t"));
    }

    [Fact]
    public void Many_rows_of_all_kinds_arrive()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n BIGINT, s VARCHAR, l VARCHAR[], d DOUBLE)");
        using (var appender = connection.CreateAppender("t"))
        {
            for (var i = 0; i < 100_000; i++)
                appender.CreateRow().AppendValue(i).AppendValue($"text number {i}").AppendValue(Enumerable.Repeat("x", i % 5)).AppendValue(i / 2d).EndRow();
        }

        Assert.Equal(0L, connection.Scalar("SELECT count(*) FROM t WHERE s <> 'text number ' || n OR len(l) <> n % 5 OR d <> n / 2"));
        Assert.Equal(100_000L, connection.Scalar("SELECT count(DISTINCT n) FROM t"));
    }

    [Fact]
    public void A_missing_table_or_column_and_a_row_too_wide_are_errors()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n INTEGER)");

        Assert.Equal(DuckDBErrorType.Catalog, Assert.Throws<DuckDBException>(() => connection.CreateAppender("missing")).ErrorType);
        Assert.Throws<DuckDBException>(() => connection.CreateAppender(null, null, "t", ["missing"]));
        using var appender = connection.CreateAppender("t");
        var row = appender.CreateRow().AppendValue(1);
        Assert.Throws<InvalidOperationException>(() => row.AppendValue(2));
        row.EndRow();
        Assert.Throws<InvalidOperationException>(() => row.AppendValue(2));
    }

    [Fact]
    public void Closing_the_connection_first_drops_unwritten_rows_and_says_so()
    {
        var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n INTEGER)");
        var appender = connection.CreateAppender("t");
        appender.CreateRow().AppendValue(1).EndRow();
        connection.Dispose();

        Assert.Throws<ObjectDisposedException>(appender.Flush);
        appender.Dispose();
    }

    [Fact]
    public void A_row_of_a_closed_appender_can_not_write_into_freed_memory()
    {
        using var connection = Database.InMemory();
        connection.Execute("CREATE TABLE t (n INTEGER, s VARCHAR)");
        var appender = connection.CreateAppender("t");
        var row = appender.CreateRow().AppendValue(1);

        Assert.Throws<InvalidOperationException>(appender.Close);

        Assert.Throws<ObjectDisposedException>(() => row.AppendValue("text"));
        Assert.Throws<ObjectDisposedException>(() => row.AppendNullValue());
        Assert.Throws<ObjectDisposedException>(() => row.AppendDefault());
    }
}

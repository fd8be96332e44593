using System.Globalization;
using System.Numerics;
using Sluice.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class DuckDBTypesTests
{
    /// <summary>A SQL literal, its DuckDB type, the .NET value of it; the same value goes back in as a parameter where its type allows.</summary>
    public static TheoryData<string, string, object> Values => new()
    {
        { "true", "BOOLEAN", true },
        { "false", "BOOLEAN", false },
        { "(-128)::TINYINT", "TINYINT", sbyte.MinValue },
        { "127::TINYINT", "TINYINT", sbyte.MaxValue },
        { "(-32768)::SMALLINT", "SMALLINT", short.MinValue },
        { "32767::SMALLINT", "SMALLINT", short.MaxValue },
        { "(-2147483648)::INTEGER", "INTEGER", int.MinValue },
        { "2147483647", "INTEGER", int.MaxValue },
        { "(-9223372036854775808)::BIGINT", "BIGINT", long.MinValue },
        { "9223372036854775807", "BIGINT", long.MaxValue },
        { "255::UTINYINT", "UTINYINT", byte.MaxValue },
        { "65535::USMALLINT", "USMALLINT", ushort.MaxValue },
        { "4294967295::UINTEGER", "UINTEGER", uint.MaxValue },
        { "18446744073709551615::UBIGINT", "UBIGINT", ulong.MaxValue },
        { "(-170141183460469231731687303715884105728)::HUGEINT", "HUGEINT", (BigInteger)Int128.MinValue },
        { "170141183460469231731687303715884105727::HUGEINT", "HUGEINT", (BigInteger)Int128.MaxValue },
        { "(-1)::HUGEINT", "HUGEINT", BigInteger.MinusOne },
        { "340282366920938463463374607431768211455::UHUGEINT", "UHUGEINT", (BigInteger)UInt128.MaxValue },
        { "'-3.4028235e38'::FLOAT", "FLOAT", float.MinValue },
        { "'1e-45'::FLOAT", "FLOAT", float.Epsilon },
        { "'nan'::FLOAT", "FLOAT", float.NaN },
        { "1.7976931348623157e308::DOUBLE", "DOUBLE", double.MaxValue },
        { "'-inf'::DOUBLE", "DOUBLE", double.NegativeInfinity },
        { "'5e-324'::DOUBLE", "DOUBLE", double.Epsilon },
        { "1.5::DECIMAL(4,1)", "DECIMAL(4,1)", 1.5m },
        { "(-999999.999)::DECIMAL(9,3)", "DECIMAL(9,3)", -999999.999m },
        { "'123456789012345.678'::DECIMAL(18,3)", "DECIMAL(18,3)", 123456789012345.678m },
        { "'79228162514264337593543950335'::DECIMAL(29,0)", "DECIMAL(29,0)", decimal.MaxValue },
        { "'-79228162514264337593543950335'::DECIMAL(29,0)", "DECIMAL(29,0)", decimal.MinValue },
        { "'0.0000000000000000000000000001'::DECIMAL(28,28)", "DECIMAL(28,28)", 0.0000000000000000000000000001m },
        { "'12.5'::DECIMAL(38,30)", "DECIMAL(38,30)", 12.5m },
        { "''", "VARCHAR", "" },
        { "'twelve bytes'", "VARCHAR", "twelve bytes" },
        { "'thirteen byte'", "VARCHAR", "thirteen byte" },
        { "'Zürich 東京 🦆 é'", "VARCHAR", "Zürich 東京 🦆 é" },
        { "'a' || chr(0) || 'b'", "VARCHAR", "a\0b" },
        { "repeat('ü', 10000)", "VARCHAR", new string('ü', 10_000) },
        { """'{"a":[1,null]}'::JSON""", "JSON", """{"a":[1,null]}""" },
        { "''::BLOB", "BLOB", Array.Empty<byte>() },
        { "'\\x00\\xFF\\x00'::BLOB", "BLOB", new byte[] { 0, 255, 0 } },
        { "'0101100110'::BIT", "BIT", "0101100110" },
        { "'1'::BIT", "BIT", "1" },
        { "'0001-01-01'::DATE", "DATE", DateOnly.MinValue },
        { "'1969-12-31'::DATE", "DATE", new DateOnly(1969, 12, 31) },
        { "'9999-12-31'::DATE", "DATE", DateOnly.MaxValue },
        { "'00:00:00'::TIME", "TIME", TimeOnly.MinValue },
        { "'23:59:59.999999'::TIME", "TIME", new TimeOnly(TimeSpan.TicksPerDay - 10) },
        { "'0001-01-01 00:00:00'::TIMESTAMP", "TIMESTAMP", DateTime.MinValue },
        { "'1969-12-31 23:59:59.999999'::TIMESTAMP", "TIMESTAMP", DateTime.UnixEpoch.AddTicks(-10) },
        { "'9999-12-31 23:59:59.999999'::TIMESTAMP", "TIMESTAMP", DateTime.MaxValue.AddTicks(-9) },
        { "'2024-02-29 12:34:56'::TIMESTAMP_S", "TIMESTAMP_S", new DateTime(2024, 2, 29, 12, 34, 56) },
        { "'2024-02-29 12:34:56.789'::TIMESTAMP_MS", "TIMESTAMP_MS", new DateTime(2024, 2, 29, 12, 34, 56, 789) },
        { "'2024-02-29 12:34:56.7890123'::TIMESTAMP_NS", "TIMESTAMP_NS", new DateTime(2024, 2, 29, 12, 34, 56).AddTicks(7_890_123) },
        { "'1969-12-31 23:59:59.9999999'::TIMESTAMP_NS", "TIMESTAMP_NS", DateTime.UnixEpoch.AddTicks(-1) },
        { "'0001-01-01 00:00:00+00'::TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE", DateTimeOffset.MinValue },
        { "'2024-03-31 02:30:00.123456+02'::TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE", new DateTimeOffset(2024, 3, 31, 0, 30, 0, 123, 456, TimeSpan.Zero) },
        { "'9999-12-31 23:59:59.999999+00'::TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE", DateTimeOffset.MaxValue.AddTicks(-9) },
        { "'12:00:00.5+05:30'::TIMETZ", "TIME WITH TIME ZONE", new DateTimeOffset(1, 1, 2, 12, 0, 0, 500, new TimeSpan(5, 30, 0)) },
        { "'00:00:00-11'::TIMETZ", "TIME WITH TIME ZONE", new DateTimeOffset(1, 1, 2, 0, 0, 0, TimeSpan.FromHours(-11)) },
        { "'12:34:56.7890123'::TIME_NS", "TIME_NS", new TimeOnly(12, 34, 56).Add(TimeSpan.FromTicks(7_890_123)) },
        { "INTERVAL '1 day 2 hours 3 microseconds'", "INTERVAL", new TimeSpan(1, 2, 0, 0).Add(TimeSpan.FromTicks(30)) },
        { "-INTERVAL '90 minutes'", "INTERVAL", TimeSpan.FromMinutes(-90) },
        { "'00000000-0000-0000-0000-000000000000'::UUID", "UUID", Guid.Empty },
        { "'ffffffff-ffff-ffff-ffff-ffffffffffff'::UUID", "UUID", Guid.AllBitsSet },
        { "'00112233-4455-6677-8899-aabbccddeeff'::UUID", "UUID", Guid.Parse("00112233-4455-6677-8899-aabbccddeeff") },
        { "'b'::ENUM('a', 'b')", "ENUM('a', 'b')", "b" },
        { "'123456789012345678901234567890123456789012345678901234567890'::BIGNUM", "BIGNUM",
            BigInteger.Parse("123456789012345678901234567890123456789012345678901234567890", CultureInfo.InvariantCulture) },
        { "'-255'::BIGNUM", "BIGNUM", new BigInteger(-255) },
        { "'0'::BIGNUM", "BIGNUM", BigInteger.Zero },
        { "[1, NULL, 3]", "INTEGER[]", new List<object?> { 1, null, 3 } },
        { "[]::VARCHAR[]", "VARCHAR[]", new List<object?>() },
        { "[['a', 'a longer piece of text'], NULL, []]", "VARCHAR[][]",
            new List<object?> { new List<object?> { "a", "a longer piece of text" }, null, new List<object?>() } },
        { "array_value(1.5::DOUBLE, NULL)", "DOUBLE[2]", new List<object?> { 1.5, null } },
        { "{'a': 1, 'b c': NULL::DATE}", """STRUCT(a INTEGER, "b c" DATE)""", new Dictionary<string, object?> { ["a"] = 1, ["b c"] = null } },
        { "MAP {'x': [1], 'y': NULL}", "MAP(VARCHAR, INTEGER[])", new Dictionary<string, object?> { ["x"] = new List<object?> { 1 }, ["y"] = null } },
        { "MAP {1: true}", "MAP(INTEGER, BOOLEAN)", new Dictionary<string, object?> { ["1"] = true } },
        { "union_value(s := 'text')::UNION(n INTEGER, s VARCHAR)", "UNION(n INTEGER, s VARCHAR)", "text" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_literal_is_read_as_its_NET_value(string literal, string typeName, object expected)
    {
        using var connection = Database.InMemory();
        using var command = connection.Command($"SELECT {literal} AS v, NULL::INTEGER AS n");
        using var reader = command.ExecuteReader();

        Assert.True(reader.Read());
        Assert.Equal(typeName, reader.GetDataTypeName(0));
        Assert.Equal(expected, reader.GetValue(0));
        Assert.True(reader.GetFieldType(0).IsInstanceOfType(expected));
        Assert.False(reader.IsDBNull(0));
        Assert.True(reader.IsDBNull(1));
        Assert.False(reader.Read());
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_goes_in_as_a_parameter_and_comes_back_equal(string literal, string typeName, object value)
    {
        Assert.SkipWhen(value is List<object?> or Dictionary<string, object?>, "Lists and structs are not parameters.");
        Assert.SkipWhen(typeName is "TIME WITH TIME ZONE" or "BIGNUM", "Needs a cast that DuckDB does not have.");
        Assert.SkipWhen(typeName == "TIME_NS" || (value is DateTime time && time.Ticks % TimeSpan.TicksPerMicrosecond != 0), "Parameters are cut off to microseconds.");
        using var connection = Database.InMemory();

        var type = typeName.StartsWith("UNION", StringComparison.Ordinal) ? "VARCHAR" : typeName;
        Assert.Equal(value, connection.Scalar($"SELECT ?::{type}", value));
        Assert.Equal(true, connection.Scalar($"SELECT ?::{type} IS NOT DISTINCT FROM ({literal})::{type}", value));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void NULL_of_each_type_is_DBNull(string literal, string typeName, object value)
    {
        Assert.SkipWhen(typeName == "DOUBLE[2]", "DuckDB has no CASE for arrays.");
        using var connection = Database.InMemory();

        var rows = connection.Rows($"SELECT CASE WHEN i % 2 = 0 THEN {literal} END FROM range(2500) t(i) ORDER BY i");

        Assert.Equal(2500, rows.Count);
        Assert.All(rows, (row, i) => Assert.Equal(i % 2 == 0 ? value : DBNull.Value, row[0]));
    }

    [Theory]
    [InlineData("'infinity'::TIMESTAMPTZ")]
    [InlineData("'-infinity'::DATE")]
    [InlineData("'infinity'::TIMESTAMP_S")]
    [InlineData("'10000-01-01'::DATE")]
    [InlineData("'0001-01-01 (BC)'::DATE")]
    [InlineData("'294247-01-10 04:00:54.775806'::TIMESTAMP")]
    [InlineData("'24:00:00'::TIME")]
    [InlineData("INTERVAL '1 month'")]
    [InlineData("'12345678901234567890123456789012345678'::DECIMAL(38,0)")]
    [InlineData("'0.12345678901234567890123456789012345678'::DECIMAL(38,38)")]
    public void A_value_beyond_NETs_range_throws_instead_of_changing(string literal)
    {
        using var connection = Database.InMemory();

        var error = Assert.ThrowsAny<Exception>(() => connection.Scalar($"SELECT {literal}"));

        Assert.True(error is InvalidCastException or OverflowException, error.ToString());
        Assert.NotNull(connection.Scalar($"SELECT ({literal})::VARCHAR"));
    }

    [Fact]
    public void An_interval_with_months_is_read_in_its_parts()
    {
        using var connection = Database.InMemory();
        using var command = connection.Command("SELECT INTERVAL '14 months 3 days 4 seconds'");
        using var reader = command.ExecuteReader();
        reader.Read();

        var interval = reader.GetFieldValue<DuckDBInterval>(0);

        Assert.Equal(new DuckDBInterval(14, 3, 4_000_000), interval);
        Assert.Equal(interval, connection.Duplicate().Command("SELECT ?", interval).ExecuteReader() is var r && r.Read() ? r.GetFieldValue<DuckDBInterval>(0) : default);
    }

    [Fact]
    public void Parameters_have_the_DuckDB_type_of_their_NET_type()
    {
        using var connection = Database.InMemory();

        string? TypeOf(object value) => (string?)connection.Scalar("SELECT typeof(?)", value);

        Assert.Equal("HUGEINT", TypeOf(Int128.MaxValue));
        Assert.Equal("UHUGEINT", TypeOf(UInt128.MaxValue));
        Assert.Equal("HUGEINT", TypeOf(new BigInteger(1)));
        Assert.Equal("UHUGEINT", TypeOf((BigInteger)UInt128.MaxValue));
        Assert.Equal("TIMESTAMP", TypeOf(new DateTime(2024, 1, 1)));
        Assert.Equal("TIMESTAMP WITH TIME ZONE", TypeOf(new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.FromHours(2))));
        Assert.Equal("DECIMAL(3,2)", TypeOf(1.50m));
        Assert.Equal("BLOB", TypeOf(new byte[] { 1 }));
        Assert.Equal("UUID", TypeOf(Guid.Empty));
        Assert.Equal("INTERVAL", TypeOf(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_parameter_that_no_DuckDB_type_can_hold_is_refused()
    {
        using var connection = Database.InMemory();

        Assert.Throws<OverflowException>(() => connection.Scalar("SELECT ?", BigInteger.Pow(2, 128)));
        Assert.Throws<NotSupportedException>(() => connection.Scalar("SELECT ?", new Uri("https://example.com")));
        Assert.Contains("surrogate", Assert.Throws<ArgumentException>(() => connection.Scalar("SELECT ?", "a\ud83e")).Message, StringComparison.Ordinal);
    }
}

using System.Numerics;
using Sluice.Data;
using Xunit;

namespace Sluice.Tests.Data;

/// <summary>A value can be read as any type that holds every value of its column.</summary>
public sealed class FieldValueTests(DataWorld world) : IClassFixture<DataWorld>
{
    public static TheoryData<string, string, Type, object> Types() => new()
    {
        { "true", "BOOLEAN", typeof(bool), true },
        { "1::TINYINT", "TINYINT", typeof(sbyte), (sbyte)1 },
        { "1::SMALLINT", "SMALLINT", typeof(short), (short)1 },
        { "1", "INTEGER", typeof(int), 1 },
        { "1::BIGINT", "BIGINT", typeof(long), 1L },
        { "1::HUGEINT", "HUGEINT", typeof(decimal), 1m },
        { "sum(1::BIGINT)", "HUGEINT", typeof(decimal), 1m },
        { "1::UTINYINT", "UTINYINT", typeof(byte), (byte)1 },
        { "1::UBIGINT", "UBIGINT", typeof(ulong), 1UL },
        { "1.5::FLOAT", "FLOAT", typeof(float), 1.5f },
        { "1.5::DOUBLE", "DOUBLE", typeof(double), 1.5 },
        { "1.50", "DECIMAL(3,2)", typeof(decimal), 1.50m },
        { "'x'", "VARCHAR", typeof(string), "x" },
        { "'{\"a\":1}'::JSON", "JSON", typeof(string), "{\"a\":1}" },
        { "'0a0b0c0d-0102-0304-0506-070809000102'::UUID", "UUID", typeof(Guid), new Guid("0a0b0c0d-0102-0304-0506-070809000102") },
        { "DATE '2024-02-29'", "DATE", typeof(DateTime), new DateTime(2024, 2, 29, 0, 0, 0, DateTimeKind.Unspecified) },
        { "TIME '01:02:03'", "TIME", typeof(TimeSpan), new TimeSpan(1, 2, 3) },
        { "TIMESTAMP '2024-02-29 01:02:03'", "TIMESTAMP", typeof(DateTime), new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Unspecified) },
        {
            "TIMESTAMPTZ '2024-02-29 01:02:03+01'", "TIMESTAMP WITH TIME ZONE", typeof(DateTime),
            new DateTime(2024, 2, 29, 0, 2, 3, DateTimeKind.Utc)
        },
        { "INTERVAL 90 MINUTE", "INTERVAL", typeof(TimeSpan), TimeSpan.FromMinutes(90) },
        { "from_hex('00ff')", "BLOB", typeof(byte[]), new byte[] { 0, 255 } },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void Each_type_of_SQL_has_one_of_NET(string sql, string name, Type type, object expected)
    {
        using var connection = world.Open();
        foreach (var text in new[] { $"SELECT {sql} AS v", $"SELECT {sql} AS v UNION ALL SELECT NULL" })
        {
            using var reader = new SluiceCommand(text, connection).ExecuteReader();
            Assert.Equal((name, type), (reader.GetDataTypeName(0), reader.GetFieldType(0)));
            Assert.True(reader.Read());
            Assert.Equal(expected, reader.GetValue(0));
            Assert.Equal(type, reader.GetValue(0).GetType());
            Assert.Equal(expected, reader.GetFieldValue<object>(0));
            Assert.Equal((expected as DateTime?)?.Kind, (reader.GetValue(0) as DateTime?)?.Kind);
        }
    }

    [Fact]
    public void Wider_types_hold_every_value()
    {
        using var reader = Row("SELECT 1, 2::TINYINT, 3::BIGINT, 1.5::FLOAT, sum(4::BIGINT), 5::UBIGINT");

        Assert.Equal((1L, 1d, 1m), (reader.GetInt64(0), reader.GetDouble(0), reader.GetDecimal(0)));
        Assert.Equal(((short)2, 2, 2f), (reader.GetInt16(1), reader.GetInt32(1), reader.GetFloat(1)));
        Assert.Equal((3m, 1.5), (reader.GetDecimal(2), reader.GetDouble(3)));
        Assert.Equal((new BigInteger(4), new BigInteger(5), new BigInteger(1)), (Big(4), Big(5), Big(0)));

        BigInteger Big(int ordinal) => reader.GetFieldValue<BigInteger>(ordinal);
    }

    [Fact]
    public void Narrower_and_other_types_are_refused_whatever_the_value()
    {
        using var reader = Row("SELECT 1::BIGINT, 1, '5', 1.5::DOUBLE, TIMESTAMP '2024-01-01', true, sum(1::BIGINT), 'ab'");

        Assert.Contains("read it as Int64", Assert.Throws<InvalidCastException>(() => reader.GetInt32(0)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidCastException>(() => reader.GetDouble(0));
        Assert.Throws<InvalidCastException>(() => reader.GetInt16(1));
        Assert.Throws<InvalidCastException>(() => reader.GetByte(1));
        Assert.Throws<InvalidCastException>(() => reader.GetString(1));
        Assert.Throws<InvalidCastException>(() => reader.GetBoolean(1));
        Assert.Throws<InvalidCastException>(() => reader.GetInt32(2));
        Assert.Throws<InvalidCastException>(() => reader.GetGuid(2));
        Assert.Throws<InvalidCastException>(() => reader.GetStream(2));
        Assert.Throws<InvalidCastException>(() => reader.GetFloat(3));
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<DateTimeOffset>(4));
        Assert.Throws<InvalidCastException>(() => reader.GetTextReader(5));
        Assert.Throws<InvalidCastException>(() => reader.GetInt64(6));
        Assert.Throws<InvalidCastException>(() => reader.GetChar(7));
        Assert.Throws<InvalidCastException>(() => reader.GetFieldValue<DBNull>(1));
    }

    [Fact]
    public void NULL_is_DBNull_null_or_refused()
    {
        using var reader = Row("SELECT NULL::BIGINT, NULL::VARCHAR");

        Assert.True(reader.IsDBNull(0));
        Assert.Equal(DBNull.Value, reader.GetValue(0));
        Assert.Equal(DBNull.Value, reader.GetFieldValue<DBNull>(0));
        Assert.Equal(DBNull.Value, reader.GetFieldValue<object>(0));
        Assert.Null(reader.GetFieldValue<long?>(0));
        Assert.Throws<InvalidCastException>(() => reader.GetInt64(0));
        Assert.Throws<InvalidCastException>(() => reader.GetString(1));
        Assert.Throws<InvalidCastException>(() => reader.GetTextReader(1));
    }

    [Fact]
    public void Dates_texts_bytes_and_lists_can_be_read_as_what_they_are()
    {
        using var reader = Row("SELECT DATE '2024-02-29', TIME '01:02:03', now(), 'x', from_hex('11'), [1, 2], 7::BIGINT");

        Assert.Equal(new DateOnly(2024, 2, 29), reader.GetFieldValue<DateOnly>(0));
        Assert.Equal(new TimeOnly(1, 2, 3), reader.GetFieldValue<TimeOnly>(1));
        Assert.Equal(reader.GetDateTime(2), reader.GetFieldValue<DateTimeOffset>(2).UtcDateTime);
        Assert.Equal('x', reader.GetChar(3));
        Assert.Equal("x", reader.GetTextReader(3).ReadToEnd());
        Assert.Equal(0x11, reader.GetStream(4).ReadByte());
        Assert.Equal([1, 2], reader.GetFieldValue<List<int>>(5));
        Assert.Equal(7L, reader.GetFieldValue<long?>(6));
    }

    [Fact]
    public void A_number_of_more_digits_than_Decimal_has_is_read_as_BigInteger()
    {
        using var reader = Row("SELECT 100000000000000000000000000000000000000::HUGEINT");

        Assert.Contains("GetFieldValue<BigInteger>", Assert.Throws<InvalidCastException>(() => reader.GetValue(0)).Message, StringComparison.Ordinal);
        Assert.Equal(BigInteger.Pow(10, 38), reader.GetFieldValue<BigInteger>(0));
    }

    private SluiceDataReader Row(string sql)
    {
        var reader = new SluiceCommand(sql, world.Open()).ExecuteReader(System.Data.CommandBehavior.CloseConnection);
        Assert.True(reader.Read());
        return reader;
    }
}

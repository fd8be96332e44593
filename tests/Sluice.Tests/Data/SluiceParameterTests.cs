using System.Data;
using System.Data.Common;
using System.Numerics;
using Sluice.Data;
using Xunit;

namespace Sluice.Tests.Data;

public sealed class SluiceParameterTests(DataWorld world) : IClassFixture<DataWorld>
{
    public static TheoryData<object, object> Values() => new()
    {
        { "it's", "it's" },
        { "a\0b", "a\0b" },
        { "'; SELECT 2 --", "'; SELECT 2 --" },
        { 'c', "c" },
        { true, true },
        { 5, 5 },
        { -5, -5 },
        { long.MinValue, long.MinValue },
        { ulong.MaxValue, ulong.MaxValue },
        { 2.5m, 2.5m },
        { 1e300, 1e300 },
        { double.NaN, double.NaN },
        { 0.1f, 0.1f },
        { new BigInteger(12), 12m },
        { DayOfWeek.Friday, 5 },
        { new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc), new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc) },
        { new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Unspecified), new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc) },
        { new DateTimeOffset(2024, 1, 1, 1, 0, 0, TimeSpan.FromHours(2)), new DateTime(2023, 12, 31, 23, 0, 0, DateTimeKind.Utc) },
        { new DateOnly(2024, 2, 29), new DateTime(2024, 2, 29, 0, 0, 0, DateTimeKind.Unspecified) },
        { new TimeOnly(1, 2, 3), new TimeSpan(1, 2, 3) },
        { TimeSpan.FromHours(30), TimeSpan.FromHours(30) },
        { new Guid("0a0b0c0d-0102-0304-0506-070809000102"), new Guid("0a0b0c0d-0102-0304-0506-070809000102") },
        { new byte[] { 0, 255 }, new byte[] { 0, 255 } },
        { DBNull.Value, DBNull.Value },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_comes_back_as_it_was_given(object value, object expected)
    {
        using var connection = world.Open();
        using var command = new SluiceCommand("SELECT @value", connection);
        command.Parameters.AddWithValue("@value", value);

        Assert.Equal(expected, command.ExecuteScalar());
    }

    [Theory]
    [InlineData("SELECT @a - $b", 3)]
    [InlineData("SELECT :A - @B", 3)]
    [InlineData("SELECT ? - ?", 3)]
    [InlineData("SELECT $1 - $2", 3)]
    [InlineData("SELECT @a-@b", 3)]
    [InlineData("SELECT 0-$negative", 7)]
    [InlineData("SELECT @ (0 - 3)", 3)]
    public void It_is_named_in_any_of_the_usual_ways(string sql, int expected)
    {
        using var connection = world.Open();
        using var command = new SluiceCommand(sql, connection);
        command.Parameters.AddWithValue("@a", 5);
        command.Parameters.AddWithValue("b", 2);
        command.Parameters.AddWithValue("$negative", -7);
        command.Parameters.AddWithValue(":unused", "x");

        Assert.Equal(expected, Convert.ToInt32(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Its_condition_is_asked_of_Customer_io()
    {
        await using var connection = world.Open();
        await using var command = new SluiceCommand("SELECT count(*) FROM campaign_actions WHERE campaign_id = ANY(@ids)", connection);
        command.Parameters.AddWithValue("ids", new[] { 1, 2 });
        var requests = 0;
        connection.RequestSent += (_, _) => Interlocked.Increment(ref requests);

        Assert.Equal(4L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2, requests);
    }

    [Fact]
    public void Without_a_value_or_a_type_for_it_nothing_runs()
    {
        using var connection = world.Open();
        using var command = new SluiceCommand("SELECT @p", connection);
        var parameter = command.Parameters.AddWithValue("p", null);
        Assert.Contains("DBNull.Value", Assert.Throws<InvalidOperationException>(() => command.ExecuteScalar()).Message, StringComparison.Ordinal);
        parameter.Value = new object();
        Assert.Throws<NotSupportedException>(() => command.ExecuteScalar());
        parameter.Value = 1;
        parameter.ParameterName = "";
        Assert.Throws<SluiceDbException>(() => command.ExecuteScalar());
    }

    [Fact]
    public void A_new_one_has_the_defaults_of_ADO_NET()
    {
        DbParameter parameter = new SluiceParameter();

        Assert.Equal((DbType.String, ParameterDirection.Input, false), (parameter.DbType, parameter.Direction, parameter.IsNullable));
        Assert.Equal(("", 0, ""), (parameter.ParameterName, parameter.Size, parameter.SourceColumn));
        Assert.Equal((DataRowVersion.Current, false), (parameter.SourceVersion, parameter.SourceColumnNullMapping));
        Assert.Equal(((byte)0, (byte)0), (parameter.Precision, parameter.Scale));
        Assert.Null(parameter.Value);
        parameter.ParameterName = null!;
        parameter.SourceColumn = null!;
        Assert.Equal(("", ""), (parameter.ParameterName, parameter.SourceColumn));
        parameter.DbType = DbType.Int64;
        parameter.ResetDbType();
        Assert.Equal(DbType.String, parameter.DbType);
        parameter.Value = 5L;
        Assert.Equal(DbType.Int64, parameter.DbType);
        Assert.Throws<NotSupportedException>(() => parameter.Direction = ParameterDirection.Output);
    }

    [Fact]
    public void The_collection_refuses_what_is_no_parameter_of_its_own()
    {
        DbParameterCollection parameters = new SluiceCommand().Parameters;
        parameters.Add(new SluiceParameter("@a", 1));

        Assert.Throws<ArgumentNullException>(() => parameters.Add(null!));
        Assert.Throws<ArgumentNullException>(() => parameters.Insert(0, null!));
        Assert.Throws<ArgumentNullException>(() => parameters.Remove(null!));
        Assert.Throws<ArgumentNullException>(() => parameters[0] = null!);
        Assert.Throws<ArgumentNullException>(() => parameters["@a"] = null!);
        Assert.Throws<ArgumentNullException>(() => parameters.AddRange(null!));
        Assert.Throws<InvalidCastException>(() => parameters.Add("text"));
        Assert.Throws<IndexOutOfRangeException>(() => parameters["@b"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters.RemoveAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => parameters[1]);
        Assert.Throws<IndexOutOfRangeException>(() => parameters.RemoveAt("@b"));
        Assert.False(parameters.Contains((object)null!));
        Assert.False(parameters.Contains(null!));
        Assert.Equal((-1, -1), (parameters.IndexOf((object)null!), parameters.IndexOf(null!)));
    }

    [Fact]
    public void The_collection_finds_names_with_and_without_their_sign()
    {
        var parameters = new SluiceCommand().Parameters;
        var (a, b) = (new SluiceParameter("@a", 1), new SluiceParameter("b", 2));
        parameters.AddRange(new[] { a, b });

        Assert.Equal((0, 0, 1, 1), (parameters.IndexOf("a"), parameters.IndexOf(":A"), parameters.IndexOf("$b"), parameters.IndexOf(b)));
        Assert.Same(b, parameters["@b"]);
        Assert.True(parameters.Contains("@a"));
        parameters.Insert(0, new SluiceParameter("c", 3));
        parameters.RemoveAt("a");
        Assert.Equal(["c", "b"], parameters.Cast<SluiceParameter>().Select(one => one.ParameterName));
        var copy = new object[2];
        parameters.CopyTo(copy, 0);
        Assert.Same(b, copy[1]);
        parameters.Remove(b);
        parameters.Clear();
        Assert.Empty(parameters);
    }
}

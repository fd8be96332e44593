using Sluice.Engine.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class DuckDBQuotingTests
{
    public static TheoryData<string> Hostile =>
        ["plain", "select", "two words", "\"", "a\"b", "\"; DROP TABLE t; --", "'", "$1", "?", "back\\slash", "new\nline", "東京🦆", "%s", "a.b", " "];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void A_quoted_name_is_that_name(string name)
    {
        using var connection = Database.InMemory();
        var quoted = DuckDBIdentifier.Quote(name);

        connection.Execute($"CREATE SCHEMA {quoted}; CREATE TABLE {quoted}.{quoted} ({quoted} INTEGER); INSERT INTO {quoted}.{quoted} VALUES (7)");

        Assert.Equal(
            [name, name, name],
            Assert.Single(connection.Rows("SELECT schema_name, table_name, column_name FROM duckdb_columns() WHERE NOT internal")));
        using var reader = connection.Command($"SELECT {quoted} FROM {quoted}.{quoted} ").ExecuteReader();
        Assert.Equal(name, reader.GetName(0));
        Assert.True(reader.Read());
        Assert.Equal(7, reader.GetInt32(0));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("a'\0'b\0")]
    public void A_quoted_text_is_that_text(string text)
    {
        using var connection = Database.InMemory();

        Assert.Equal(text, connection.Scalar($"SELECT {DuckDBLiteral.Quote(text)}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void A_name_that_cant_exist_is_refused(string name) => Assert.Throws<ArgumentException>(() => DuckDBIdentifier.Quote(name));
}

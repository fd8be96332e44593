using Sluice.Engine;
using Sluice.Sql.Text;
using Xunit;

namespace Sluice.Tests.Sql;

public sealed class SqlStatementTests
{
    private static readonly Dictionary<string, string?> Values = new(StringComparer.Ordinal)
    {
        ["id"] = "5",
        ["name"] = "it's",
        ["code"] = "007",
        ["1"] = "one",
        ["2"] = "2.5",
        ["none"] = null,
        ["text"] = "'5'",
        ["less"] = "-5",
    };

    [Theory]
    [InlineData("SELECT $id", "SELECT 5")]
    [InlineData("SELECT :id, $name", "SELECT 5, 'it''s'")]
    [InlineData("SELECT ?, ?", "SELECT 'one', 2.5")]
    [InlineData("SELECT $1 || '$id', \"$id\" -- $id", "SELECT 'one' || '$id', \"$id\"")]
    [InlineData("SELECT $$ $id $$, $x$ $id; $x$", "SELECT $$ $id $$, $x$ $id; $x$")]
    [InlineData("SELECT x::id, a[1:2], {'a': b} /* $id /* ? */ ; */", "SELECT x::id, a[1:2], {'a': b}")]
    [InlineData("SELECT $code, $none, $text", "SELECT '007', NULL, '5'")]
    [InlineData("SELECT E'it\\'s $id', 'a''$id'", "SELECT E'it\\'s $id', 'a''$id'")]
    [InlineData("SELECT @id, @other, a <@id, 7-$less", "SELECT 5, @other, a <@id, 7-(-5)")]
    public void Parameters_are_put_in_where_they_stand(string script, string expected) =>
        Assert.Equal(expected, Assert.Single(SqlStatement.ParseAll(script, Values)).Text);

    [Fact]
    public void A_script_is_split_at_semicolons_outside_of_texts_and_comments() => Assert.Equal(
        ["SELECT ';' AS a", "FROM campaigns"],
        SqlStatement.ParseAll(";SELECT ';' AS a -- ;\n;; FROM campaigns /* ; */;", Values).Select(statement => statement.Text));

    [Theory]
    [InlineData("SELECT 1", StatementKind.Query)]
    [InlineData("explain SELECT 1", StatementKind.Explain)]
    [InlineData("EXPLAIN ANALYZE (SELECT 1)", StatementKind.ExplainAnalyze)]
    public void Explain_asks_for_the_price(string sql, StatementKind kind) =>
        Assert.Equal(kind, Assert.Single(SqlStatement.ParseAll(sql, Values)).Kind);

    [Theory]
    [InlineData("TRUNCATE segments", "no call that empties a table")]
    [InlineData("SET threads = 1", "not with SET")]
    [InlineData("ATTACH 'x.db'", "not with ATTACH")]
    [InlineData("COPY campaigns TO 'x.csv'", "not with COPY")]
    [InlineData("EXPLAIN", "EXPLAIN needs a query")]
    [InlineData("SELECT $missing", "The parameter $missing has no value")]
    public void What_is_no_query_is_refused(string sql, string expected)
    {
        var error = Assert.Throws<SluiceException>(() => SqlStatement.ParseAll(sql, Values));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INSERT INTO segments(name) VALUES ('x')", "INSERT")]
    [InlineData("update campaigns set name = 'x'", "UPDATE")]
    [InlineData("CALL SendX()", "CALL")]
    [InlineData("exec SendX()", "CALL")]
    [InlineData("WITH x AS (SELECT 1) DELETE FROM campaigns", "DELETE")]
    [InlineData("WITH x AS (SELECT 1) SELECT 'DELETE' AS delete FROM x", null)]
    [InlineData("SELECT 1", null)]
    public void What_changes_something_says_by_what(string sql, string? verb) =>
        Assert.Equal(verb, Assert.Single(SqlStatement.ParseAll(sql, Values)).WriteVerb);
}

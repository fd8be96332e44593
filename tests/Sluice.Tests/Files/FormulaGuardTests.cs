using Sluice.Destinations.Files.Formats;
using Sluice.Engine.DuckDb;
using Sluice.Tests.DuckDb;
using Xunit;

namespace Sluice.Tests.Files;

public sealed class FormulaGuardTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+49 30", "'+49 30")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "'\r=1")]
    [InlineData("'=1", "''=1")]
    [InlineData("''@", "'''@")]
    [InlineData("'tis", "'tis")]
    [InlineData("a=1", "a=1")]
    [InlineData("", "")]
    public void What_looks_like_a_formula_gets_an_apostrophe_that_can_be_taken_away_again(string text, string guarded)
    {
        using var connection = Database.InMemory();
        var row = connection.Rows(
            $"SELECT {FormulaGuard.Put("t")}, {FormulaGuard.Take($"({FormulaGuard.Put("t")})")} FROM (SELECT {DuckDBLiteral.Quote(text)} AS t)"
        )[0];
        Assert.Equal(guarded, row[0]);
        Assert.Equal(text, row[1]);
        Assert.Equal(guarded, FormulaGuard.Name(text));
    }
}

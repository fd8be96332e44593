using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class MemoryBudgetTests
{
    private const long Gigabyte = 1_000_000_000;

    [Fact]
    public void The_default_is_256_MB_of_which_DuckDB_has_five_eighths()
    {
        var budget = MemoryBudget.Read(_ => null, 16 * Gigabyte);

        Assert.Equal((256_000_000L, 160_000_000L), (budget.Bytes, budget.DuckDb));
    }

    [Fact]
    public void It_is_never_more_than_half_of_the_machine() =>
        Assert.Equal(500_000_000, MemoryBudget.Read(Of(MemoryBudget.Variable, "4GB"), Gigabyte).Bytes);

    [Fact]
    public void The_share_of_DuckDB_can_be_set_by_itself() =>
        Assert.Equal(1L << 30, MemoryBudget.Read(Of(MemoryBudget.DuckDbVariable, "1 GiB"), 16 * Gigabyte).DuckDb);

    [Theory]
    [InlineData("", 1, 64)]
    [InlineData("", 2, 72)]
    [InlineData("", 60, 160)]
    [InlineData("128MB", 1, 64)]
    [InlineData("128MB", 3, 80)]
    [InlineData("2GB", 1, 500)]
    public void Of_its_share_DuckDB_gets_as_much_as_the_tables_that_are_staged_need(string budget, int tables, int megabytes) => Assert.Equal(
        megabytes * 1_000_000L, MemoryBudget.Read(Of(MemoryBudget.Variable, budget), 16 * Gigabyte).PartFor(tables));

    [Fact]
    public void A_share_that_was_set_is_DuckDBs_from_the_first_table_on() =>
        Assert.Equal(100_000_000, MemoryBudget.Read(Of(MemoryBudget.DuckDbVariable, "100MB"), 16 * Gigabyte).PartFor(1));

    [Theory]
    [InlineData("", 16, "Set SLUICE_MEMORY=512MB,")]
    [InlineData("SLUICE_MEMORY=1GB", 3, "Set SLUICE_MEMORY=1500MB,")]
    [InlineData("SLUICE_MEMORY=4GB", 1, "500MB is half of what this machine or container has")]
    [InlineData("SLUICE_DUCKDB_MEMORY=100MB", 16, "Set SLUICE_DUCKDB_MEMORY to more than 100MB")]
    public void What_helps_is_a_setting_only_where_a_greater_one_counts(string setting, int gigabytes, string advice) =>
        Assert.StartsWith(
            advice,
            MemoryBudget.Read(name => setting.Split('=') is [var set, var value] && set == name ? value : null, gigabytes * Gigabyte).Advice,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("much")]
    [InlineData("-1GB")]
    [InlineData("10MB")]
    public void What_is_no_amount_or_too_little_is_refused_by_name(string text)
    {
        var error = Assert.Throws<SluiceException>(() => MemoryBudget.Read(Of(MemoryBudget.Variable, text), Gigabyte));

        Assert.Equal(SluiceErrorKind.Config, error.Kind);
        Assert.Contains("SLUICE_MEMORY", error.Message, StringComparison.Ordinal);
    }

    private static Func<string, string?> Of(string name, string text) => asked => asked == name ? text : null;
}

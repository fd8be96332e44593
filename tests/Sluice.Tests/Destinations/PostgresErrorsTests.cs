using Npgsql;
using Sluice.Destinations.Postgres;
using Xunit;

namespace Sluice.Tests.Destinations;

public sealed class PostgresErrorsTests
{
    [Theory]
    [InlineData("08006", "connection failure", true)]
    [InlineData("40001", "could not serialize access", true)]
    [InlineData("40P01", "deadlock detected", true)]
    [InlineData("53200", "out of memory", true)]
    [InlineData("53300", "too many clients already", true)]
    [InlineData("55P03", "could not obtain lock", true)]
    [InlineData("57014", "canceling statement due to user request", true)]
    [InlineData("57P01", "terminating connection due to administrator command", true)]
    [InlineData("58030", "could not read block", true)]
    [InlineData("53100", "could not extend file", true)]
    [InlineData("53400", "temporary file size exceeds temp_file_limit", false)]
    [InlineData("57014", "canceling statement due to statement timeout", false)]
    [InlineData("25P03", "terminating connection due to idle-in-transaction timeout", false)]
    [InlineData("42P01", "relation does not exist", false)]
    [InlineData("22P05", "untranslatable character", false)]
    [InlineData("XX000", "cache lookup failed", false)]
    public void Only_what_passes_by_itself_is_told_to_be_tried_again(string state, string message, bool passes)
    {
        var told = PostgresErrors.Explain(
            "Writing crm.things",
            PostgresAddress.Parse("postgresql://loader@db/warehouse"),
            new PostgresException(message, "ERROR", "ERROR", state));

        Assert.Equal(passes, told.IsTransient);
        Assert.Equal(passes, told.Hint!.Contains("run the same command again", StringComparison.Ordinal));
        Assert.Contains("Writing crm.things failed", told.Message, StringComparison.Ordinal);
    }
}

using Sluice.Engine;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.Tests.Runs;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData(ExitCode.Done)]
    [InlineData(ExitCode.Done, ExitCode.Done)]
    [InlineData(ExitCode.Partial, ExitCode.Done, ExitCode.Partial)]
    [InlineData(ExitCode.Api, ExitCode.Partial, ExitCode.Api, ExitCode.Done)]
    [InlineData(ExitCode.Auth, ExitCode.Destination, ExitCode.Auth, ExitCode.Api)]
    [InlineData(ExitCode.Cancelled, ExitCode.Unexpected, ExitCode.Cancelled)]
    public void Several_runs_end_with_the_code_of_the_worst(int worst, params int[] codes) => Assert.Equal(worst, ExitCode.Worst(codes));

    [Theory]
    [InlineData(ExitCode.Destination, false, SluiceErrorKind.Api, SluiceErrorKind.Destination)]
    [InlineData(ExitCode.Forbidden, false, SluiceErrorKind.Schema, SluiceErrorKind.Api, SluiceErrorKind.Forbidden)]
    [InlineData(ExitCode.Auth, false, SluiceErrorKind.Unexpected, SluiceErrorKind.Auth)]
    [InlineData(ExitCode.Auth, true, SluiceErrorKind.Forbidden, SluiceErrorKind.Auth)]
    [InlineData(ExitCode.Partial, true, SluiceErrorKind.Destination, SluiceErrorKind.Api)]
    public void Tables_that_failed_in_different_ways_end_with_the_worst_whichever_came_first(int code, bool withDone, params SluiceErrorKind[] kinds)
    {
        var tables = kinds.Select(kind => Ended(TableOutcome.Failed, kind)).ToList();
        if (withDone)
        {
            tables.Add(Ended(TableOutcome.Done, null));
        }

        Assert.Equal(code, ExitCode.Of(tables));
        tables.Reverse();
        Assert.Equal(code, ExitCode.Of(tables));
    }

    private static TableReport Ended(TableOutcome outcome, SluiceErrorKind? kind) =>
        new() { Source = "x", Table = "x", Strategy = "merge", Outcome = outcome, ErrorKind = kind };
}

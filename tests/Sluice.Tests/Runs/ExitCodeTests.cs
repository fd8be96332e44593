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
}

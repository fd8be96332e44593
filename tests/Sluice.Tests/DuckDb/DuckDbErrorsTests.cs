using Sluice.Engine.DuckDb;
using Xunit;

namespace Sluice.Tests.DuckDb;

public sealed class DuckDbErrorsTests
{
    [Theory]
    [InlineData(
        "IO Error: Could not set lock on file \"/a\": Conflicting lock is held in /usr/bin/my (tool) (PID 12) by user x. See",
        "/usr/bin/my (tool)",
        12
    )]
    [InlineData("IO Error: Could not set lock on file \"/a\": Conflicting lock is held in PID 12. See also https", "", 12)]
    [InlineData("IO Error: Cannot open file \"a\": in use.\nFile is already open in \nC:\\a b.exe (PID 9)", "C:\\a b.exe", 9)]
    public void The_holder_of_a_lock_is_read_out_of_the_message(string message, string program, int pid) =>
        Assert.Equal((program, pid), DuckDbErrors.LockHolderOf(new InvalidOperationException(message)));

    [Fact]
    public void An_error_without_a_holder_names_none() =>
        Assert.Null(
            DuckDbErrors.LockHolderOf(new InvalidOperationException("IO Error: Could not set lock on file \"/a\": Resource temporarily unavailable"))
        );
}

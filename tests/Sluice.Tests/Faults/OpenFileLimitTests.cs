using System.Net.Sockets;
using Sluice.Engine;
using Xunit;

namespace Sluice.Tests.Faults;

public sealed class OpenFileLimitTests
{
    public static TheoryData<Exception> Reached =>
    [
        new IOException("no more", 24),
        new SocketException((int)SocketError.TooManyOpenSockets),
        new InvalidOperationException("outside", new AggregateException(new IOException("IO Error: Cannot open file: Too many open files"))),
    ];

    [Theory]
    [MemberData(nameof(Reached))]
    public void Whatever_meets_the_limit_of_open_files_says_so_and_what_helps(Exception met)
    {
        var error = new SluiceException(SluiceErrorKind.Destination, "Writing failed.", "Free disk space.", met);

        Assert.Contains("Too many open files", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("Allow more, as with 'ulimit -n 1024'", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_errors_keep_their_own_advice() =>
        Assert.Equal(
            ("Writing failed.", "Free disk space."),
            (Told().Message, Told().Hint));

    private static SluiceException Told() =>
        new(SluiceErrorKind.Destination, "Writing failed.", "Free disk space.", new IOException("No space left on device", 28));
}

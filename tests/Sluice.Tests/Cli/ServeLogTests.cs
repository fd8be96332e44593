using Microsoft.Extensions.Logging;
using Sluice.Cli;
using Sluice.Cli.Commands;
using Sluice.Cli.Output;
using Sluice.Server.Gate;
using Xunit;

namespace Sluice.Tests.Cli;

public sealed class ServeLogTests
{
    [Theory]
    [InlineData(LogLevel.Debug)]
    [InlineData(LogLevel.Information)]
    [InlineData(LogLevel.Warning)]
    [InlineData(LogLevel.Error)]
    public void A_name_in_a_message_begins_no_line_and_moves_no_cursor(LogLevel level)
    {
        const string Hostile = "/a\r\nerror: forged\u001b[2J\u2028b";
        foreach (var json in new[] { false, true })
        {
            using var written = new StringWriter { NewLine = "\n" };
            var messages = new Messages(new VisibleWriter(written), json, debug: true, TimeProvider.System);

            ServeLog.Tell(new ServerMessage(level, Hostile, null), messages);

            Assert.Equal(1, written.ToString().Count(letter => letter == '\n'));
            Assert.DoesNotContain('\u001b', written.ToString());
            Assert.DoesNotContain('\r', written.ToString());
            Assert.DoesNotContain('\u2028', written.ToString());
        }
    }
}

using Microsoft.Extensions.Logging;
using Sluice.Cli.Output;
using Sluice.Server.Gate;

namespace Sluice.Cli.Commands;

/// <summary>Says on stderr what a server says while it runs, in the form that was asked for.</summary>
internal static class ServeLog
{
    public static void Tell(ServerMessage message, Messages messages)
    {
        // A name in it must not begin a line that looks like ours.
        var text = VisibleText.Line(message.Text);
        switch (message.Level)
        {
            case >= LogLevel.Error:
                messages.Error(text);
                break;
            case LogLevel.Warning:
                messages.Warn(text);
                break;
            case LogLevel.Information:
                messages.Info(text);
                break;
            default:
                messages.Debug(text);
                break;
        }

        if (message.Error is { } error)
        {
            messages.DebugStack(error);
        }
    }
}

using Sluice.Server.Runs;

namespace Sluice.Server.Dashboard;

/// <summary>Lines of logs as pages and streams show them.</summary>
internal static class LogLines
{
    /// <summary>The time of day, in UTC.</summary>
    public static string TimeOf(RunLogLine line) => line.At.Length >= 19 ? line.At[11..19] : line.At;

    public static string TextOf(RunLogLine line) => line.Hint is null ? line.Message : $"{line.Message} {line.Hint}";
}

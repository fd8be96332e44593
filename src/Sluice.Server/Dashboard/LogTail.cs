using System.Text.Json;
using Sluice.Server.Runs;

namespace Sluice.Server.Dashboard;

/// <summary>The last lines of a run's log.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="IsWhole">Whether there are none before them.</param>
/// <param name="End">Where the last whole line ends in the file.</param>
internal sealed record LogTail(IReadOnlyList<RunLogLine> Lines, bool IsWhole, long End)
{
    private const int MostBytes = 64 * 1024;

    /// <summary>Reads them from the end of the file, however long it is; null when this node has no log of the run.</summary>
    public static async Task<LogTail?> ReadAsync(string workFolder, string runId, CancellationToken cancel)
    {
        var path = RunLog.PathOf(workFolder, runId);
        if (!File.Exists(path))
        {
            return null;
        }

        var start = Math.Max(0, new FileInfo(path).Length - MostBytes);
        var follower = new LogFollower(path, start);
        var lines = await follower.NextAsync(cancel);
        return new LogTail(lines, start == 0, follower.Position);
    }

    /// <summary>A line, or null when it is still being written.</summary>
    public static RunLogLine? Parse(string line)
    {
        try
        {
            return line.Length == 0 ? null : JsonSerializer.Deserialize(line, RunLogJson.Default.RunLogLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Text;
using Sluice.Server.Runs;

namespace Sluice.Server.Dashboard;

/// <summary>Reads what is added to a log.</summary>
/// <param name="path">The file, which need not be there.</param>
/// <param name="from">Where in the file to begin.</param>
internal sealed class LogFollower(string path, long from)
{
    private const int MostBytes = 256 * 1024;

    /// <summary>Where the last whole line ends that was read.</summary>
    public long Position { get; private set; } = from;

    /// <summary>The whole lines that were added.</summary>
    public async Task<IReadOnlyList<RunLogLine>> NextAsync(CancellationToken cancel)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(Position, SeekOrigin.Begin);
        var buffer = new byte[Math.Clamp(file.Length - Position, 0, MostBytes)];
        var read = await file.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        var whole = buffer.AsSpan(0, read).LastIndexOf((byte)'\n') + 1;
        Position += whole;
        return [.. Encoding.UTF8.GetString(buffer, 0, whole).Split('\n').Select(LogTail.Parse).OfType<RunLogLine>()];
    }
}

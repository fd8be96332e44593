using System.Diagnostics;
using System.Text;

namespace Sluice.ServerTests.Kill;

/// <summary>What a run has on disk so far: the moments of a kill, which fall into the same step however slow the machine is.</summary>
internal sealed class WorkFolder(string folder)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>Waits until the manifests have so many lines of the kind, or the process has ended.</summary>
    public async Task ReachedAsync(string kind, int lines, Process process, CancellationToken cancel)
    {
        while (!process.HasExited && Count(kind) < lines)
        {
            await Task.Delay(Look, cancel);
        }
    }

    private int Count(string kind) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, "manifest.ndjson", SearchOption.AllDirectories).Sum(file => Count(file, $"{{\"k\":\"{kind}\""))
        : 0;

    // A manifest that the run removes meanwhile has no lines any more.
    private static int Count(string manifest, string start)
    {
        try
        {
            using var file = new FileStream(manifest, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return reader.ReadToEnd().Split('\n').Count(line => line.StartsWith(start, StringComparison.Ordinal));
        }
        catch (IOException error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
    }
}

using Sluice.Benchmarks.Kill;

namespace Sluice.ServerTests.Servers;

/// <summary>Servers that npm brings and Node runs.</summary>
internal static class NodeServer
{
    /// <summary>Why there is no such server, or null.</summary>
    public static string? Missing(string name, string file)
    {
        if (LocalProgram.Find("node") is null)
        {
            return $"{name} can't be started: there is no node on the PATH.";
        }

        var path = Path.Combine(BuiltTool.Root, "node_modules", file);
        return Path.Exists(path) ? null : $"{name} is not on this machine: {path} is missing (npm ci).";
    }

    /// <summary>Starts a script and gives the port that the end of its first line names.</summary>
    public static async Task<(ServerProcess Process, int Port)> StartAsync(string folder, string readyWords, params IEnumerable<string> command)
    {
        var process = await ServerProcess.StartAsync(folder, "TERM", line => line.Contains(readyWords, StringComparison.Ordinal), command);
        var digits = process.ReadyLine.TrimEnd().Reverse().TakeWhile(char.IsAsciiDigit).Reverse();
        return (process, int.Parse(string.Concat(digits), System.Globalization.CultureInfo.InvariantCulture));
    }
}

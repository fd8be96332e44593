using System.Diagnostics;
using Sluice.Benchmarks.Kill;
using Sluice.ServerTests.Cli;
using Xunit;

namespace Sluice.ServerTests.Faults;

/// <summary>Runs the tool where only it sees a small disk: a mount in a namespace of its own, which ends with the process.</summary>
internal static class PrivateMount
{
    /// <summary>Skips the test where mounts in a namespace of one's own are not allowed.</summary>
    public static async Task RequireAsync(Tool tool)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Small disks are mounted on Linux only.");
        Directory.CreateDirectory(tool.PathOf("probe"));
        using var probe = Process.Start(
            new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", tool.PathOf("probe")])
            {
                RedirectStandardError = true,
                UseShellExecute = false,
            }
        )!;
        await probe.WaitForExitAsync(Tool.Cancel);
        Directory.Delete(tool.PathOf("probe"));
        Assert.SkipUnless(probe.ExitCode == 0, "This user may not make a mount namespace (unshare -rm): no disk can be made full.");
    }

    /// <summary>Starts the tool with a disk of so many kilobytes at the folder.</summary>
    public static async Task<ToolResult> RunAsync(Tool tool, string folder, int kilobytes, params string[] arguments)
    {
        Directory.CreateDirectory(folder);
        var script = $"mount -t tmpfs -o size={kilobytes}k tmpfs \"$0\" && exec \"$@\"";
        using var process = tool.Start("unshare", ["-rm", "sh", "-c", script, folder, BuiltTool.Program, .. arguments]);
        return await Tool.EndAsync(process);
    }
}

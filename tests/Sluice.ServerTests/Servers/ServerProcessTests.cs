using System.Diagnostics;
using Sluice.ServerTests.Simulator;
using Xunit;

namespace Sluice.ServerTests.Servers;

/// <summary>How servers come and go.</summary>
public sealed class ServerProcessTests
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-server-").FullName;

    public ServerProcessTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Servers are started by a shell script.");

    [Fact]
    public async Task A_server_is_stopped_and_its_folder_removed()
    {
        var server = await ServerProcess.StartAsync(
            _folder, "TERM", line => line.StartsWith("ready", StringComparison.Ordinal), "sh", "-c", "echo ready $$; exec sleep 600");
        using var process = Process.GetProcessById(Number(server.ReadyLine));

        await server.DisposeAsync();

        Assert.True(process.HasExited);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task A_server_that_does_not_start_fails_with_its_last_words()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ServerProcess.StartAsync(_folder, "TERM", line => line == "ready", "sh", "-c", "echo 'the port is taken' >&2; exit 3"));

        Assert.Contains("ended with 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("the port is taken", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task A_server_ends_with_the_process_that_started_it_however_that_ends()
    {
        // Another process in place of the tests': it holds the pipe and is killed with no time to say anything.
        var script =
            $"sh -c 'echo $$ >&2; exec sleep 600' | sh '{ServerProcess.Source("Servers/supervise.sh")}' TERM '{_folder}' sh -c 'echo $$; exec " +
                $"sleep 600'";
        using var both = Process.Start(NodeScript.Start("sh", ["-c", script]))!;
        using var holder = Process.GetProcessById(Number(await both.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) ?? ""));
        using var server = Process.GetProcessById(Number(await both.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? ""));

        holder.Kill();
        await both.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.True(server.HasExited);
        Assert.False(Directory.Exists(_folder));
    }

    private static int Number(string line) => int.Parse(line.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
}

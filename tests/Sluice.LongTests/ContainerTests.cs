using System.Text.RegularExpressions;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Xunit;

namespace Sluice.LongTests;

/// <summary>The container file's steps, run in plain folders on the files that a build of it would get.</summary>
public sealed partial class ContainerTests
{
    [Fact]
    public async Task What_the_first_stage_builds_of_the_files_that_are_copied_in_runs()
    {
        using var tool = new Tool();
        var (source, app, data) = (Directory.CreateDirectory(tool.PathOf("source")).FullName, tool.PathOf("app"), tool.PathOf("data"));
        var file = await File.ReadAllTextAsync(Path.Combine(BuiltTool.Root, "packaging/container/Containerfile"), Tool.Cancel);
        var ignored = (await File.ReadAllLinesAsync(Path.Combine(BuiltTool.Root, ".dockerignore"), Tool.Cancel))
            .Where(line => line.Length > 0)
            .Select(line => $"--exclude='{line.Replace("**/", "", StringComparison.Ordinal)}' ");
        await RunAsync(tool, $"tar -C '{BuiltTool.Root}' {string.Concat(ignored)}-cf - . | tar -C '{source}' -xf -");
        var step = Step().Match(file).Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal)
            .Replace("/app", app, StringComparison.Ordinal)
            .Replace("/var/lib/sluice", data, StringComparison.Ordinal)
            .Replace("$COMMIT", "1a2b3c4", StringComparison.Ordinal)
            .Replace("chown 1654:1654", "ls -d", StringComparison.Ordinal);

        await RunAsync(tool, $"cd '{source}' && {step}");

        Assert.Matches("^sluice [0-9.]+\\+1a2b3c4\n$", await RunAsync(tool, $"'{app}/sluice' --version"));
        Assert.True(Directory.Exists(data));
    }

    private static async Task<string> RunAsync(Tool tool, string command)
    {
        using var process = tool.Start("bash", ["-c", command]);
        return (await Tool.EndAsync(process)).Ended(ExitCode.Done).Out;
    }

    [GeneratedRegex("\nRUN ((?:.*\\\\\n)*.*)\n", RegexOptions.NonBacktracking)]
    private static partial Regex Step();
}

using System.IO.Compression;
using System.Runtime.InteropServices;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Xunit;

namespace Sluice.LongTests;

/// <summary>The tool as a .NET tool: packed for this system, installed and run.</summary>
public sealed class ToolPackageTests
{
    private static readonly string System =
        $"{(OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    [Fact]
    public async Task The_package_of_a_system_carries_its_own_libraries_alone_and_the_installed_tool_ingests()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        var packages = tool.PathOf("packages");
        await RunAsync(
            tool,
            "dotnet",
            "pack",
            Path.Combine(BuiltTool.Root, "src", "Sluice.Cli"),
            "-c",
            "Release",
            "-o",
            packages,
            "--artifacts-path",
            tool.PathOf("artifacts"),
            $"-p:ToolPackageRuntimeIdentifiers={System}",
            "-p:RestoreLockedMode=true",
            "-p:RunAnalyzers=false",
            "-p:EnforceCodeStyleInBuild=false");

        Assert.Equal(["duckdb", "e_sqlite3"], await NativeLibrariesAsync(Assert.Single(Directory.GetFiles(packages, $"Sluice.{System}.*"))));

        tool.Environment["HOME"] = Directory.CreateDirectory(tool.PathOf("home")).FullName;
        await RunAsync(tool, "dotnet", "tool", "install", "Sluice", "--source", packages, "--tool-path", tool.PathOf("installed"));
        var version = await RunAsync(tool, tool.PathOf("installed/sluice"), "--version");
        await RunAsync(tool, tool.PathOf("installed/sluice"), "ingest", "--source-table", "customers");

        Assert.Matches("^sluice [0-9]+\\.[0-9]+\\.[0-9]+(\\+[0-9a-f]{7})?\n$", version.Out);
        Assert.Equal(60, await Database.CountAsync(tool.PathOf("sluice.duckdb"), "SELECT count(*) FROM customerio.customers"));
    }

    private static async Task<ToolResult> RunAsync(Tool tool, string program, params string[] arguments)
    {
        using var process = tool.Start(program, arguments);
        return (await Tool.EndAsync(process)).Ended(ExitCode.Done);
    }

    private static async Task<IEnumerable<string>> NativeLibrariesAsync(string package)
    {
        await using var content = await ZipFile.OpenReadAsync(package, Tool.Cancel);
        return [.. content.Entries.Select(entry => entry.Name).Where(name => Path.GetExtension(name) is ".so" or ".dylib")
            .Select(name => Path.GetFileNameWithoutExtension(name)["lib".Length..]).Order(StringComparer.Ordinal)];
    }
}

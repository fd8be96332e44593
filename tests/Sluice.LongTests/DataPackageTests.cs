using System.IO.Compression;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Runs;
using Sluice.ServerTests.Cli;
using Xunit;

namespace Sluice.LongTests;

/// <summary>The ADO.NET provider as a package: packed, referenced by a project that has nothing else of this repository, and used.</summary>
public sealed class DataPackageTests
{
    private static readonly string Installed =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    [Fact]
    public async Task A_program_that_references_the_package_alone_runs_the_documented_example()
    {
        await using var account = await SimulatedAccount.StartAsync();
        using var tool = account.NewTool();
        var packages = tool.PathOf("packages");
        await RunAsync(
            tool,
            "pack",
            Path.Combine(BuiltTool.Root, "src", "Sluice.Data"),
            "-c",
            "Release",
            "-o",
            packages,
            "--artifacts-path",
            tool.PathOf("artifacts"),
            "-p:RestoreLockedMode=true",
            "-p:RunAnalyzers=false",
            "-p:EnforceCodeStyleInBuild=false");

        Assert.Equal(
            ["Sluice.CustomerIo", "Sluice.Data", "Sluice.Engine", "Sluice.Settings", "Sluice.Sql", "Sluice.Writes"],
            await AssembliesAsync(Assert.Single(Directory.GetFiles(packages))));

        await WriteProgramAsync(tool, packages);
        await RunAsync(tool, "build", tool.PathOf("program"), "-o", tool.PathOf("built"), "-p:UseAppHost=false");
        var ran = await RunAsync(tool, tool.PathOf("built/program.dll"), $"BaseUrl={account.Address};WorkFolder={tool.PathOf("work")}");

        Assert.Matches(@"^1 requests, 0\.0 minutes\n(\d+ .+ \d{4}-\d\d-\d\d\n)+$", ran.Out);
    }

    // Packages that others have made come from where they were installed for this repository; the new one goes nowhere but into the test's folder.
    private static async Task WriteProgramAsync(Tool tool, string packages)
    {
        var folder = Directory.CreateDirectory(tool.PathOf("program")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "nuget.config"),
            $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{tool.PathOf("cache")}" /></config>
              <packageSources><clear /><add key="packed" value="{packages}" /></packageSources>
              <fallbackPackageFolders><add key="installed" value="{Installed}" /></fallbackPackageFolders>
            </configuration>
            """,
            Tool.Cancel);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "program.csproj"),
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Sluice.Data" Version="*" />
              </ItemGroup>
            </Project>
            """,
            Tool.Cancel);
        await File.WriteAllTextAsync(Path.Combine(folder, "program.cs"), await ExampleAsync(), Tool.Cancel);
    }

    private static async Task<string> ExampleAsync()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(BuiltTool.Root, "docs", "ado-net.md"), Tool.Cancel);
        var example = page.Split("```csharp\n")[1].Split("```")[0];
        return example.Replace("using Sluice.Data;\n", "using Sluice.Data;\nvar connectionString = args[0];\n", StringComparison.Ordinal);
    }

    private static async Task<ToolResult> RunAsync(Tool tool, params string[] arguments)
    {
        using var process = tool.Start("dotnet", arguments);
        return (await Tool.EndAsync(process)).Ended(ExitCode.Done);
    }

    private static async Task<IEnumerable<string>> AssembliesAsync(string package)
    {
        await using var content = await ZipFile.OpenReadAsync(package, Tool.Cancel);
        return [.. content.Entries.Where(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal))
            .Select(entry => Path.GetFileNameWithoutExtension(entry.Name)).Order(StringComparer.Ordinal)];
    }
}

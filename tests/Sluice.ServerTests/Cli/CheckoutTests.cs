using System.Xml.Linq;
using Sluice.Benchmarks.Kill;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;

namespace Sluice.ServerTests.Cli;

/// <summary>The first commands of the README, by the script that everybody begins with, where only the .NET SDK is installed.</summary>
public sealed class CheckoutTests
{
    private static readonly string SdkAlone = Path.Combine(BuiltTool.Root, "build", "with-sdk-alone");

    [Fact]
    public async Task The_script_runs_from_any_folder_and_through_a_link_with_nothing_added_to_stdout()
    {
        using var tool = new Tool();
        File.CreateSymbolicLink(tool.PathOf("linked"), BuiltTool.Script);

        using var process = tool.Start(SdkAlone, [tool.PathOf("linked"), "--version"]);
        var run = (await Tool.EndAsync(process)).Ended(ExitCode.Done);

        Assert.Matches("^sluice [0-9]+\\.[0-9]+\\.[0-9]+(\\+[0-9a-f]{7})?\n$", run.Out);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Before_it_builds_it_says_so_and_on_stderr_alone()
    {
        using var tool = new Tool();
        File.Copy(BuiltTool.Script, tool.PathOf("sluice"));
        Directory.CreateDirectory(tool.PathOf("src"));
        foreach (var file in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json", "README.md"])
        {
            await File.WriteAllTextAsync(tool.PathOf(file), "", Tool.Cancel);
        }

        await WriteProgramAsync(
            tool.PathOf("programs/dotnet"),
            """
            [ "$1" = --list-sdks ] && exec echo 10.0.100
            mkdir -p .build/bin
            printf '#!/bin/sh\necho built\n' >.build/bin/sluice
            chmod +x .build/bin/sluice
            """);
        tool.Environment["PATH"] = $"{tool.PathOf("programs")}:{Environment.GetEnvironmentVariable("PATH")}";

        using var first = tool.Start(tool.PathOf("sluice"), []);
        var built = (await Tool.EndAsync(first)).Ended(ExitCode.Done);
        using var second = tool.Start(tool.PathOf("sluice"), []);
        var again = (await Tool.EndAsync(second)).Ended(ExitCode.Done);

        Assert.Equal(("built\n", "Building sluice, once, about a minute.\n"), (built.Out, built.Error));
        Assert.Equal(("built\n", ""), (again.Out, again.Error));
    }

    [Fact]
    public async Task The_demo_loads_every_table_answers_its_questions_and_can_be_repeated()
    {
        using var tool = new Tool();
        await RunDemoAsync(tool);

        var again = await RunDemoAsync(tool);

        var tables = ResourceCatalog.Default.Resources.Where(resource => resource.Reading != ReadingKind.Export && resource.Within is null).ToList();
        Assert.Contains($"{tables.Count} tables, ", again.Out, StringComparison.Ordinal);
        Assert.Equal(
            tables.Count + tables.Count(resource => resource.Observed is not null),
            await Database.CountAsync(
                tool.PathOf("demo.duckdb"),
                "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'customerio' AND NOT starts_with(table_name, '_')"));
        Assert.Equal(1, await Database.CountAsync(tool.PathOf("demo.duckdb"), "SELECT count(*) FROM customerio._sluice_runs"));
        Assert.Matches("open_rate *click_rate\n[- ]+\nCampaign", again.Out);
        Assert.Contains("enterprise", again.Out, StringComparison.Ordinal);
        Assert.Matches("month +messages +people +emails\n[- ]+\n20[0-9][0-9]-", again.Out);
        await CheckPictureAsync(again.Out);
    }

    // Numbers differ with the people and the day; the questions and their SQL do not.
    private static async Task CheckPictureAsync(string printed)
    {
        var picture = XDocument.Parse(await File.ReadAllTextAsync(Path.Combine(BuiltTool.Root, "docs", "images", "demo.svg"), Tool.Cancel));
        var lines = picture.Descendants().Where(text => text.Attribute("class")?.Value is "sql" or "bold").Select(text => text.Value)
            .Where(line => !line.Contains("  ", StringComparison.Ordinal) && !line.Contains(" rows written", StringComparison.Ordinal)).ToList();

        Assert.True(lines.Count >= 10, $"The picture of the demo has {lines.Count} lines of questions and SQL.");
        Assert.All(lines, line => Assert.Contains($"\n{line}\n", printed.ReplaceLineEndings("\n"), StringComparison.Ordinal));
    }

    private static async Task WriteProgramAsync(string path, string script)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, $"#!/bin/sh\n{script}\n", Tool.Cancel);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static async Task<ToolResult> RunDemoAsync(Tool tool)
    {
        using var process = tool.Start(SdkAlone, [BuiltTool.Script, "demo", "--customers", "50", "--rps", "0"]);
        return (await Tool.EndAsync(process)).Ended(ExitCode.Done);
    }
}

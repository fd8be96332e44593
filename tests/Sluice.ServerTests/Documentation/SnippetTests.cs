using System.Text.RegularExpressions;
using Sluice.ServerTests.Cli;
using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Documentation;

/// <summary>What a page shows for other programs is at least what those programs can read.</summary>
public sealed partial class SnippetTests
{
    private static readonly IReadOnlyList<string> Python = Pages.Blocks("docs/schedule.md", "python");
    private static readonly IReadOnlyList<string> Units = Pages.Blocks("docs/schedule.md", "ini");

    [Fact]
    public async Task Every_block_of_shell_is_grammatical()
    {
        using var tool = new Tool();
        var files = Pages.All
            .SelectMany(page => Pages.Blocks(page, "bash", "sh").Select((text, at) => (Name: $"{page.Replace('/', '_')}-{at}", text))).ToList();
        Assert.True(files.Count > 50, $"The pages have {files.Count} blocks of shell: are they still read as they are written?");
        foreach (var (name, text) in files)
        {
            await File.WriteAllTextAsync(tool.PathOf(name), text, Tool.Cancel);
        }

        using var process = tool.Start("bash", ["-c", "bad=0; for file in *; do bash -n \"$file\" || bad=1; done; exit $bad"]);
        var run = await Tool.EndAsync(process);

        Assert.True(run.Code == 0, run.Error);
    }

    [Fact]
    public async Task Every_program_in_Python_compiles()
    {
        var python = LocalProgram.Find("python3");
        Assert.SkipWhen(python is null, "There is no python3 on the PATH.");
        Assert.Equal(2, Python.Count);
        using var tool = new Tool();
        foreach (var (at, text) in Python.Index())
        {
            await File.WriteAllTextAsync(tool.PathOf($"{at}.py"), text, Tool.Cancel);
        }

        using var process = tool.Start(python, ["-c", "import ast, glob\nfor name in glob.glob('*.py'): ast.parse(open(name).read(), name)"]);
        var run = await Tool.EndAsync(process);

        Assert.True(run.Code == 0, run.Error);
    }

    [Fact]
    public async Task Every_unit_is_taken_by_systemd()
    {
        var analyze = LocalProgram.Find("systemd-analyze");
        Assert.SkipWhen(analyze is null, "There is no systemd-analyze on the PATH.");
        Assert.Equal(2, Units.Count);
        using var tool = new Tool();
        foreach (var text in Units)
        {
            // The program and its environment are those of another machine.
            var unit = text.Replace("/usr/bin/sluice", "/bin/true", StringComparison.Ordinal);
            await File.WriteAllTextAsync(tool.PathOf(UnitName().Match(text).Groups[1].Value), unit, Tool.Cancel);
        }

        string[] units = [tool.PathOf("sluice-run.service"), tool.PathOf("sluice-run.timer")];
        using var process = tool.Start(analyze, ["verify", "--man=no", "--recursive-errors=no", .. units]);
        var run = await Tool.EndAsync(process);

        Assert.True(run.Code == 0, run.Error);
        Assert.DoesNotContain("sluice-run", run.Error, StringComparison.Ordinal);
    }

    [GeneratedRegex("^# (\\S+)\n", RegexOptions.NonBacktracking)]
    private static partial Regex UnitName();
}

using System.Text.RegularExpressions;
using Sluice.Benchmarks.Kill;
using Sluice.ServerTests.Cli;
using Xunit;

namespace Sluice.ServerTests.Documentation;

/// <summary>Who follows the first pages gets what they say.</summary>
public sealed class FirstPagesTests
{
    public static TheoryData<string> First => ["README.md", "docs/quickstart.md"];

    [Theory]
    [MemberData(nameof(First))]
    public Task Every_command_of_a_page_does_what_it_says(string page) => PageCommandsTests.RunAsync(page);
}

/// <summary>Every command of every page is run as it stands there, or it is said which test runs it.</summary>
public sealed partial class PageCommandsTests
{
    public static TheoryData<string> Others =>
        [.. Pages.All.Where(page => ToRun(page).Count > 0).Except(FirstPagesTests.First.Select(page => page.Data))];

    [Theory]
    [MemberData(nameof(Others))]
    [Trait("length", "long")]
    public Task Every_command_of_a_page_does_what_it_says(string page) => RunAsync(page);

    [Fact]
    public void What_is_said_to_be_run_elsewhere_stands_on_a_page()
    {
        var commands = Pages.All.Sum(page => Pages.Commands(page).Count);
        Assert.True(commands > 150, $"The pages have {commands} commands: are they still read as they are written?");
        Assert.All(
            PageCommands.Elsewhere,
            one =>
            {
                Assert.Contains(Pages.All, page => Pages.Commands(page).Any(command => Is(one, page, command)));
                Assert.All(TestClass().Matches(one.Why), test => Assert.NotEmpty(
                    Directory.GetFiles(Path.Combine(BuiltTool.Root, "tests"), test.Value + ".cs", SearchOption.AllDirectories)));
            });
    }

    internal static async Task RunAsync(string page)
    {
        await using var account = await SimulatedAccount.StartAsync(options => options with { TrackRequestsPerSecond = 0 });

        var run = await PageCommands.RunAsync(page, ToRun(page), account);

        Assert.True(run.Code == 0, $"{page}: {run.Error}\n{run.Out}");
    }

    private static List<string> ToRun(string page) =>
        [.. Pages.Commands(page).Where(command => !PageCommands.Elsewhere.Any(one => Is(one, page, command)))];

    private static bool Is((string Page, string Begin, string Why) one, string page, string command) =>
        (one.Page is "" || one.Page == page) && command.StartsWith(one.Begin, StringComparison.Ordinal);

    [GeneratedRegex("[A-Z][A-Za-z]+Tests\\b", RegexOptions.NonBacktracking)]
    private static partial Regex TestClass();
}

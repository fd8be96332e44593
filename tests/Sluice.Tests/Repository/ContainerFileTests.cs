using Xunit;

namespace Sluice.Tests.Repository;

/// <summary>What a linter of container files would say.</summary>
public sealed class ContainerFileTests
{
    private static readonly List<(string Word, string Said)> Instructions =
    [
        .. Checkout.Read("packaging/container/Containerfile").Replace("\\\n", " ", StringComparison.Ordinal).Split('\n')
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => (line.Split(' ')[0], line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim())),
    ];

    [Fact]
    public void Images_have_a_version_and_stages_that_are_copied_from_are_there()
    {
        var stages = All("FROM").Where(rest => rest.Contains(" AS ", StringComparison.Ordinal)).Select(rest => rest.Split(' ')[^1]).ToList();

        Assert.All(All("FROM"), rest => Assert.Matches("^[a-z./-]+:[0-9]+\\.[0-9]+[a-z-]*( AS [a-z]+)?$", rest));
        Assert.All(
            All("COPY").Where(rest => rest.StartsWith("--from=", StringComparison.Ordinal)),
            rest => Assert.Contains(rest["--from=".Length..].Split(' ')[0], stages));
        Assert.Empty(All("ADD"));
    }

    [Fact]
    public void It_runs_as_nobody_special_by_number_without_a_shell()
    {
        var last = Instructions.FindLastIndex(one => one.Word == "FROM");
        var final = Instructions.Skip(last).ToList();

        Assert.Equal("1654", final.Last(one => one.Word == "USER").Said);
        Assert.DoesNotContain(final, one => one.Word == "RUN");
        Assert.All(final.Where(one => one.Word is "ENTRYPOINT" or "CMD"), one => Assert.Matches("^\\[\"[^\\]]+\"\\]$", one.Said));
        Assert.Contains("chiseled", final[0].Said, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_instruction_is_one_that_there_is()
    {
        string[] known = ["ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "LABEL", "RUN", "USER", "VOLUME", "WORKDIR"];
        Assert.All(Instructions, one => Assert.Contains(one.Word, known));
    }

    private static List<string> All(string word) => [.. Instructions.Where(one => one.Word == word).Select(one => one.Said)];
}

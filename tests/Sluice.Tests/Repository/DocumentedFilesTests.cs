using System.Text.RegularExpressions;
using Xunit;

namespace Sluice.Tests.Repository;

public sealed partial class DocumentedFilesTests
{
    [Fact]
    public void Every_file_that_the_documentation_names_is_there()
    {
        var named = Checkout
            .Files("docs", "*.md")
            .Concat(["README.md", "CONTRIBUTING.md"])
            .SelectMany(file => FileNames().Matches(Checkout.Read(file)).Select(name => name.Groups[1].Value))
            .Distinct(StringComparer.Ordinal)
            .ToList();

        Assert.True(named.Count > 20, "The documentation names hardly any file: is it still read as it is written?");
        Assert.All(named, name => Assert.True(Path.Exists(Path.Combine(Checkout.Root, name)), $"{name} is named, but not there."));
    }

    [GeneratedRegex("`((?:src|tests)/[A-Za-z0-9_./-]+)`", RegexOptions.NonBacktracking)]
    private static partial Regex FileNames();
}

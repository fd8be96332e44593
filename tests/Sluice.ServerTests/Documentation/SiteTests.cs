using Sluice.Benchmarks.Kill;
using Xunit;

namespace Sluice.ServerTests.Documentation;

/// <summary>The site of docs/ is built, and everything that it links is there.</summary>
[Collection(nameof(SiteCollection))]
public sealed class SiteTests(BuiltSite site)
{
    [Fact]
    public async Task Every_page_anchor_and_file_that_the_site_and_the_README_link_is_there_and_nothing_is_fetched_from_elsewhere()
    {
        Assert.SkipWhen(BuiltSite.Missing is not null, BuiltSite.Missing ?? "");
        Assert.True(site.Build!.Code == 0, $"{site.Build.Out}\n{site.Build.Error}");

        var check = await site.NodeAsync([Path.Combine(BuiltTool.Root, "build", "check-site.mjs"), site.Folder]);

        Assert.True(check.Code == 0, $"{check.Error}\n{check.Out}");
        Assert.EndsWith(", 0 problems\n", check.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_found()
    {
        Assert.SkipWhen(BuiltSite.Missing is not null, BuiltSite.Missing ?? "");
        var page = Path.Combine(site.Folder, "glossary.html");
        var text = await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken);
        const string Wrong =
            """<a href="./nowhere.html"></a><a href="./tables.html#nothing"></a><a href="https://github.com/OWNER/sluice/blob/main/src/None.cs"></a>"""
            + """<script src="https://cdn.example.com/x.js"></script>""";
        await File.WriteAllTextAsync(page, text + Wrong, TestContext.Current.CancellationToken);
        try
        {
            var check = await site.NodeAsync([Path.Combine(BuiltTool.Root, "build", "check-site.mjs"), site.Folder]);

            Assert.Equal(1, check.Code);
            Assert.Contains("there is no page ./nowhere.html", check.Error, StringComparison.Ordinal);
            Assert.Contains("there is no anchor ./tables.html#nothing", check.Error, StringComparison.Ordinal);
            Assert.Contains("src/None.cs is not in the repository", check.Error, StringComparison.Ordinal);
            Assert.Contains("would fetch https://cdn.example.com/x.js", check.Error, StringComparison.Ordinal);
        }
        finally
        {
            await File.WriteAllTextAsync(page, text, TestContext.Current.CancellationToken);
        }
    }
}

using System.Text.Json;
using Sluice.Benchmarks.Kill;
using Sluice.ServerTests.Servers;
using Xunit;

namespace Sluice.ServerTests.Documentation;

/// <summary>What Lighthouse says of pages of each kind: words, commands, diagrams, wide tables. Speed is the machine's and not asked for.</summary>
[Collection(nameof(SiteCollection))]
[Trait("length", "long")]
public sealed class LighthouseTests(BuiltSite site)
{
    [Fact]
    public async Task Pages_can_be_read_by_everybody_and_are_made_as_pages_should_be()
    {
        var chromium = LocalProgram.Find("chromium");
        Assert.SkipWhen(BuiltSite.Missing is not null, BuiltSite.Missing ?? "");
        Assert.SkipWhen(chromium is null, "There is no chromium on the PATH (Debian: apt-get install chromium).");
        string[] pages = ["index.html", "quickstart.html", "concepts.html", "compare.html", "schedule.html", "pipelines.html"];

        var run = await site.NodeAsync(
            [Path.Combine(BuiltTool.Root, "tests", "Sluice.ServerTests", "node", "lighthouse.mjs"), site.Folder, chromium, .. pages]);

        Assert.True(run.Code == 0, run.Error);
        var seen = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(pages, seen.Select(page => page.GetProperty("page").GetString()));
        Assert.All(seen, page =>
        {
            Assert.True(page.GetProperty("failed").GetArrayLength() == 0, page.ToString());
            Assert.Equal(
                ["accessibility 100", "best-practices 100", "seo 100"],
                page.GetProperty("scores").EnumerateObject().Select(score => $"{score.Name} {score.Value}"));
        });
    }
}

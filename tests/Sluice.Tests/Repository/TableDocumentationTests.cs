using Sluice.Engine.Catalog;
using Sluice.Tests.Cli;
using Xunit;

namespace Sluice.Tests.Repository;

public sealed class TableDocumentationTests
{
    private const string Page = "docs/concepts.md";

    [Fact]
    public async Task The_page_of_tables_is_what_the_catalog_says()
    {
        var run = await new ToolHarness().RunAsync("tables", "--markdown");

        Snapshot.Matches("docs/tables.md", run.Out);
    }

    [Fact]
    public async Task The_diagrams_of_the_page_of_concepts_are_what_the_catalog_says_and_name_every_table()
    {
        const string Marker = "<!-- What follows is made by: sluice tables --diagrams -->\n\n";
        var run = await new ToolHarness().RunAsync("tables", "--diagrams");

        Assert.All(ResourceCatalog.Default.Resources, table => Assert.Matches($"\\b{table.Name}\\b", run.Out));
        var written = Checkout.Read(Page);
        Snapshot.Matches(Page, written[..(written.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length)] + run.Out);
    }

    [Fact]
    public void The_words_of_the_page_of_concepts_lead_to_tables_with_the_keys_that_they_have()
    {
        var rows = Checkout.Read(Page).Split('\n').Select(line => line.Trim('|', ' ').Split(" | "))
            .Where(row => row.Length == 4 && row[2].StartsWith('`')).ToList();

        Assert.True(rows.Count > 20, $"{Page} has {rows.Count} words: is it still read as it is written?");
        Assert.All(rows, row => Assert.Equal(
            string.Join(", ", ResourceCatalog.Default.Find(row[2].Trim('`'))!.PrimaryKey.Select(key => $"`{key}`")), row[3]));
    }
}

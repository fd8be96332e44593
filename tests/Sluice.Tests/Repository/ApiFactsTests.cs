using System.Globalization;
using Sluice.Engine.Catalog;
using Xunit;

namespace Sluice.Tests.Repository;

/// <summary>The page of what is taken for true of the API says what the code does.</summary>
public sealed class ApiFactsTests
{
    private static readonly string[] Sources = ["description", "reference", "Track description", "SDK", "other client", "assumed"];
    private static readonly string[] Grades = ["documented", "seen", "doubtful", "assumed"];

    private static readonly List<string[]> Rows =
    [
        .. Checkout.Read("docs/api-facts.md").Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split(" | ")),
    ];

    private static IEnumerable<string[]> Facts => Rows.Where(row => row.Length == 5 && row[0] != "fact" && row[0] != "---");

    [Fact]
    public void Every_fact_has_a_source_a_grade_what_happens_and_a_file_that_is_there()
    {
        var files = Checkout.Files("src", "*.cs").Concat(Checkout.Files("src", "*.json")).Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        Assert.True(Facts.Count() > 60, "The page has hardly any fact: is it still read as it is written?");
        Assert.All(Facts, fact =>
        {
            Assert.All(fact[1].Split(", "), source => Assert.Contains(source, Sources));
            Assert.Contains(fact[2], Grades);
            Assert.True(fact[4] is "simulator" or "none yet" || files.Contains(fact[4].Trim('`')), $"{fact[4]} is named, but not there.");
        });
    }

    [Theory]
    [InlineData("DELETES the profile")]
    [InlineData("keeps the fields that are left out")]
    [InlineData("is blank when read")]
    [InlineData("done when `processed_at` is there")]
    [InlineData("its errors are `line <x>: <text>`")]
    [InlineData("`tracked` of a send is true unless")]
    [InlineData("`to` in E.164")]
    [InlineData("`send_at` is at most 90 days ahead")]
    [InlineData("needs `to` and `identifiers`")]
    [InlineData("Writable of an action")]
    [InlineData("in_app and inbox nothing")]
    [InlineData("of a webhook action as JSON text")]
    [InlineData("takes ids alone, no `id_type`")]
    [InlineData("unable to delete snippet in use")]
    [InlineData("Actions of broadcasts come by ten")]
    [InlineData("`drafts=true` gives drafts alone")]
    [InlineData("no `Retry-After` when a quota of the day")]
    [InlineData("`type` of a campaign is deprecated")]
    [InlineData("the text \"nil\"")]
    [InlineData("`template_id`, `broadcast_name`")]
    [InlineData("Nothing updates a segment or a newsletter")]
    public void What_has_changed_or_is_easily_done_wrong_is_among_the_facts(string words) =>
        Assert.Contains(Facts, fact => fact[0].Contains(words, StringComparison.Ordinal));

    [Fact]
    public void The_page_sizes_are_those_of_the_catalog()
    {
        var written = Rows.Where(row => row.Length == 3 && row[0].StartsWith('`'))
            .ToDictionary(row => row[0].Trim('`'), row => int.Parse(row[1], NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        var catalog = ResourceCatalog.Default.Resources.Where(resource => resource.PageSize is not null)
            .ToDictionary(resource => resource.Name, resource => resource.PageSize!.Value);
        Assert.Equal(catalog.OrderBy(pair => pair.Key, StringComparer.Ordinal), written.OrderBy(pair => pair.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void The_largest_page_of_deliveries_is_documented_for_campaigns_and_for_broadcasts_it_is_not()
    {
        Assert.Contains(NotesOf("campaign_messages"), note => note.Contains("50 rows a page unless", StringComparison.Ordinal));
        Assert.Contains(NotesOf("broadcast_messages"), note => note.StartsWith("No largest page size is documented", StringComparison.Ordinal));

        static IReadOnlyList<string> NotesOf(string table) => ResourceCatalog.Default.Find(table)!.Notes;
    }

    [Fact]
    public void Both_words_of_every_table_that_has_two_are_in_the_glossary()
    {
        var glossary = Checkout.Read("docs/glossary.md");
        foreach (var table in new[] { "campaigns", "newsletters", "newsletter_contents", "transactional_contents" })
        {
            Assert.Contains($"`{table}`", glossary, StringComparison.Ordinal);
            Assert.All(VendorWords.NamesOf(table), name => Assert.Contains($"`{name}`", glossary, StringComparison.Ordinal));
        }
    }
}

using Sluice.Cli.Output;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Sluice.Tests.Repository;
using Xunit;

namespace Sluice.Tests.Cli;

/// <summary>What stands in a terminal of 80 columns.</summary>
public sealed class ScreenTests
{
    private const int Width = 80;

    private static readonly DateTimeOffset Began = new(2026, 3, 1, 6, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("tables", "tables-80")]
    [InlineData("tables campaign_action_metrics", "tables-campaign_action_metrics-80")]
    public async Task The_tables_fit_into_80_columns(string line, string name)
    {
        var run = await new ToolHarness { Width = Width }.RunAsync(line.Split(' '));

        Assert.All(TableLines(run.Out), text => Assert.True(text.Length <= Width, text));
        Snapshot.Matches($"tests/Sluice.Tests/Cli/Snapshots/{name}.snap", run.Out);
    }

    [Theory]
    [InlineData(Width)]
    [InlineData(100)]
    [InlineData(200)]
    public void A_report_has_its_verdict_first_and_one_line_a_table(int width)
    {
        var text = ReportView.Text(Report(), width);

        Assert.All(TableLines(text), line => Assert.True(line.Length <= width, line));
        Snapshot.Matches($"tests/Sluice.Tests/Cli/Snapshots/report-{width}.snap", text);
    }

    [Fact]
    public void Every_table_of_the_catalog_fits_with_the_columns_that_matter()
    {
        var tables = ResourceCatalog.Default.Resources
            .Select(resource => Table(resource.TakesPeriod ? resource.Name + "_months" : resource.Name, 10));

        var text = ReportView.Text(Report() with { Tables = [.. tables] }, Width);

        Assert.All(TableLines(text), line => Assert.True(line.Length <= Width, line));
        Assert.Matches("table +rows +new +changed +time +outcome\n", text);
    }

    [Theory]
    [InlineData("One row per IP address that Customer.io sends from. More.", "One row per IP address that Customer.io sends from")]
    [InlineData("One row per person: not of deleted ones.", "One row per person")]
    [InlineData("As of 2.5 MB; no more", "As of 2.5 MB")]
    [InlineData("No end", "No end")]
    public void The_first_sentence_ends_at_its_own_end(string text, string sentence) => Assert.Equal(sentence, CatalogWords.FirstSentence(text));

    // The lines of the tables: those of text wrap at the terminal's own edge.
    private static IEnumerable<string> TableLines(string text) =>
        text.Split('\n').SkipWhile(line => !line.StartsWith("---", StringComparison.Ordinal)).TakeWhile(line => line.Length > 0);

    private static RunReport Report() => new()
    {
        RunId = "20260301T060000Z-abcdef",
        StartedAt = Began,
        EndedAt = Began.AddSeconds(15.4),
        Destination = "/home/me/crm.duckdb",
        Requests = 812,
        BudgetUsed = 0.97,
        Tables =
        [
            Table("customers", 12_345) with { Inserted = 45, Rows = 145, Unchanged = 12_200, Deleted = 3 },
            Table("campaign_action_metrics_months", 1_234_567) with { Strategy = "replace", Inserted = null },
            Table("messages", 250_000) with { Outcome = TableOutcome.Partial, Resumed = true },
        ],
    };

    private static TableReport Table(string name, long rows) => new()
    {
        Source = name,
        Table = $"customerio.{name}",
        Strategy = "merge",
        Outcome = TableOutcome.Done,
        Feed = name,
        Fetched = rows,
        Rows = rows,
        Inserted = rows,
        TableRows = rows,
        Requests = 250,
        Seconds = 12.3,
        SpoolBytes = 4_000_000,
    };
}

using Sluice.Destinations;
using Sluice.Destinations.Models;
using Sluice.Tests.Cli;
using Xunit;

namespace Sluice.Tests.Repository;

public sealed class ModelDocumentationTests
{
    private const string Page = "docs/models.md";
    private const string Marker = "<!-- What follows is made by: sluice models --markdown -->\n\n";

    [Fact]
    public async Task The_page_of_models_has_what_the_tool_says_of_them()
    {
        var run = await new ToolHarness().RunAsync("models", "--markdown");

        var written = Checkout.Read(Page);
        Snapshot.Matches(Page, written[..(written.IndexOf(Marker, StringComparison.Ordinal) + Marker.Length)] + run.Out);
    }

    [Fact]
    public void A_rate_says_what_it_divides_by_and_when_it_is_NULL()
    {
        var rates = ModelDocumentation.All.SelectMany(model => model.Columns).Where(column => column.Type == ModelType.Number).ToList();

        Assert.True(rates.Count > 30);
        Assert.All(rates, rate => Assert.Matches("^[a-z_]+ / [a-z_]+.*NULL ", rate.Doc));
    }

    [Fact]
    public void The_id_of_a_customer_means_the_same_in_every_model()
    {
        var columns = ModelDocumentation.All.SelectMany(model => model.Columns).ToList();

        Assert.Single(columns.Where(column => column.Name == "customer_id").Select(column => column.Doc).Distinct());
        Assert.Single(columns.Where(column => column.Name == "cio_id").Select(column => column.Doc).Distinct());
        Assert.All(columns, column => Assert.EndsWith(".", column.Doc, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public async Task Each_model_is_shown_in_the_words_of_each_database(string model, string dialect)
    {
        var run = await new ToolHarness().RunAsync("models", model, "--dialect", dialect);

        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Contains("\nSELECT\n", run.Out, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Models()
    {
        var all = new TheoryData<string, string>();
        foreach (var model in ModelDocumentation.All)
        {
            foreach (var dialect in ModelDocumentation.Dialects)
            {
                all.Add(model.Name, dialect);
            }
        }

        return all;
    }
}

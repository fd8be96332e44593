using System.Text;
using Sluice.CustomerIo;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Extract;
using Xunit;

namespace Sluice.Tests.Extract;

public sealed class MetricsSeriesTests
{
    private const string Prefix =
        """{"period":"days","step_index":0,"period_start":"2026-01-01T05:00:00.000Z","period_end":"2026-01-02T05:00:00.000Z","observed_at":"2026-01-03T00:00:00.000Z",""";
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 5, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"metric":{"series":{"sent":[1,2]}}}""", "\"sent\":1}")]
    [InlineData("""{"series":{"sent":[1,2]}}""", "\"sent\":1}")]
    [InlineData("""{"metric":{"sent":[1,2]}}""", "\"sent\":1}")]
    [InlineData("""{"metric":{"type":"email","series":{"sent":[1,2],"2xx":[3,4]}}}""", "\"type\":\"email\",\"sent\":1,\"2xx\":3}")]
    [InlineData("""{"metric":{"series":{"sent":[1.5,2],"name":"not an array"}}}""", "\"sent\":1.5}")]
    public void Every_nesting_is_read(string body, string row)
    {
        var series = Parse(body);
        Assert.Equal(2, series.Steps);
        Assert.Equal(Prefix + row, Row(series, 0));
    }

    [Fact]
    public void Arrays_of_different_length_end_in_null()
    {
        var series = Parse("""{"metric":{"series":{"sent":[1,2,3],"2xx":[7],"none":[]}}}""");
        Assert.Equal(3, series.Steps);
        Assert.EndsWith("""Z","sent":1,"2xx":7,"none":null}""", Row(series, 0), StringComparison.Ordinal);
        Assert.EndsWith("""Z","sent":3,"2xx":null,"none":null}""", Row(series, 2), StringComparison.Ordinal);
        Assert.Equal(JsonKinds.Integer, series.Fields["sent"]);
        Assert.Equal(JsonKinds.Integer | JsonKinds.Null, series.Fields["2xx"]);
        Assert.Equal(JsonKinds.Null, series.Fields["none"]);
        Assert.Equal(JsonKinds.Text, series.Fields["period_start"]);
        Assert.Equal(JsonKinds.Integer, series.Fields["step_index"]);
    }

    [Theory]
    [InlineData("""{"metric":{"series":null}}""")]
    [InlineData("""{"series":null}""")]
    [InlineData("""{"metric":null}""")]
    [InlineData("""{"metric":{"series":{}}}""")]
    [InlineData("""{"metric":{"series":{"sent":[]}}}""")]
    public void No_series_are_no_steps(string body)
    {
        var series = Parse(body);
        Assert.Equal(0, series.Steps);
        Assert.Empty(series.Fields);
    }

    [Theory]
    [InlineData("""{"totals":1,"links":[]}""", "totals, links")]
    [InlineData("""{"metric":{"type":"email"}}""", "metric")]
    [InlineData("""{"metric":{"series":7}}""", "metric")]
    [InlineData("[]", "Array")]
    public void Missing_series_name_the_keys(string body, string keys)
    {
        var error = Assert.Throws<SluiceException>(() => Parse(body));
        Assert.Equal($"GET /v1/things answered without metric.series; the keys found are: {keys}.", error.Message);
        Assert.Equal(SluiceErrorKind.Api, error.Kind);
    }

    [Fact]
    public void Every_link_has_a_series_and_its_own_fields()
    {
        var links = ParseLinks(
            """{"links":[{"link":{"id":7,"href":"https://a"},"metric":{"series":{"clicked":[1,2]}}},{"link":{"id":8},"metric":{"series":{"clicked":[3]}}}]}"""
        );
        Assert.EndsWith("Z\",\"link_id\":7,\"link_href\":\"https://a\",\"clicked\":2}", Row(links[0], 1), StringComparison.Ordinal);
        Assert.Equal(1, links[1].Steps);
        Assert.Equal(JsonKinds.Integer, links[0].Fields["link_id"]);
        Assert.Equal(JsonKinds.Text, links[0].Fields["link_href"]);
        Assert.Empty(ParseLinks("""{"links":null}"""));
        Assert.Empty(ParseLinks("""{"links":[]}"""));
    }

    [Theory]
    [InlineData("""{"metric":{}}""", "answered without links; the keys found are: metric.")]
    [InlineData("""{"links":7}""", "answered without links; the keys found are: links.")]
    [InlineData("""{"links":[{"metric":{"series":{}}}]}""", "answered without link; the keys found are: metric.")]
    [InlineData("""{"links":[{"link":{"id":1}}]}""", "answered without metric.series; the keys found are: link.")]
    public void Links_of_another_shape_are_an_error_and_never_none(string body, string told) =>
        Assert.Contains(told, Assert.Throws<SluiceException>(() => ParseLinks(body)).Message, StringComparison.Ordinal);

    [Fact]
    public void Journeys_have_their_arrays_without_series()
    {
        var journeys = MetricsSeries.ParseAll("""{"journey_metric":{"started":[4,5]}}"""u8.ToArray(), Things with { RootKeys = ["journey_metric"] });
        Assert.Equal(Prefix + "\"started\":4}", Row(Assert.Single(journeys), 0));
    }

    private static IReadOnlyList<MetricsSeries> ParseLinks(string body) =>
        MetricsSeries.ParseAll(Encoding.UTF8.GetBytes(body), Things with { RootKeys = ["links"], SeriesOf = "link" });

    private static Resource Things { get; } =
        new()
        {
            Name = "things",
            Doc = "",
            DocsUrl = "",
            Path = "/v1/things",
            RootKeys = ["metric"],
            PrimaryKey = ["id"],
        };

    private static MetricsSeries Parse(string body) => MetricsSeries.ParseAll(Encoding.UTF8.GetBytes(body), Things)[0];

    private static string Row(MetricsSeries series, int index) =>
        Encoding.UTF8.GetString(series.Row(index, MetricsPeriod.Days, new MetricsStep(Start, Start.AddDays(1)), Start.AddHours(43)));
}

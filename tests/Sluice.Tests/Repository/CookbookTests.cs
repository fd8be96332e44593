using Xunit;

namespace Sluice.Tests.Repository;

/// <summary>The twelve questions of the cookbook, against answers that are counted in the pretend Customer.io's own world.</summary>
public sealed class CookbookTests : IClassFixture<CookbookWorld>
{
    private readonly CookbookWorld _world;

    public CookbookTests(CookbookWorld world) => _world = world;

    [Fact]
    public void All_models_are_made_and_no_query_needs_JSON()
    {
        Assert.Equal([0, 13], [_world.Report.ExitCode, _world.Report.Models.Count]);
        Assert.All(_world.Report.Models, model => Assert.Equal((Engine.Load.ModelOutcome.Made, ""), (model.Outcome, string.Join(';', model.Lacks))));
        Assert.Equal(Enumerable.Range(1, 12), CookbookWorld.Queries.Keys.Order());
        Assert.All(CookbookWorld.Queries.Values, sql => Assert.DoesNotMatch("->|json|customerio\\.", sql));
    }

    [Fact]
    public void Open_rate_by_campaign_and_week() => AssertAnswer(1, _world.Deliveries
        .Where(one => one.Campaign is not null && one.Has("delivered"))
        .GroupBy(one => (Week: one.Day("sent").AddDays(-(((int)one.Day("sent").DayOfWeek + 6) % 7)), one.Campaign))
        .OrderBy(group => group.Key.Week).ThenBy(group => group.Key.Campaign)
        .Select(group => Line(
            group.Key.Week, _world.Name("campaigns", group.Key.Campaign), group.Count(), group.Count(one => one.Has("opened")),
            Round((double)group.Count(one => one.Has("opened")) / group.Count(), 3))));

    [Fact]
    public void Unsubscribes_by_newsletter() => AssertAnswer(2, _world.Deliveries
        .Where(one => one.Newsletter is not null)
        .GroupBy(one => one.Newsletter)
        .Select(group => (Id: group.Key, Delivered: group.Count(one => one.Has("delivered")), Lost: group.Count(one => one.Has("unsubscribed"))))
        .Where(one => one.Lost > 0 && _world.Name("newsletters", one.Id) is not null)
        .OrderByDescending(one => one.Lost).ThenBy(one => one.Id)
        .Select(one => Line(one.Id, _world.Name("newsletters", one.Id), one.Delivered, one.Lost, Round((double)one.Lost / one.Delivered, 4))));

    [Fact]
    public void More_than_some_in_seven_days()
    {
        var people = _world.People
            .Select(person => (Person: person, Of: _world.Deliveries.Where(one => one.Person == person.CioId).ToList()))
            .Select(one => (
                one.Person,
                Sent: one.Of.Count(CookbookWorld.IsOfTheLastWeek("sent")),
                Opened: one.Of.Count(CookbookWorld.IsOfTheLastWeek("opened"))))
            .ToList();

        // Less than the most, so that there is somebody.
        var most = people.Max(one => one.Sent);
        Assert.True(most > 0);
        Assert.Equal(
            people.Where(one => one.Sent == most).OrderBy(one => one.Person.CioId, StringComparer.Ordinal)
                .Select(one => Line(one.Person.CioId, one.Person.Id, one.Person.Email, one.Sent, one.Opened)),
            _world.Answer(3, "sent_7_days > 3", $"sent_7_days > {most - 1}"));
    }

    [Fact]
    public void Deliverability_by_domain() => AssertAnswer(4, _world.Deliveries
        .Where(one => one.Channel == "email" && one.Has("sent"))
        .GroupBy(one => one.Recipient.Contains('@', StringComparison.Ordinal) ? one.Recipient.Split('@')[^1].ToLowerInvariant() : null)
        .OrderByDescending(group => group.Count()).ThenBy(group => group.Key ?? "\uffff", StringComparer.Ordinal)
        .Select(group => Line(
            group.Key, group.Count(), group.Count(one => one.Has("delivered")), group.Count(one => one.Has("bounced")),
            group.Count(one => one.Has("spammed")), Round((double)group.Count(one => one.Has("delivered")) / group.Count(), 3))));

    [Fact]
    public void Drop_off_along_a_journey()
    {
        var sent = _world.Deliveries.Where(one => one.Campaign == 1).ToList();
        var all = sent.Select(one => one.Person).Distinct().Count();
        var actions = _world.Rows("campaign_actions").Where(row => CookbookWorld.Number(row, "campaign_id") == 1)
            .OrderBy(row => CookbookWorld.Number(row, "id")).ToList();
        var before = (int?)null;
        var expected = new List<string>();
        for (var step = 1; step <= actions.Count; step++)
        {
            var of = sent.Where(one => one.Action == CookbookWorld.Number(actions[step - 1], "id")).ToList();
            if (of.Count > 0)
            {
                var people = of.Select(one => one.Person).Distinct().Count();
                expected.Add(Line(
                    step, CookbookWorld.Text(actions[step - 1], "name"), CookbookWorld.Text(actions[step - 1], "type"), people,
                    Round((double)people / all, 3), people - before));
                before = people;
            }
        }

        AssertAnswer(5, expected);
    }

    [Fact]
    public void Conversions_by_attribute() => AssertAnswer(6, _world.Deliveries
        .Where(one => one.Has("delivered") && _world.Plans.ContainsKey(one.Person))
        .GroupBy(one => _world.Plans[one.Person])
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => Line(
            group.Key, group.Count(), group.Count(one => one.Has("converted")),
            Round((double)group.Count(one => one.Has("converted")) / group.Count(), 4))));

    [Fact]
    public void Growth_of_segments()
    {
        var answer = _world.Answer(7).Select(line => line.Split('|')).Select(row => $"{row[0]}|{row[1]}|{row[3]}|{row[4]}");

        Assert.Equal(
            _world.Rows("segment_memberships").GroupBy(row => CookbookWorld.Number(row, "segment_id")).OrderBy(group => group.Key)
                .Select(group => Line(group.Key, _world.Name("segments", group.Key), group.Count(), null)),
            answer);
    }

    [Fact]
    public void Variants_of_newsletters() => AssertAnswer(8, _world.Rows("newsletter_contents")
        .Select(row => (
            Newsletter: CookbookWorld.Number(row, "newsletter_id"), Id: CookbookWorld.Number(row, "id"), Row: row,
            Of: _world.Deliveries.Where(one => one.Content == CookbookWorld.Number(row, "id")
                && one.Newsletter == CookbookWorld.Number(row, "newsletter_id") && one.Has("delivered")).ToList()))
        .Where(one => one.Of.Count > 0)
        .Select(one => (
            one.Newsletter, one.Id, one.Row, one.Of.Count, Open: Round((double)one.Of.Count(d => d.Has("opened")) / one.Of.Count, 3),
            Click: Round((double)one.Of.Count(d => d.Has("clicked")) / one.Of.Count, 3)))
        .OrderBy(one => one.Newsletter).ThenByDescending(one => one.Open).ThenBy(one => one.Id)
        .Select(one => Line(
            one.Newsletter, one.Id, CookbookWorld.Text(one.Row, "name"), CookbookWorld.Text(one.Row, "language"), one.Count, one.Open, one.Click)));

    [Fact]
    public void Clicks_on_links() => AssertAnswer(9, _world.Rows("link_clicks")
        .Where(row => _world.IsCounted(row, "clicked"))
        .GroupBy(row => (
            Kind: CookbookWorld.Text(row, "kind")!, Id: CookbookWorld.Number(row, "parent_id"), Link: CookbookWorld.Number(row, "link_id")))
        .Select(group => (group.Key, Clicks: group.Count(), Human: group.Count(row => row.TryGetProperty("human_clicked", out _)),
            Href: $"https://example.com/l/{group.Key.Link}?a=1&b=2"))
        .OrderByDescending(one => one.Clicks).ThenBy(one => one.Key.Kind, StringComparer.Ordinal).ThenBy(one => one.Key.Id)
        .ThenBy(one => one.Href, StringComparer.Ordinal)
        .Select(one => Line(one.Key.Kind, one.Key.Id, one.Href, one.Clicks, one.Human)));

    [Fact]
    public void Time_to_open() => AssertAnswer(10, _world.Deliveries
        .Where(one => one.Has("delivered") && one.Has("opened"))
        .GroupBy(one => one.Channel)
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => group.Select(one => one.At("opened") - one.At("delivered")).Order().ToList() is var seconds
            ? Line(group.Key, seconds.Count, (seconds[(seconds.Count - 1) / 2] + seconds[seconds.Count / 2]) / 2.0, seconds[^1])
            : ""));

    [Fact]
    public void Churn_by_topic() => AssertAnswer(11, _world.Rows("customer_subscription_preferences")
        .GroupBy(row => (Id: CookbookWorld.Number(row, "id"), Name: CookbookWorld.Text(row, "name")))
        .OrderBy(group => group.Key.Id)
        .Select(group => (group.Key, All: group.Count(), Wants: group.Count(row => row.GetProperty("subscribed").GetBoolean()),
            Gone: group.Count(row => row.GetProperty("subscribed").GetBoolean() && row.GetProperty("unsubscribed").GetBoolean())))
        .Select(one => Line(
            one.Key.Id, one.Key.Name, one.All, one.Wants, one.Gone, Round((double)(one.All - one.Wants + one.Gone) / one.All, 3))));

    [Fact]
    public void Never_opened() => AssertAnswer(12, _world.People
        .Select(person => (Person: person, Of: _world.Deliveries.Where(one => one.Person == person.CioId).ToList()))
        .Where(one => one.Of.Exists(delivery => delivery.Has("delivered")) && !one.Of.Exists(delivery => delivery.Has("opened")))
        .Select(one => (
            one.Person, Delivered: one.Of.Count(delivery => delivery.Has("delivered")), Last: one.Of.Max(delivery => delivery.At("sent"))))
        .OrderByDescending(one => one.Delivered).ThenBy(one => one.Person.CioId, StringComparer.Ordinal)
        .Select(one => Line(one.Person.CioId, one.Person.Id, one.Person.Email, one.Delivered, DateTimeOffset.FromUnixTimeSeconds(one.Last))));

    private static double Round(double number, int digits) => Math.Round(number, digits, MidpointRounding.AwayFromZero);

    private static string Line(params object?[] values) => string.Join('|', values.Select(CookbookWorld.Told));

    private void AssertAnswer(int question, IEnumerable<string> expected)
    {
        var lines = expected.ToList();
        Assert.NotEmpty(lines);
        Assert.Equal(lines, _world.Answer(question));
    }
}

using System.Globalization;
using Sluice.Destinations;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

public abstract partial class DestinationCompliance
{
    // 2026-03-01 12:00:00 UTC.
    private const long Noon = 1772366400;

    [Fact]
    public async Task Models_give_the_same_answers_in_every_database_that_has_views()
    {
        if (await HasNoViewsAsync())
        {
            return;
        }

        await LoadModelTablesAsync();

        var models = await MakeModelsAsync();

        Assert.Equal(
            [
                "a|campaign|7|Welcome|p1|one|example.com|2026-03-01 12:00:00|2026-03-01 12:01:30|1|2026-03-01|60",
                "b|campaign|7|Welcome|p1|one|example.com|2026-03-01 12:00:00|NULL|0|2026-03-01|NULL",
                "c|newsletter|9|News|p2|NULL|shop.example|2026-03-01 04:59:59|NULL|0|2026-02-28|NULL",
                "d|transactional|NULL|NULL|p2|NULL|NULL|NULL|NULL|0|2026-03-01|NULL",
            ],
            await AskAsync(
                models, "deliveries", "SELECT delivery_id, sender_kind, sender_id, sender_name, cio_id, customer_id, recipient_domain, sent_at, "
                    + "opened_at, human_opened, day, seconds_to_open FROM {0} ORDER BY delivery_id"));
        Assert.Equal(
            ["7|Welcome|2|1|2|1|1|0.5|1|NULL", "8|Silent|0|0|0|0|0|NULL|NULL|NULL"],
            await AskAsync(
                models, "campaigns_summary", "SELECT campaign_id, campaign_name, deliveries, people, sent, delivered, opened, delivery_rate, "
                    + "open_rate, first_started_at FROM {0} ORDER BY campaign_id"));
        Assert.Equal(
            ["1|72|first|1|1|1", "2|71|second|1|0|1"],
            await AskAsync(
                models, "campaign_steps", "SELECT step, action_id, action_name, people, opened, reach_rate FROM {0} ORDER BY campaign_id, step"));
        Assert.Equal(
            ["p1|one|One@Example.com|2|2|1|0|1", "p2|NULL|NULL|2|1|0|0|NULL", "p3|three|NULL|0|0|0|0|NULL"],
            await AskAsync(
                models, "person_engagement", "SELECT cio_id, customer_id, email, deliveries, sent, opened, sent_7_days, open_rate FROM {0} "
                    + "ORDER BY cio_id"));
        Assert.Equal(
            ["p1|n|1", "p1|odd \"name\"|{\"x\":[1]}", "p1|plan|pro"],
            await AskAsync(models, "person_attributes", "SELECT cio_id, name, value FROM {0} ORDER BY name"));
        Assert.Equal(
            ["2026-02-28|newsletter|9|1|0|1", "2026-03-01|campaign|7|2|1|0", "2026-03-01|transactional|NULL|0|0|0"],
            await AskAsync(
                models, "message_performance_daily", "SELECT day, sender_kind, sender_id, sent, delivered, bounced FROM {0} "
                    + "ORDER BY day, sender_kind"));
    }

    [Fact]
    public async Task Models_stay_right_when_their_tables_are_replaced_get_wider_types_and_start_over()
    {
        if (await HasNoViewsAsync())
        {
            return;
        }

        var job = Job(Of("messages"), Strategy.Replace);
        await Desk.LoadAsync(job, LoadScenario.Plain, [Sent("a", "\"extra\":1")]);
        var models = await MakeModelsAsync();
        Assert.Equal(["a"], await IdsAsync(models));

        await Desk.LoadAsync(job, LoadScenario.Plain, [Sent("a", "\"extra\":1"), Sent("b", "\"extra\":2")]);
        Assert.Equal(["a", "b"], await IdsAsync(models));
        await Desk.LoadAsync(job with { Strategy = Strategy.Merge }, LoadScenario.Plain, [Sent("c", "\"extra\":\"text\"")]);
        Assert.Equal(["a", "b", "c"], await IdsAsync(models));
        await Desk.LoadAsync(job, LoadScenario.Plain with { FullRefresh = true }, [Sent("d", "\"other\":true")]);
        Assert.Equal(["d"], await IdsAsync(models));

        Assert.Equal(
            models.Select(model => (model.Name, model.Outcome)), (await MakeModelsAsync()).Select(model => (model.Name, model.Outcome)));
        Assert.Equal(["d"], await IdsAsync(models));
    }

    [Fact]
    public async Task A_table_that_lacks_a_column_of_the_models_has_them_without_it_and_later_with_it()
    {
        if (await HasNoViewsAsync())
        {
            return;
        }

        var narrow = Job(Of("messages"), Strategy.Merge) with
        {
            Only = new HashSet<string>(StringComparer.Ordinal) { "id", "metrics", "created" },
        };
        await Desk.LoadAsync(narrow, LoadScenario.Plain, [Sent("a", "\"type\":\"email\"")]);
        var lacking = await MakeModelsAsync();
        Assert.Contains(lacking[0].Lacks, lack => lack.StartsWith("without channel", StringComparison.Ordinal));
        Assert.Equal(["a|2026-03-01 12:00:00"], await AskAsync(lacking, "deliveries", "SELECT delivery_id, sent_at FROM {0}"));

        await Desk.LoadAsync(Job(Of("messages"), Strategy.Merge), LoadScenario.Plain, [Sent("b", "\"type\":\"email\"")]);
        var whole = await MakeModelsAsync();
        Assert.Equal(
            ["a|NULL|2026-03-01 12:00:00", "b|email|2026-03-01 12:00:00"],
            await AskAsync(whole, "deliveries", "SELECT delivery_id, channel, sent_at FROM {0} ORDER BY delivery_id"));
    }

    [Fact]
    public async Task Models_that_are_dropped_are_gone_and_the_tables_stay()
    {
        if (await HasNoViewsAsync())
        {
            return;
        }

        await Desk.LoadAsync(Job(Of("messages"), Strategy.Merge), LoadScenario.Plain, [Sent("a", "\"type\":\"email\"")]);
        var made = (await MakeModelsAsync()).Count(model => model.Outcome == ModelOutcome.Made);

        await using var destination = await Desk.OpenAsync();
        var dropped = await destination.Models(Schema)!.DropAsync(Cancel);

        Assert.Equal((2, 2), (made, dropped.Count));
        Assert.Empty(await destination.Models(Schema)!.DropAsync(Cancel));
        Assert.Single((await ReadAsync(destination, "messages", "id"))!);
    }

    private static Resource Of(string name) => ResourceCatalog.Default.Find(name)!;

    private static string Sent(string id, string more) =>
        $$"""{"id":"{{id}}","created":{{Noon - 60}},"metrics":{"sent":{{Noon}}},{{more}}}""";

    private static string Message(string id, string person, string recipient, string metrics, string more) =>
        $$"""{"id":"{{id}}","type":"email","customer_identifiers":{"cio_id":"{{person}}"},"recipient":"{{recipient}}","""
        + $$"""" "created":{{Noon - 60}},"metrics":{ {{metrics}} },{{more}} } """";

    private async Task LoadModelTablesAsync()
    {
        string[] messages =
        [
            Message(
                "a", "p1", "One@Example.com", $"\"sent\":{Noon},\"delivered\":{Noon + 30},\"opened\":{Noon + 90},\"human_opened\":{Noon + 90}",
                "\"customer_id\":\"one\",\"campaign_id\":7,\"action_id\":72"),
            Message("b", "p1", "One@Example.com", $"\"sent\":{Noon}", "\"customer_id\":\"one\",\"campaign_id\":7,\"action_id\":71"),
            Message("c", "p2", "two@shop.example", $"\"sent\":{Noon - (7 * 3600) - 1},\"bounced\":{Noon}", "\"newsletter_id\":9"),
            Message("d", "p2", "nobody", $"\"dropped\":{Noon}", "\"failure_message\":\"address suppressed\""),
        ];
        await LoadAsync("messages", messages);
        await LoadAsync(
            "campaigns",
            """{"id":7,"name":"Welcome","first_started":0,"actions":[{"id":72,"type":"email"},{"id":"71","type":"email"}]}""",
            """{"id":8,"name":"Silent"}""");
        await LoadAsync(
            "campaign_actions",
            """{"id":"71","campaign_id":7,"_sluice_p_campaign_id":7,"name":"second","type":"email"}""",
            """{"id":72,"campaign_id":7,"_sluice_p_campaign_id":7,"name":"first","type":"email"}""");
        await LoadAsync("newsletters", """{"id":9,"name":"News"}""");
        await LoadAsync(
            "customers",
            """{"cio_id":"p1","id":"one","email":"One@Example.com"}""", """{"cio_id":"p2"}""", """{"cio_id":"p3","id":"three"}""");
        await LoadAsync(
            "customer_attributes",
            """
            {"id":"p1","identifiers":{"cio_id":"p1","id":"one"},"unsubscribed":false,"attributes":{"plan":"pro","n":1,"odd \"name\"":{"x":[1]}}}
            """.Trim());
    }

    private Task LoadAsync(string table, params string[] records) => Desk.LoadAsync(Job(Of(table), Strategy.Merge), LoadScenario.Plain, records);

    // Where there are none, --models is refused by the address alone.
    private async Task<bool> HasNoViewsAsync()
    {
        await using var destination = await Desk.OpenAsync();
        var hasNone = destination.Models(Schema) is null;
        Assert.Equal(hasNone, !Place.HasModels);
        return hasNone;
    }

    private async Task<IReadOnlyList<ModelReport>> MakeModelsAsync()
    {
        await using var destination = await Desk.OpenAsync();
        return await destination.Models(Schema)!.MakeAsync(isDryRun: false, Cancel);
    }

    private Task<List<string>> IdsAsync(IReadOnlyList<ModelReport> models) =>
        AskAsync(models, "deliveries", "SELECT delivery_id FROM {0} ORDER BY delivery_id");

    private async Task<List<string>> AskAsync(IReadOnlyList<ModelReport> models, string model, string sql)
    {
        var report = models.Single(one => one.Name == model);
        Assert.True(report.Outcome == ModelOutcome.Made, string.Join("; ", report.Lacks));
        var lines = new List<string>();
        await DestinationRegistry.QueryAsync(
            Place.Uri,
            string.Format(CultureInfo.InvariantCulture, sql, report.View),
            async rows =>
            {
                while (await rows.ReadAsync(Cancel))
                {
                    var values = Enumerable.Range(0, rows.FieldCount).Select(place => rows.IsDBNull(place) ? null : rows.GetValue(place));
                    lines.Add(string.Join('|', values.Select(Told)));
                }
            },
            Cancel);
        return lines;
    }

    // Each database has its own types for the same value.
    private static string Told(object? value) => value switch
    {
        null => "NULL",
        bool flag => flag ? "1" : "0",
        DateTimeOffset time => Time(time.UtcDateTime),
        DateTime time => Time(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        string text when text.EndsWith(".000000+00:00", StringComparison.Ordinal) => text[..19],
        string text when text.StartsWith('{') => text.Replace(" ", "", StringComparison.Ordinal),
        double number => Math.Round(number, 6).ToString(CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Time(DateTime time) => time.TimeOfDay == TimeSpan.Zero
        ? time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
        : time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}

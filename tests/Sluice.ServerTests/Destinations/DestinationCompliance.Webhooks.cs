using System.Text;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Masking;
using Sluice.Engine.Runs;
using Sluice.Engine.Webhooks;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

public abstract partial class DestinationCompliance
{
    private static readonly Resource MessagesResource = ResourceCatalog.Default.Find("messages")!;

    private static TableJob Messages => Job(MessagesResource, Strategy.Merge);

    [Fact]
    public async Task Events_in_any_order_make_the_same_row()
    {
        string[] events = [Event("e3", "clicked", 300), Event("e1", "sent", 100), Event("e2", "opened", 200), Event("e0", "drafted", 50)];
        await FoldAsync(events);
        Assert.Equal(["""d1|email|42|a@example.com|{"clicked":300,"drafted":50,"opened":200,"sent":100}|7"""], await DeliveriesAsync());
        Assert.Equal(["e0", "e1", "e2", "e3"], (await Desk.ReadAsync(EventColumns.Table, EventColumns.Key))!.Select(row => row[EventColumns.Key]));
    }

    [Fact]
    public async Task Events_one_by_one_in_the_wrong_order_make_the_same_row_and_come_again_in_vain()
    {
        string[] events = [Event("e3", "clicked", 300), Event("e1", "sent", 100), Event("e0", "drafted", 50)];
        foreach (var one in events)
        {
            await FoldAsync(one);
        }

        string[] expected = ["""d1|email|42|a@example.com|{"clicked":300,"drafted":50,"sent":100}|7"""];
        Assert.Equal(expected, await DeliveriesAsync());
        var before = await Desk.ReadAsync("messages");
        var again = await FoldAsync([.. events.Reverse()]);
        Assert.Equal((0, 3, 0, 1), (again.Events.Loaded, again.Events.Unchanged, again.Messages!.Loaded, again.Messages.Unchanged));
        Assert.Equal(Line(before![0]), Line((await Desk.ReadAsync("messages"))![0]));
    }

    [Fact]
    public async Task A_draft_alone_makes_no_row_and_counts_when_another_metric_comes()
    {
        var draft = Event("e0", "drafted", 50);
        var alone = await FoldAsync(draft);
        Assert.Equal(["e0"], alone.DraftsAlone);
        Assert.Empty(await DeliveriesAsync());
        Assert.Single((await Desk.ReadAsync(EventColumns.Table, EventColumns.Key))!);
        var sent = await FoldAsync([Received(Event("e1", "sent", 100))], [Received(draft)]);
        Assert.Empty(sent.DraftsAlone);
        Assert.Equal(["""d1|email|42|a@example.com|{"drafted":50,"sent":100}|7"""], await DeliveriesAsync());
    }

    [Fact]
    public async Task A_page_that_is_older_than_the_event_takes_no_metric_away_and_what_the_API_says_wins()
    {
        await FoldAsync(Event("e1", "sent", 100), Event("e2", "opened", 200));
        const string page = """
            {"id":"d1","type":"email","customer_id":"42","recipient":"a@example.com","campaign_id":7,"created":99,"metrics":{"sent":101}}
            """;
        await Desk.LoadAsync(Messages with { Rules = WebhookRules.OfApi(Messages) }, LoadScenario.Plain, [page]);
        Assert.Equal(["""d1|email|42|a@example.com|{"opened":200,"sent":101}|7"""], await DeliveriesAsync());
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(99), (await Desk.ReadAsync("messages"))![0]["created"]);
        await FoldAsync(Event("e3", "opened", 150), Event("e4", "clicked", 300));
        Assert.Equal(["""d1|email|42|a@example.com|{"clicked":300,"opened":200,"sent":101}|7"""], await DeliveriesAsync());
    }

    [Fact]
    public async Task Times_of_metrics_follow_what_events_and_pages_say()
    {
        var timed = Messages with { Resource = MessagesResource.WithMembers(MessagesResource.Flatten!.Columns) };
        const string page = """{"id":"d1","type":"email","created":99,"metrics":{"sent":101,"delivered":102}}""";
        await Desk.LoadAsync(timed, LoadScenario.Plain, [page]);
        await FoldAsync(Event("e1", "sent", 100), Event("e2", "opened", 200));
        await FoldAsync(Event("e3", "opened", 250), Event("e4", "sent", 300, "d2"));
        string[] expected = ["d1|00:01:41|00:01:42|00:03:20", "d2|00:05:00|NULL|NULL"];
        Assert.Equal(expected, await TimesAsync());

        // The API does not have the opening yet, and a run that does not ask for the columns keeps them right all the same.
        await Desk.LoadAsync(Messages with { Rules = WebhookRules.OfApi(Messages) }, LoadScenario.Plain, [page]);
        Assert.Equal(expected, await TimesAsync());
        const string later = """{"id":"d1","metrics":{"sent":101,"delivered":103,"opened":199}}""";
        await Desk.LoadAsync(timed with { Rules = WebhookRules.OfApi(timed) }, LoadScenario.Plain, [later]);
        Assert.Equal(["d1|00:01:41|00:01:43|00:03:19", expected[1]], await TimesAsync());
    }

    private async Task<IReadOnlyList<string>> TimesAsync() =>
    [
        .. (await Desk.ReadAsync("messages"))!.Select(row =>
            Line(row, "id", "sent_at", "delivered_at", "opened_at").Replace("1970-01-01T", "", StringComparison.Ordinal)),
    ];

    [Fact]
    public async Task A_fold_leaves_the_state_of_messages_alone_and_does_not_outrun_a_stopped_run()
    {
        await Desk.LoadAsync(Messages, LoadScenario.Plain, ["""{"id":"d1","metrics":{"sent":1}}"""]);
        await using var destination = await Desk.OpenAsync();
        var before = (await destination.SystemTables(Schema).ReadStatesAsync(Cancel)).Single(state => state.Table == "messages");
        await using (var writer = await destination.OpenWriterAsync(Desk.Target(Messages, "other"), Cancel))
        {
            await DisposeStageAsync(writer);
            var epoch = (await writer.DescribeAsync(Cancel)).Epoch;
            await FoldAsync(destination, [Received(Event("e2", "opened", 200))], []);
            Assert.Equal(epoch, (await writer.DescribeAsync(Cancel)).Epoch);
        }

        var states = await destination.SystemTables(Schema).ReadStatesAsync(Cancel);
        Assert.Equal(before.Until, states.Single(state => state.Table == "messages").Until);
        var events = states.Single(state => state.Table == EventColumns.Table);
        Assert.Equal((LedgerLine.OfWebhooks, Began), (events.Source, events.Until));
    }

    [Fact]
    public async Task An_event_that_came_twice_counts_once_and_the_ledger_says_so()
    {
        var report = await FoldAsync([Received(Event("e1", "sent", 100)) with { Copies = 3 }], []);
        Assert.Equal((1, 2), (report.Events.Loaded, report.Events.Doubled));
        Assert.Single((await Desk.ReadAsync(EventColumns.Table, EventColumns.Key))!);
    }

    /// <summary>Closes what a writer has opened for staging rows, which is a load's otherwise.</summary>
    private static async Task DisposeStageAsync(ITargetWriter writer) => await (writer.Stage?.DisposeAsync() ?? ValueTask.CompletedTask);

    private static string Event(string id, string metric, long at, string delivery = "d1") =>
        $$$"""
        {"event_id":"{{{id}}}","object_type":"email","metric":"{{{metric}}}","timestamp":{{{at}}},
        "data":{"delivery_id":"{{{delivery}}}","customer_id":"42",
        "identifiers":{"id":"42","email":"a@example.com","cio_id":"c1"},"recipient":"a@example.com","campaign_id":7,"action_id":"9"}}
        """;

    private static ReceivedEvent Received(string body) =>
        ReceivedEvent.Read(Encoding.UTF8.GetBytes(body), EventMasking.Of([MaskSet.None]), Began);

    private Task<FoldReport> FoldAsync(params string[] events) => FoldAsync([.. events.Select(Received)], []);

    private async Task<FoldReport> FoldAsync(IReadOnlyList<ReceivedEvent> events, IReadOnlyList<ReceivedEvent> drafts)
    {
        await using var destination = await Desk.OpenAsync();
        return await FoldAsync(destination, events, drafts);
    }

    private Task<FoldReport> FoldAsync(IDestination destination, IReadOnlyList<ReceivedEvent> events, IReadOnlyList<ReceivedEvent> drafts)
    {
        var target = new FoldTarget
        {
            Workspace = "main",
            Request = new IngestRequest { Tables = [Messages], PairId = "fold", WorkFolder = Desk.WorkFolder },
            Schema = Schema,
            Messages = Messages,
            Masks = EventMasking.Of([MaskSet.None]),
        };
        return new EventFold(destination, target, TimeProvider.System).RunAsync(events, drafts, Cancel);
    }

    private async Task<IReadOnlyList<string>> DeliveriesAsync() =>
        [.. (await Desk.ReadAsync("messages") ?? []).Select(row => Line(row, "id", "type", "customer_id", "recipient", "metrics", "campaign_id"))];
}

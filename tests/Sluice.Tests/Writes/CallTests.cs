using Sluice.Writes.Operations;
using Xunit;

namespace Sluice.Tests.Writes;

/// <summary>Procedures: their effect in the world, their arguments, and what they refuse.</summary>
public sealed class CallTests : IAsyncLifetime
{
    private const string Call = "CALL SendTransactionalEmailWithTemplate(1, To := 'a@example.com', Identifiers_Email := 'a@example.com'";
    private const string WithoutTemplate = "CALL SendTransactionalEmailWithoutTemplate(";

    private StatementBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await StatementBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("SendTransactionalEmailWithTemplate", 20)]
    [InlineData("SendTransactionalEmailWithoutTemplate", 19)]
    [InlineData("IdentifyObject", 4)]
    [InlineData("AddRelationship", 3)]
    [InlineData("DeleteObject", 2)]
    [InlineData("RemoveRelationship", 3)]
    public void Procedures_have_the_parameters_of_other_products_in_their_order(string name, int parameters)
    {
        string[] rest =
        [
            "MessageData", "SendAt", "Bcc", "FakeBcc", "ReplyTo", "Preheader", "PlaintextBody", "Attachments", "Headers", "DisableMessageRetention",
            "SendToUnsubscribed", "Tracked", "QueueDraft", "DisableCssPreprocessing",
        ];
        string[] expected = name switch
        {
            "SendTransactionalEmailWithTemplate" => ["TransactionalMessageId", "To", "Identifiers_Email", "Body", "Subject", "From", .. rest],
            "SendTransactionalEmailWithoutTemplate" => ["Body", "Subject", "From", "To", "Identifiers_Email", .. rest],
            "IdentifyObject" => ["ObjectTypeId", "ObjectId", "Attributes", "CioRelationships"],
            "DeleteObject" => ["ObjectTypeId", "ObjectId"],
            _ => ["ObjectTypeId", "ObjectId", "CioRelationships"],
        };

        Assert.Equal(parameters, expected.Length);
        Assert.Equal(expected, ProcedureCatalog.Find(name)!.Fields.Take(parameters).Select(field => field.Name));
    }

    [Theory]
    [InlineData("CALL SendTransactionalEmailWithTemplate('1', 'a@example.com', 'a@example.com')")]
    [InlineData("call SendTransactionalEmailWithTemplate(TransactionalMessageId := 1, To := 'a@example.com', Identifiers_Email := 'a@example.com')")]
    [InlineData("EXEC sendtransactionalemailwithtemplate(1, \"To\" => 'a@example.com', Identifiers_Id := 7, MessageData := {'n': 1})")]
    [InlineData("CALL SendTransactionalEmailWithoutTemplate('<p>Hi</p>', 'Hi', 'me@example.com', 'a@example.com', 'a@example.com', '{\"n\":1}')")]
    [InlineData(Call + ", Headers := '[{\"name\":\"X-A\",\"value\":\"1\"}]', Tracked := 'false', Attachments := '{\"a.txt\":\"aGk=\"}')")]
    [InlineData("CALL SendPush(1, Identifiers_Id := '1', Message := 'Hi')")]
    [InlineData("CALL SendSms(1, '+15551234567', Identifiers_Id := '1')")]
    [InlineData("CALL SendWhatsApp(1, '+15551234567', Identifiers_Id := '1')")]
    [InlineData("CALL SendInApp(1, Identifiers_Id := '1')")]
    [InlineData("CALL SendInboxMessage(1, Identifiers_Id := '1')")]
    public async Task A_send_makes_a_delivery_and_gives_its_id(string sql)
    {
        var before = _bench.World.Deliveries.Extra.Count;

        var answer = (await _bench.DoAsync(sql)).Split('\n');

        Assert.Equal("delivery_id,queued_at,send_at,outcome", answer[0]);
        Assert.Matches("^[^,]+,2026-03-15T12:00:00Z,,done$", answer[1]);
        Assert.Equal(before + 1, _bench.World.Deliveries.Extra.Count);
    }

    [Fact]
    public async Task Parameters_are_bound_by_name_and_a_time_becomes_unix_seconds()
    {
        var run = await _bench.ToolAsync(
            "query", "call SendTransactionalEmailWithTemplate(:TransactionalMessageId, :To, :Identifiers_Email, SendAt := $at);",
            "--param", "TransactionalMessageId=1", "--param", "To=a@example.com", "--param", "Identifiers_Email=a@example.com",
            "--param", "at=2026-03-16 12:00:00+00", "--format", "csv");

        Assert.Equal(0, run.Code);
        Assert.Contains(",2026-03-15T12:00:00Z,2026-03-16T12:00:00Z,done", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_and_relationships_are_made_and_taken_away()
    {
        await _bench.DoAsync("call IdentifyObject('1', 'vehicle_5', '{\"Make\":\"Volkswagen\"}', '[{\"identifiers\": {\"id\": \"1\"}}]')");
        var vehicle = _bench.World.Objects.Find(1, "vehicle_5", byCioId: false)!;
        Assert.Equal("Volkswagen", vehicle.Attributes["Make"]!.ToString());
        Assert.Equal("1", await RelationsAsync());

        await _bench.DoAsync("call AddRelationship('1', 'vehicle_5', '[{\"identifiers\": {\"id\": \"new\"}}]')");
        Assert.Equal("2", await RelationsAsync());
        await _bench.DoAsync("call RemoveRelationship('1', 'vehicle_5', '[{\"identifiers\": {\"id\": \"1\"}}]')");
        Assert.Equal("1", await RelationsAsync());
        Assert.Equal(0, (await _bench.ToolAsync("query", "call DeleteObject('1', 'vehicle_5')", "--yes", "1")).Code);
        Assert.Null(_bench.World.Objects.Find(1, "vehicle_5", byCioId: false));
    }

    [Fact]
    public async Task People_are_suppressed_merged_and_put_into_segments_and_events_are_added()
    {
        await _bench.DoAsync("INSERT INTO customers(id, email) VALUES ('a', 'a@example.com'), ('b', 'b@example.com'), ('c', 'c@example.com')");
        await _bench.DoAsync("CALL AddToSegment(7, 'a, b')");
        Assert.Equal("2", await _bench.AskAsync("SELECT count(*) FROM segment_memberships WHERE segment_id = 7"));
        await _bench.DoAsync("CALL RemoveFromSegment(7, ['a'])");
        Assert.Equal("b", await _bench.AskAsync("SELECT id FROM segment_memberships WHERE segment_id = 7"));
        await _bench.DoAsync("CALL TrackEvent('bought', 'a', Data := {'n': 3})");
        Assert.Equal("3", await _bench.AskAsync("SELECT data->>'n' FROM activities WHERE name = 'bought'"));
        Assert.Equal(0, (await _bench.ToolAsync("query", "CALL MergePeople('a', Secondary_Id := 'b')", "--yes", "1")).Code);
        Assert.Null(_bench.World.People.FindById("b"));
        Assert.Equal(0, (await _bench.ToolAsync("query", "CALL Suppress('c')", "--yes", "1")).Code);
        Assert.True(_bench.World.People.IsSuppressed("c"));
        await _bench.DoAsync("CALL Unsuppress('c')");
        Assert.False(_bench.World.People.IsSuppressed("c"));
    }

    [Fact]
    public async Task Topics_are_set_one_by_one_and_the_others_stay()
    {
        await _bench.DoAsync("INSERT INTO customers(id, email) VALUES ('a', 'a@example.com')");
        await _bench.DoAsync("CALL SetSubscriptionPreferences({'topic_1': false, '3': true}, 'a')");
        await _bench.DoAsync("CALL SetSubscriptionPreferences('{\"topic_2\": 1}', Identifiers_Email := 'a@example.com', Unsubscribed := true)");
        Assert.Equal("""{"topics":{"topic_1":false,"topic_3":true,"topic_2":true}}""", Preferences());
        Assert.True(_bench.World.People.ProfileOf(_bench.World.People.FindById("a")!.Value).Unsubscribed);

        await _bench.DoAsync("CALL SetSubscriptionPreferences({'topic_1': NULL}, 'a', Unsubscribed := false)");
        Assert.Equal("""{"topics":{"topic_3":true,"topic_2":true}}""", Preferences());
        Assert.Equal(0, (await _bench.ToolAsync("query", "CALL SetSubscriptionPreferences({'topic_1': true}, 'nobody')", "--verify", "none")).Code);
        Assert.Null(_bench.World.People.FindById("nobody"));

        string Preferences() => _bench.World.People.ProfileOf(_bench.World.People.FindById("a")!.Value).Attributes["cio_subscription_preferences"];
    }

    [Theory]
    [InlineData("{'news': true}", "Topics has 'news', which is no topic: topics are called topic_1, topic_2, …; subscription_topics lists them")]
    [InlineData("{'topic_1': 'maybe'}", "Topics must be true or false")]
    [InlineData("'{}'", "Topics must be an object of topics with true or false, such as {'topic_7': false}")]
    public async Task What_is_no_topic_is_refused_before_anything_is_sent(string topics, string problem)
    {
        var run = await _bench.ToolAsync("query", $"CALL SetSubscriptionPreferences({topics}, 'a')");
        Assert.Equal(2, run.Code);
        Assert.Contains(problem, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broadcast_is_triggered_for_its_people()
    {
        var broadcast = _bench.World.Broadcasts.Keys.First();

        var answer = await _bench.DoAsync($"CALL TriggerBroadcast({broadcast}, Ids := ['1'], Data := {{'x': 1}})");

        Assert.StartsWith("trigger_id,outcome\n", answer, StringComparison.Ordinal);
        Assert.Equal("1", await _bench.AskAsync(
            $"SELECT count(*) FROM broadcast_triggers WHERE broadcast_id = {broadcast} AND created_at = '2026-03-15 12:00:00+00'"));
    }

    [Theory]
    [InlineData("CALL SendTransactionalEmailWithTemplate('1', 'a@b.c')", "exactly one of Identifiers_Email, Identifiers_Id, Identifiers_CioId")]
    [InlineData(WithoutTemplate + "'b', To := 'a@example.com', Identifiers_Id := '1')", "Subject is missing; From is missing")]
    [InlineData("CALL TrackEvent('x', '1', Timestamp := 1767225600000)", "Timestamp looks like milliseconds")]
    [InlineData("CALL TrackEvent('x', '1', Data := 'no JSON')", "Data must be JSON")]
    [InlineData("CALL SendPush(1, Identifiers_Id := '1', QueueDraft := 'perhaps')", "QueueDraft must be true or false")]
    [InlineData("CALL TriggerBroadcast(1, Ids := ['1'], Emails := ['a@b.c'])", "only one of Recipients, Ids, Emails, PerUserData, DataFileUrl")]
    [InlineData("CALL IdentifyObject('1', 'vehicle_5', 'identify', '{\"Make\":\"VW\"}', '[]')", "Candidate macros")]
    [InlineData("CALL TrackEvnt('x')", "There is no procedure TrackEvnt")]
    [InlineData("CALL TrackEvent(:Name)", "The parameter :Name has no value")]
    public async Task A_wrong_argument_is_told_and_nothing_is_sent(string sql, string expected)
    {
        var before = _bench.World.Deliveries.Extra.Count;

        var run = await _bench.ToolAsync("query", sql);

        Assert.Equal(2, run.Code);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal(before, _bench.World.Deliveries.Extra.Count);
        Assert.Empty(_bench.Journals.List());
    }

    [Fact]
    public async Task What_Customer_io_refuses_is_told_in_its_words()
    {
        var run = await _bench.ToolAsync(
            "query", "CALL SendTransactionalEmailWithTemplate(999, 'a@example.com', 'a@example.com')", "--format", "csv");

        Assert.Equal((7, "delivery_id,queued_at,send_at,outcome\n,,,refused\n"), (run.Code, run.Out));
        Assert.Contains("transactional message '999' not found", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_system_table_lists_procedures_with_their_parameters()
    {
        Assert.Equal(
            "ObjectTypeId,true\nObjectId,true\nCioRelationships,true",
            await _bench.AskAsync("SELECT parameter, is_required FROM sluice_procedures WHERE procedure_name = 'AddRelationship' ORDER BY place"));
        Assert.Equal(
            "insert", await _bench.AskAsync("SELECT writable FROM sluice_columns WHERE table_name = 'segments' AND column_name = 'name'"));
    }

    private Task<string> RelationsAsync() =>
        _bench.AskAsync("SELECT count(*) FROM object_relationships WHERE object_type_id = 1 AND object_id = 'vehicle_5'");
}

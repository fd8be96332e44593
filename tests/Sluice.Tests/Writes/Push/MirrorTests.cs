using Sluice.Engine;
using Sluice.Writes.Import;
using Sluice.Writes.Push;
using Xunit;

namespace Sluice.Tests.Writes.Push;

/// <summary>Pushes that remove what is no longer in the source, and what keeps them from removing too much.</summary>
public sealed class MirrorTests : IAsyncLifetime
{
    private PushBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await PushBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Who_vanished_from_the_source_is_taken_out_of_the_segment_and_others_stay_in_it()
    {
        var (name, id) = await _bench.SegmentAsync();
        _bench.Imports.Write("people.csv", "id\nm1\nm2\nm3\nm4\n");
        await _bench.Imports.RunAsync(_bench.Imports.Settings("people.csv", "people"));
        _bench.Imports.Write("by-hand.csv", "id\nm4\n");
        await _bench.Imports.RunAsync(_bench.Imports.Settings("by-hand.csv", $"segment:{name}"));

        var mirror = _bench.Settings($"segment:{name}", PushMode.Mirror) with { MaxDeletes = "1" };
        await _bench.PushAsync("id\nm1\nm2\n", mirror);
        Assert.Equal(["m1", "m2", "m4"], await _bench.MembersAsync(id));
        var report = await _bench.PushAsync("id\nm1\nm3\n", mirror);
        Assert.Equal((1L, 1L, 2), (report.Taken, report.Removed, _bench.Requests));
        Assert.Equal(["m1", "m3", "m4"], await _bench.MembersAsync(id));

        // Who comes back is new.
        Assert.Equal(1, (await _bench.PushAsync("id\nm1\nm3\nm2\n", mirror)).Taken);
        Assert.Equal(["m1", "m2", "m3", "m4"], await _bench.MembersAsync(id));
    }

    [Fact]
    public async Task Objects_and_relationships_that_vanished_are_deleted()
    {
        var objects = _bench.Settings("objects", PushMode.Mirror) with { MaxDeletes = "50%" };
        await _bench.PushAsync("object_type_id,object_id,name\n1,acme,Acme\n1,beta,Beta\n", objects);
        Assert.Equal(1, (await _bench.PushAsync("object_type_id,object_id,name\n1,acme,Acme\n", objects)).Removed);
        Assert.Null(_bench.Imports.Simulator.World.Objects.Find(1, "beta", byCioId: false));
        Assert.NotNull(_bench.Imports.Simulator.World.Objects.Find(1, "acme", byCioId: false));

        _bench.Imports.Write("people.csv", "id\nm1\nm2\n");
        await _bench.Imports.RunAsync(_bench.Imports.Settings("people.csv", "people"));
        var related = _bench.Settings("relationships", PushMode.Mirror) with { MaxDeletes = "50%", Name = "related" };
        await _bench.PushAsync("id,object_type_id,object_id,role\nm1,1,acme,owner\nm2,1,acme,user\n", related);
        Assert.Equal(1, (await _bench.PushAsync("id,object_type_id,object_id,role\nm1,1,acme,owner\n", related)).Removed);
        Assert.Equal(0, (await _bench.AuditAsync(related, VerifyMode.All)).Verification.Different);
        var left = await _bench.Imports.Simulator.GetAsync("/v1/customers/m2/relationships?id_type=id");
        Assert.Empty(left.GetProperty("cio_relationships").EnumerateArray());
    }

    [Fact]
    public async Task A_collection_is_replaced_only_when_a_row_differs()
    {
        var stock = _bench.Settings("collection:stock", null, "sku") with { MaxDeletes = "1" };
        await _bench.PushAsync("sku,price\na,1\nb,2\n", stock);
        Assert.Equal(1, _bench.Requests);
        Assert.Equal(0L, (await _bench.PushAsync("sku,price\nb,2\na,1\n", stock)).Taken);
        Assert.Equal(0, _bench.Requests);
        var report = await _bench.PushAsync("sku,price\nb,3\n", stock);
        Assert.Equal((1L, 1L, 1L, 1), (report.Counts.Changed, report.Counts.Vanished, report.Taken, _bench.Requests));
        Assert.Equal(0, (await _bench.AuditAsync(stock)).Verification.Different);
        Assert.Equal(0L, (await _bench.PushAsync(stock)).Taken);
    }

    [Theory]
    [InlineData("10%", 9, null)]
    [InlineData("10%", 8, 2L)]
    [InlineData("2", 8, null)]
    [InlineData("0", 9, 1L)]
    [InlineData("100%", 0, 10L)]
    public async Task More_than_may_go_needs_somebody_s_word_and_an_empty_source_always(string most, int left, long? asked)
    {
        var objects = _bench.Settings("objects", PushMode.Mirror) with { MaxDeletes = most };
        await _bench.PushAsync(Objects(10), objects);
        _bench.Source(Objects(left));
        Assert.Equal(asked, (await _bench.PlanAsync(objects)).Destruction?.Rows);
    }

    [Fact]
    public async Task Rows_that_can_t_be_sent_have_not_vanished()
    {
        var people = _bench.Settings(mode: PushMode.Mirror);
        await _bench.PushAsync("id,email\nm1,m1@example.com\nm2,m2@example.com\n", people);
        var report = await _bench.PushAsync("id,email\nm1,broken\nm2,m2@example.com\nm2,other@example.com\n", people);
        Assert.Equal((0L, 0L, 3L), (report.Counts.Vanished, report.Removed, report.Rejected));
        Assert.NotNull(_bench.Imports.Person("m1"));
    }

    [Fact]
    public async Task People_are_deleted_by_a_mirror_only_by_who_says_how_many()
    {
        const string Push = "gone: {file: rows.csv, into: people, mode: mirror, max_deletes: 100%}";
        _bench.Source("id,plan\nm1,a\nm2,a\n");
        Assert.Equal(0, (await _bench.Tool(Push).RunAsync("push", "gone")).Code);
        _bench.Source("id,plan\nm1,b\n");

        var refused = await _bench.Tool(Push).RunAsync("push", "gone");
        Assert.Equal(2, refused.Code);
        Assert.Contains("1 of 2 rows that were pushed before", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--yes 1 agrees to it", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await _bench.Tool(Push).RunAsync("push", "gone", "--yes", "2")).Code);
        Assert.Equal(2, (await _bench.Tool(Push, "yes\n").RunAsync("push", "gone")).Code);
        Assert.Equal(("a", true), (_bench.Value("m1", "plan"), _bench.Imports.Person("m2") is not null));

        var agreed = await _bench.Tool(Push, "1\n").RunAsync("push", "gone");
        Assert.Equal(0, agreed.Code);
        Assert.Contains("1 taken by Customer.io, 1 removed", agreed.Out, StringComparison.Ordinal);
        Assert.Equal(("b", true), (_bench.Value("m1", "plan"), _bench.Imports.Person("m2") is null));
    }

    [Fact]
    public async Task Events_are_sent_twice_only_by_who_says_how_many()
    {
        const string Push = "buys: {file: rows.csv, into: events, key: n, set: {name: bought}}";
        _bench.Source("id,n\nm1,e1\nm1,e2\n");
        Assert.Equal(0, (await _bench.Tool(Push).RunAsync("push", "buys")).Code);
        var refused = await _bench.Tool(Push).RunAsync("push", "buys", "--full-refresh");
        Assert.Equal(2, refused.Code);
        Assert.Contains("have them twice then", refused.Error, StringComparison.Ordinal);
        Assert.Equal(1, (await _bench.Imports.EventsAsync())["e1"]);
        Assert.Equal(0, (await _bench.Tool(Push).RunAsync("push", "buys", "--full-refresh", "--yes", "2")).Code);
        Assert.Equal(2, (await _bench.Imports.EventsAsync())["e1"]);
    }

    [Fact]
    public async Task A_mirror_of_a_segment_needs_ids_for_Customer_io_removes_by_nothing_else()
    {
        var (name, _) = await _bench.SegmentAsync();
        var error = await Assert.ThrowsAsync<SluiceException>(
            () => _bench.PushAsync("email\na@example.com\n", _bench.Settings($"segment:{name}", PushMode.Mirror)));
        Assert.Contains("takes people out by id alone", error.Message, StringComparison.Ordinal);
    }

    private static string Objects(int count) =>
        "object_type_id,object_id,name\n" + string.Concat(Enumerable.Range(0, count).Select(n => $"1,o{n},x\n"));
}

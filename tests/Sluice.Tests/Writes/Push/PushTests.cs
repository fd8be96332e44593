using Sluice.Engine;
using Sluice.Engine.DuckDb;
using Sluice.Writes.Import;
using Sluice.Writes.Journal;
using Sluice.Writes.Push;
using Xunit;

namespace Sluice.Tests.Writes.Push;

/// <summary>What a push sends, and what it leaves alone.</summary>
public sealed class PushTests : IAsyncLifetime
{
    private PushBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await PushBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Rows_that_have_not_changed_are_not_sent_again()
    {
        var people = _bench.Settings();
        var first = await _bench.PushAsync("id,plan,seats\np1,free,1\np2,pro,2\np3,pro,3\n", people);
        Assert.Equal((3L, 3L, 1, 0), (first.Taken, first.Counts.New, _bench.Requests, first.ExitCode));
        Assert.Equal(("pro", "2"), (_bench.Value("p2", "plan"), _bench.Value("p2", "seats")));

        var same = await _bench.PushAsync(people);
        Assert.Equal((0L, 3L, 0), (same.Taken, same.Counts.Unchanged, _bench.Requests));
        Assert.Null(same.JournalId);

        // Another order and another way to write it are no change.
        await _bench.PushAsync("seats,id,plan\n3,p3,pro\n2,p2,pro\n1,p1,free\n", people);
        Assert.Equal(1, _bench.Requests);
        await _bench.PushAsync("seats,id,plan\n1,p1,free\n2,p2,pro\n3,p3,pro\n", people);
        Assert.Equal(0, _bench.Requests);

        var changed = await _bench.PushAsync("seats,id,plan\n1,p1,free\n20,p2,pro\n3,p3,pro\n4,p4,new\n", people);
        Assert.Equal((2L, 1L, 1L, 2L), (changed.Taken, changed.Counts.New, changed.Counts.Changed, changed.Counts.Unchanged));
        Assert.Equal(("20", "4"), (_bench.Value("p2", "seats"), _bench.Value("p4", "seats")));
    }

    [Fact]
    public async Task A_value_that_was_changed_back_is_sent_back()
    {
        var people = _bench.Settings();
        foreach (var plan in new[] { "free", "pro", "free" })
        {
            Assert.Equal(1, (await _bench.PushAsync($"id,plan\np1,{plan}\n", people)).Taken);
            Assert.Equal(plan, _bench.Value("p1", "plan"));
        }
    }

    [Fact]
    public async Task A_new_column_changes_the_rows_that_have_a_value_in_it()
    {
        await _bench.PushAsync("id,plan\np1,free\np2,free\n", _bench.Settings());
        var report = await _bench.PushAsync("id,plan,city\np1,free,Oslo\np2,free,\n", _bench.Settings());
        Assert.Equal((1L, 1L), (report.Taken, report.Counts.Unchanged));
        Assert.Equal("Oslo", _bench.Value("p1", "city"));
    }

    [Fact]
    public async Task A_value_that_became_null_stays_and_is_told_or_is_taken_away_when_said()
    {
        await _bench.PushAsync("id,plan\np1,free\np2,free\n", _bench.Settings());
        var skipped = await _bench.PushAsync("id,plan\np1,\np2,free\n", _bench.Settings());
        Assert.Equal((1L, "free"), (skipped.Taken, _bench.Value("p1", "plan")));
        Assert.Contains("1 changed row has fewer values than when pushed before", Assert.Single(skipped.Warnings), StringComparison.Ordinal);

        var clearing = _bench.Settings() with { Import = _bench.Settings().Import with { ClearsNulls = true } };
        Assert.Equal(1, (await _bench.PushAsync(clearing)).Taken);
        Assert.Null(_bench.Value("p1", "plan"));
        Assert.Empty((await _bench.PushAsync(clearing)).Warnings);
        Assert.Equal(0, _bench.Requests);
    }

    [Fact]
    public async Task Types_are_kept_and_a_change_of_type_is_a_change()
    {
        var people = _bench.Settings();
        await _bench.PushAsync("id,zip,seen,ok\np1,0815,2024-05-01,true\n", people with { Import = people.Import with { Types = ["seen=time"] } });
        Assert.Equal(("0815", "1714521600", "true"), (_bench.Value("p1", "zip"), _bench.Value("p1", "seen"), _bench.Value("p1", "ok")));
        Assert.Equal(1, (await _bench.PushAsync(people)).Counts.Changed);
        Assert.Equal("2024-05-01", _bench.Value("p1", "seen"));
    }

    [Fact]
    public async Task Rejected_rows_of_a_query_are_named_by_their_place_among_its_rows_and_by_their_key()
    {
        const string Sql = """
            SELECT unnest([1, 1, 99, 1, 1]) AS object_type_id, unnest(['a', 'b', 'c', 'd', 'd']) AS object_id,
                unnest(['A', repeat('x', 1001), 'C', 'D', 'E']) AS name
            """;
        var objects = _bench.Settings("objects");
        var query = new QueryRows("push plans", Sql, async (read, cancel) =>
        {
            await using var connection = await DuckDbSettings.OpenAsync(Path.Combine(_bench.Imports.Folder, "asked.duckdb"), cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = Sql;
            await using var reader = await command.ExecuteReaderAsync(cancel);
            await read(reader);
        });

        var report = await _bench.PushAsync(objects with { Import = objects.Import with { Query = query } });

        Assert.Equal((1L, 4L), (report.Taken, report.Rejected));
        var lines = await File.ReadAllLinesAsync(_bench.Imports.RejectsPath, TestContext.Current.CancellationToken);
        Assert.Equal("file,line,column,reason,key", lines[0]);
        Assert.Equal("push plans,2,name,is longer than 1000 bytes,b 1", lines[1]);
        Assert.Equal("push plans,4,\"object_id, object_type_id\",\"names 2 rows with different values, of which none is sent\",d 1", lines[2]);
        Assert.StartsWith("push plans,3,identifiers.object_type_id,", lines[4], StringComparison.Ordinal);
        Assert.EndsWith(",c 99", lines[4], StringComparison.Ordinal);
        Assert.Equal("row 2 (b 1)", report.FirstRejected[0].Place);
    }

    [Fact]
    public async Task Refused_rows_are_named_and_tried_again_by_the_next_push()
    {
        var objects = _bench.Settings("objects");
        var report = await _bench.PushAsync("object_type_id,object_id,name\n1,acme,Acme\n99,nowhere,No\n", objects);
        Assert.Equal((1L, 1L, 7), (report.Taken, report.Rejected, report.ExitCode));
        Assert.Contains("identifiers.object_type_id", await File.ReadAllTextAsync(
            _bench.Imports.RejectsPath, TestContext.Current.CancellationToken), StringComparison.Ordinal);

        var again = await _bench.PushAsync(objects);
        Assert.Equal((1L, 1L, 1L, 7), (again.Counts.Unchanged, again.Counts.New, again.Rejected, again.ExitCode));
        Assert.Equal(1, _bench.Requests);

        // What Sluice refuses itself is no different.
        var people = _bench.Settings();
        var bad = await _bench.PushAsync("id,email\np1,bad\np2,p2@example.com\n", people);
        Assert.Equal((1L, 1L), (bad.Taken, bad.Rejected));
        Assert.Equal(1, (await _bench.PushAsync("id,email\np1,p1@example.com\np2,p2@example.com\n", people)).Counts.New);
        Assert.Equal("p1@example.com", _bench.Value("p1", "email"));
    }

    [Fact]
    public async Task Of_rows_with_one_key_equal_ones_are_sent_once_and_others_not_at_all()
    {
        var report = await _bench.PushAsync("id,plan\np1,free\np2,a\np1,free\np2,b\np3,c\n", _bench.Settings());
        Assert.Equal((2L, 2L, 7), (report.Taken, report.Rejected, report.ExitCode));
        Assert.Equal("names 2 rows with different values, of which none is sent", report.FirstRejected[0].Reason);
        Assert.Equal([3L, 5L], report.FirstRejected.Select(row => row.Line));
        Assert.Null(_bench.Imports.Person("p2"));
    }

    [Fact]
    public async Task Append_sends_the_row_of_each_key_once()
    {
        var events = _bench.Settings("events", null, "n");
        events = events with { Import = events.Import with { Constants = ["name=bought"] } };
        Assert.Equal(2, (await _bench.PushAsync("id,n,price\np1,e1,5\np1,e2,6\n", events)).Taken);
        var report = await _bench.PushAsync("id,n,price\np1,e1,7\np1,e2,6\np2,e3,8\n", events);
        Assert.Equal((1L, 1L, 1L), (report.Taken, report.Counts.Changed, report.Counts.Unchanged));
        var seen = await _bench.Imports.EventsAsync();
        Assert.Equal((1, 1, 1), (seen["e1"], seen["e2"], seen["e3"]));
    }

    [Fact]
    public async Task Update_leaves_out_people_who_are_not_there_until_they_are()
    {
        _bench.Imports.Write("people.csv", "id\np1\n");
        await _bench.Imports.RunAsync(_bench.Imports.Settings("people.csv", "people"));
        var update = _bench.Settings(mode: PushMode.Update);
        var report = await _bench.PushAsync("id,plan\np1,pro\np2,pro\n", update);
        Assert.Equal((1L, 1L, 0), (report.Taken, report.Absent, report.ExitCode));
        Assert.Equal("pro", _bench.Value("p1", "plan"));
        Assert.Null(_bench.Imports.Person("p2"));

        _bench.Imports.Write("people.csv", "id\np2\n");
        await _bench.Imports.RunAsync(_bench.Imports.Settings("people.csv", "people"));
        Assert.Equal((1L, 0L), await _bench.PushAsync(update) is var later ? (later.Taken, later.Absent) : default);
        Assert.Equal("pro", _bench.Value("p2", "plan"));
    }

    [Fact]
    public async Task A_full_refresh_sends_all_rows_again()
    {
        await _bench.PushAsync("id,plan\np1,free\np2,free\n", _bench.Settings());
        var report = await _bench.PushAsync(_bench.Settings() with { IsFullRefresh = true });
        Assert.Equal((2L, 2L), (report.Taken, report.Counts.Unchanged));
    }

    [Fact]
    public async Task A_dry_run_shows_what_was_and_what_will_be_and_keeps_nothing()
    {
        var people = _bench.Settings();
        _bench.Source("id,plan\np1,free\n");
        Assert.Equal((1L, 1), await _bench.PlanAsync(people) is var first ? (first.Sent, first.Requests) : default);
        Assert.Empty(Directory.GetFiles(Path.Combine(people.Import.WorkFolder, "pushes"), "*.duckdb"));

        await _bench.PushAsync(people);
        _bench.Source("id,plan\np1,pro\np2,pro\n");
        var plan = await _bench.PlanAsync(people);
        Assert.Equal(["new", "changed"], plan.Samples.Select(one => one.What));
        Assert.Equal("""{"type":"person","action":"identify","identifiers":{"id":"p1"},"attributes":{"plan":"pro"}}""", plan.Samples[1].Item);
        var change = Assert.Single(plan.Samples[1].Changes);
        Assert.Equal(("plan", "free", "pro"), (change.Name, change.Old!.GetValue<string>(), change.New!.GetValue<string>()));
        Assert.Equal(2, (await _bench.PlanAsync(people)).Sent);
        Assert.Equal("free", _bench.Value("p1", "plan"));
    }

    [Fact]
    public async Task An_audit_finds_what_somebody_has_changed_in_Customer_io()
    {
        var people = _bench.Settings();
        await _bench.PushAsync("id,plan\np1,free\np2,pro\n", people);
        Assert.Equal((2L, 0, 0), await _bench.AuditAsync(people) is var good
            ? (good.Verification.Rows, good.Verification.Different, good.ExitCode) : default);

        _bench.Imports.Write("by-hand.csv", "id,plan\np2,other\n");
        await _bench.Imports.RunAsync(_bench.Imports.Settings("by-hand.csv", "people"));
        _bench.Source("id,plan\np1,free\np2,pro\np3,new\n");
        var bad = await _bench.AuditAsync(people, VerifyMode.All);
        Assert.Equal((2L, 1, 1L, 7), (bad.Verification.Rows, bad.Verification.Different, bad.Counts.New, bad.ExitCode));
        Assert.Contains(
            "p2,plan,is 'other'; sent was 'pro'",
            await File.ReadAllTextAsync(people.Import.UnverifiedPath, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_read_back_as_it_was_sent_is_sent_again()
    {
        _bench.Imports.Simulator.World.People.Suppress("p1");
        var people = _bench.Settings();
        people = people with { Import = people.Import with { Verify = VerifyMode.Sample, VerifyPatience = TimeSpan.Zero } };
        var report = await _bench.PushAsync("id,plan\np1,free\np2,free\n", people);
        Assert.Equal((2L, 1, 7), (report.Taken, report.Verification!.Different, report.ExitCode));

        _bench.Imports.Simulator.World.People.Unsuppress("p1");
        var again = await _bench.PushAsync(people);
        Assert.Equal((1L, 1L, 0, 0), (again.Counts.Changed, again.Taken, again.Verification!.Different, again.ExitCode));
        Assert.Equal("free", _bench.Value("p1", "plan"));
        Assert.Equal(0, (await _bench.PushAsync(people)).Taken);
    }

    [Fact]
    public async Task A_second_push_of_the_same_name_is_told_that_one_is_at_work()
    {
        _bench.Source("id\np1\n");
        using var client = _bench.Imports.Client();
        await using var first = await PushRun.PrepareAsync(_bench.Settings(), client, TimeProvider.System, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<SluiceException>(() => _bench.PushAsync(_bench.Settings()));
        Assert.Equal("Another process is at work on the push plans.", error.Message);
        Assert.Equal(1, (await _bench.PushAsync(_bench.Settings() with { Name = "other" })).Taken);
    }

    [Fact]
    public async Task A_file_that_a_kill_or_a_full_disk_has_left_half_made_is_made_anew()
    {
        await _bench.PushAsync("id,n\np1,1\n", _bench.Settings());
        var store = Assert.Single(Directory.GetFiles(Path.Combine(_bench.Settings().Import.WorkFolder, "pushes"), "*.duckdb"));
        File.Delete(store);
        await File.WriteAllBytesAsync(store + ".half", new byte[4096], TestContext.Current.CancellationToken);

        Assert.Equal(1, (await _bench.PushAsync(_bench.Settings())).Taken);
        Assert.False(File.Exists(store + ".half"));
    }

    [Fact]
    public async Task What_was_sent_is_for_its_owner_s_eyes_only_and_old_journals_are_removed()
    {
        for (var n = 0; n < 13; n++)
        {
            await _bench.PushAsync($"id,n\np1,{n}\n", _bench.Settings());
        }

        var folder = _bench.Settings().Import.WorkFolder;
        Assert.Equal(10, new JournalFolder(folder).List().Count);
        if (!OperatingSystem.IsWindows())
        {
            var store = Assert.Single(Directory.GetFiles(Path.Combine(folder, "pushes"), "*.duckdb"));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(store));
        }
    }
}

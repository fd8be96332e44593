using Sluice.Engine;
using Sluice.Writes.Sync;
using Xunit;
using static Sluice.Tests.Writes.Sync.TwoWayTable;

namespace Sluice.Tests.Writes.Sync;

/// <summary>What keeps a table and a collection from being spoilt: refusals, kills, odd values, and others who change them meanwhile.</summary>
public sealed class TwoWayAccidentTests
{
    public static TheoryData<string> Databases => ["DuckDB", "SQLite"];

    public static TheoryData<string, int> Seeds =>
        [.. Enumerable.Range(0, 8).Select(seed => ("SQLite", seed)), .. Enumerable.Range(0, 4).Select(seed => ("DuckDB", seed))];

    public static TheoryData<string, int> FewSeeds =>
        [.. new[] { "DuckDB", "SQLite" }.SelectMany(name => Enumerable.Range(0, 2).Select(seed => (name, seed)))];

    [Theory]
    [InlineData("DELETE FROM stock WHERE sku IN ('a', 'b')", "2 of 4 rows of the collection stock would be deleted, more than 10%.")]
    [InlineData("DELETE FROM stock", "There are no rows in the table stock of warehouse, and so all 4 of the collection stock would be deleted.")]
    public async Task More_deletions_than_may_be_and_an_empty_side_are_refused(string sql, string problem)
    {
        await using var bench = await SyncedAsync("SQLite");
        await bench.Database.RunAsync(sql);
        var before = await bench.TextAsync();
        var settings = bench.Settings with { Deletes = true };

        var refusal = await Assert.ThrowsAsync<SluiceException>(() => bench.RunAsync(settings));

        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await bench.TextAsync());
        if (refusal.Hint!.Contains("max_deletes: 2", StringComparison.Ordinal))
        {
            // As the hint says.
            await bench.RunAsync(settings with { MostDeletes = new DeletionLimit(2, false) });
            Assert.Equal(["c", "d"], Keys(await bench.TextAsync()));
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task A_value_that_the_column_can_t_hold_is_named_with_its_row_and_nothing_is_changed(string database)
    {
        await using var bench = await StartAsync(database, "('a', 1, true)", ", CHECK (price < 100)");
        await bench.PutAsync(Rows(("b", 1000)));

        var refusal = await Assert.ThrowsAsync<SluiceException>(() => bench.RunAsync());

        Assert.Equal(SluiceErrorKind.Destination, refusal.Kind);
        Assert.Contains("Writing the row sku=b of main.stock", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Rows(("b", 1000)), (await bench.RowsAsync()).ToJsonString());
        Assert.Equal("a|1", await TableAsync(bench));
    }

    [Fact]
    public async Task A_row_that_no_collection_takes_is_named_before_anything_is_changed()
    {
        await using var bench = await StartAsync("DuckDB", "('a', 1, true)");
        await bench.Database.RunAsync("ALTER TABLE stock ADD COLUMN text VARCHAR; UPDATE stock SET text = repeat('x', 11000)");
        await bench.PutAsync(Rows(("b", 1)));

        var refusal = await Assert.ThrowsAsync<SluiceException>(() => bench.RunAsync());

        Assert.Contains(" bytes; Customer.io takes 10000", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("a|1", await TableAsync(bench));
    }

    [Fact]
    public async Task A_second_process_is_told_of_the_first_and_a_table_that_is_not_there_of_those_that_are()
    {
        await using var bench = await SyncedAsync("SQLite");
        await using (new FileStream(bench.StateFiles()[0] + ".lock", FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal("Another process is at work on stock.", (await Assert.ThrowsAsync<SluiceException>(() => bench.RunAsync())).Message);
        }

        await bench.Database.RunAsync("ALTER TABLE stock RENAME TO stocks");
        var missing = await Assert.ThrowsAsync<SluiceException>(() => bench.RunAsync());
        Assert.Equal(("There is no table main.stock.", "Did you mean stocks?"), (missing.Message, missing.Hint));
    }

    [Fact]
    public async Task A_change_while_the_two_are_read_is_not_overwritten()
    {
        await using var bench = await SyncedAsync("SQLite");
        await bench.Database.RunAsync("UPDATE stock SET price = 10 WHERE sku = 'a'");

        // The list of collections is the first request, the content the second, and it is read once more before it is written.
        using var handler = new CountingHandler
        {
            BeforeRead = number => number == 3 ? bench.PutAsync(Rows(("a", 1), ("b", 20), ("c", 3), ("d", 4))) : Task.CompletedTask,
        };
        var report = await bench.RunAsync(handler: handler);

        Assert.Equal((0, 1), (report.ExitCode, handler.Writes));
        Assert.Equal("a|10\nb|20\nc|3\nd|4", await TableAsync(bench));
        Assert.Equal(Lines(("a", 10), ("b", 20), ("c", 3), ("d", 4)), await bench.TextAsync());
    }

    [Fact]
    public async Task What_is_kept_between_runs_is_the_owner_s_alone_and_holds_no_value()
    {
        await using var bench = await StartAsync("SQLite", "('secret-key', 4711, true)");
        await bench.PutAsync("[]");
        var report = await bench.RunAsync();

        var path = Assert.Single(bench.StateFiles());
        Assert.DoesNotContain("secret-key", File.ReadAllText(path), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(report.FormerContent!));
        }
    }

    [Fact]
    public async Task A_collection_that_was_made_anew_deletes_nothing()
    {
        await using var bench = await SyncedAsync("SQLite");
        await bench.Simulator.SendAsync(HttpMethod.Delete, $"/v1/collections/{bench.Id}");
        await bench.Simulator.SendAsync(HttpMethod.Post, "/v1/collections", """{"name":"other","data":[]}""");
        bench.Forget();
        await bench.PutAsync("[]");

        Assert.Equal(0, (await bench.RunAsync(bench.Settings with { Deletes = true, MostDeletes = new DeletionLimit(100, true) })).ExitCode);
        Assert.Equal(["a", "b", "c", "d"], Keys(await bench.TextAsync()));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Killed_anywhere_the_same_command_ends_with_the_same_two_sides(string database, int seed)
    {
        await using var bench = await TwoWayBench.StartAsync(FileDatabase.Of(database));
        await TwoWayPromise.AssertSurvivesAsync(bench, seed);
    }

    [Theory]
    [MemberData(nameof(FewSeeds))]
    public async Task Values_of_any_type_are_the_same_after_a_run_and_a_second_run_has_nothing_to_do(string database, int seed)
    {
        await using var bench = await TwoWayBench.StartAsync(FileDatabase.Of(database));
        await TwoWayPromise.AssertSameAsync(bench, seed);
    }
}

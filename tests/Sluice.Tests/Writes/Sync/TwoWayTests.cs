using Sluice.Engine;
using Sluice.Engine.Load;
using Sluice.Writes.Sync;
using Xunit;

namespace Sluice.Tests.Writes.Sync;

/// <summary>A table and a collection that are kept the same.</summary>
public sealed class TwoWayTests
{
    public static TheoryData<string> Databases => ["DuckDB", "SQLite"];

    public static TheoryData<string, int> Seeds =>
        [.. new[] { "DuckDB", "SQLite" }.SelectMany(name => Enumerable.Range(0, 8).Select(seed => (name, seed)))];

    public static TheoryData<string, int> FewSeeds =>
        [.. new[] { "DuckDB", "SQLite" }.SelectMany(name => Enumerable.Range(0, 3).Select(seed => (name, seed)))];

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task The_first_run_takes_what_is_the_same_brings_over_what_is_missing_and_lists_what_differs(string database)
    {
        await using var bench = await StartAsync(database, "('a', 1.50, true), ('b', 2, false), ('c', 3, NULL)");
        await bench.PutAsync("""[{"price":1.5,"sku":"a","sold":1},{"sku":"b","price":20,"sold":false},{"sku":"d","price":"4"}]""");

        var report = await bench.RunAsync();

        Assert.Equal(["a", "b", "c", "d"], Keys(await bench.TextAsync()));
        Assert.Equal("a|1.5|1\nb|2|0\nc|3|\nd|4|", Plain(await bench.Database.RunAsync("SELECT sku, price, sold FROM stock ORDER BY sku")));
        Assert.Equal((1, 7, 2), (report.Alike, report.ExitCode, report.Moved.Count));
        Assert.Equal("sku=b", Assert.Single(report.Conflicts).Name);
        Assert.Contains("""{"price":1.5,"sku":"a","sold":1}""", await bench.TextAsync(), StringComparison.Ordinal);
        await bench.AssertQuietAsync();
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Each_side_gets_what_the_other_has_changed_and_what_is_gone_stays_unless_it_is_to_go(string database)
    {
        await using var bench = await SyncedAsync(database);
        await bench.Database.RunAsync("UPDATE stock SET price = 10 WHERE sku = 'a'; DELETE FROM stock WHERE sku = 'b'");
        await bench.PutAsync(Rows(("a", 1), ("b", 2), ("c", 30), ("e", 5)));

        var report = await bench.RunAsync();

        Assert.Equal((0, 2), (report.ExitCode, report.Moved.Count));
        Assert.Equal(["sku=b", "sku=d"], report.Kept);
        Assert.Equal("a|10\nc|30\nd|4\ne|5", await TableAsync(bench));
        Assert.Equal(Lines(("a", 10), ("b", 2), ("c", 30), ("e", 5)), await bench.TextAsync());
        await bench.AssertQuietAsync();

        var deleting = bench.Settings with { Deletes = true, MostDeletes = new DeletionLimit(20, true) };
        Assert.Equal(2, (await bench.RunAsync(deleting)).Moved.Count);
        Assert.Equal("a|10\nc|30\ne|5", await TableAsync(bench));
        Assert.Equal(Lines(("a", 10), ("c", 30), ("e", 5)), await bench.TextAsync());
        await bench.AssertQuietAsync(deleting);
    }

    [Theory]
    [InlineData(Preference.None, "a|10\nb|2\nd|40", "a:11 b:20 c:30", 7)]
    [InlineData(Preference.Database, "a|10\nb|20\nd|40", "a:10 b:20 d:40", 0)]
    [InlineData(Preference.CustomerIo, "a|11\nb|20\nc|30", "a:11 b:20 c:30", 0)]
    public async Task Of_what_both_have_changed_the_preferred_row_is_taken(Preference prefer, string table, string collection, int exitCode)
    {
        await using var bench = await SyncedAsync("SQLite");
        var settings = bench.Settings with { Prefer = prefer, Deletes = true, MostDeletes = new DeletionLimit(1, false) };
        await bench.Database.RunAsync(
            "UPDATE stock SET price = 10 WHERE sku = 'a'; DELETE FROM stock WHERE sku = 'c'; UPDATE stock SET price = 40 WHERE sku = 'd'");
        await bench.PutAsync(Rows(("a", 11), ("b", 20), ("c", 30)));

        var report = await bench.RunAsync(settings);

        Assert.Equal(exitCode, report.ExitCode);
        Assert.Equal(exitCode == 7 ? ["sku=a", "sku=c", "sku=d"] : [], report.Conflicts.Select(one => one.Name).Order(StringComparer.Ordinal));
        Assert.Equal(exitCode == 7 ? table.Replace("b|2\n", "b|20\n", StringComparison.Ordinal) : table, await TableAsync(bench));
        Assert.Equal(collection, string.Join(' ', (await bench.RowsAsync()).Select(row => $"{row!["sku"]}:{row["price"]}").Order(StringComparer.Ordinal)));
    }

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
    public async Task Columns_that_the_table_lacks_are_named_with_the_statement_that_adds_them(string database)
    {
        await using var bench = await StartAsync(database, "('a', 1, true)");
        await bench.PutAsync(
            """[{"sku":"a","price":1,"sold":true,"no \"1\"":7,"half":0.5,"is":false,"tags":["x"],"note":"n"},{"sku":"b","half":1,"note":"m"}]""");

        var refusal = await Assert.ThrowsAsync<SluiceException>(() => bench.RunAsync());

        Assert.Equal("The table stock of warehouse lacks the columns no \"1\", half, is, tags, note. Nothing was changed.", refusal.Message);
        await bench.Database.RunAsync(refusal.Hint!["Add: ".Length..refusal.Hint!.IndexOf(" Or list", StringComparison.Ordinal)]);
        Assert.Equal(7, (await bench.RunAsync(bench.Settings)).ExitCode);
        Assert.Equal(0, (await bench.RunAsync(bench.Settings with { Prefer = Preference.CustomerIo })).ExitCode);
        Assert.Equal("a|7|0.5|n\nb||1|m", await bench.Database.RunAsync("SELECT sku, \"no \"\"1\"\"\", half, note FROM stock ORDER BY sku"));
        await bench.AssertQuietAsync(bench.Settings with { Prefer = Preference.CustomerIo });
    }

    [Fact]
    public async Task Only_the_listed_columns_are_kept_the_same_and_the_others_stay()
    {
        await using var bench = await StartAsync("SQLite", "('a', 1, true), ('b', 2, true)");
        await bench.PutAsync("""[{"sku":"a","price":5,"stars":4,"sold":false}]""");
        var settings = bench.Settings with { Columns = ["price"], Prefer = Preference.Database };

        await bench.RunAsync(settings);

        Assert.Equal("""
            {"sku":"a","price":1,"stars":4,"sold":false}
            {"sku":"b","price":2}
            """, await bench.TextAsync());
        Assert.Equal("a|1|1\nb|2|1", await bench.Database.RunAsync("SELECT * FROM stock ORDER BY sku"));
        await bench.AssertQuietAsync(settings);
    }

    [Theory]
    [InlineData("('a', 1, true), ('a', 2, true)", "[]", "Several rows of the table stock of warehouse have the same key: sku=a.")]
    [InlineData("(NULL, 1, true)", "[]", "1 rows of the table stock of warehouse have no value in sku.")]
    [InlineData("('a', 1, true)", """[{"sku":"7"},{"sku":7}]""", "Several rows of the collection stock have the same key: sku=7.")]
    [InlineData("('a', 1, true)", """[{"sku":null}]""", "1 rows of the collection stock have no value in sku.")]
    [InlineData("('a', 1, true)", """[{"SKU":"a"}]""", "The rows of the collection stock have SKU, and the table stock of warehouse has sku.")]
    public async Task Rows_that_can_t_be_paired_are_named(string values, string rows, string problem)
    {
        await using var bench = await StartAsync("SQLite", values);
        await bench.PutAsync(rows);
        Assert.StartsWith(problem, (await Assert.ThrowsAsync<SluiceException>(() => bench.RunAsync())).Message, StringComparison.Ordinal);
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

        Assert.Contains("sku=a: the row has more than 10 kB", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("a|1", await TableAsync(bench));
    }

    [Fact]
    public async Task A_value_that_the_database_holds_otherwise_is_told_once_and_not_sent_back()
    {
        await using var bench = await StartAsync("DuckDB", "('a', 1, true)");
        await bench.PutAsync("""[{"sku":"a","price":1,"sold":true},{"sku":"b","price":1.23456789}]""");

        var report = await bench.RunAsync();

        Assert.Equal("sku=b: price is 1.23456789 in Customer.io, and the database made 1.2346 of it", Assert.Single(report.Notes));
        await bench.AssertQuietAsync();
        await bench.Database.RunAsync("UPDATE stock SET sold = true WHERE sku = 'b'");
        Assert.Equal(0, (await bench.RunAsync()).ExitCode);
        await bench.AssertQuietAsync();
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
    public async Task A_dry_run_changes_nothing_and_tells_what_would_change()
    {
        await using var bench = await SyncedAsync("DuckDB");
        await bench.Database.RunAsync("UPDATE stock SET price = 10 WHERE sku = 'a'");
        await bench.PutAsync(Rows(("a", 1), ("b", 2), ("c", 3), ("d", 40)));
        using var handler = new CountingHandler();

        var plan = await bench.PlanAsync(handler: handler);

        Assert.Equal(0, handler.Writes);
        Assert.Equal(
            ["sku=a CustomerIo update 1 10", "sku=d Database update 4 40"],
            plan.Moved.Select(row => $"{row.Name} {row.To} {row.Verb} {row.Old!["price"]} {row.New!["price"]}"));
        Assert.Equal("a|10\nb|2\nc|3\nd|4", await TableAsync(bench));
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
            Assert.All([path, report.FormerContent!], file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
        }
    }

    [Fact]
    public async Task A_collection_that_was_made_anew_deletes_nothing()
    {
        await using var bench = await SyncedAsync("SQLite");
        await bench.Simulator.SendAsync(HttpMethod.Delete, $"/v1/collections/{bench.Id}");
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

    private static async Task<TwoWayBench> StartAsync(string database, string values, string more = "")
    {
        var bench = await TwoWayBench.StartAsync(FileDatabase.Of(database));
        var (text, number, flag) = (
            bench.Database.Type(ValueForm.Text), bench.Database.Type(ValueForm.Number), bench.Database.Type(ValueForm.Flag));
        await bench.Database.RunAsync($"CREATE TABLE stock (sku {text}, price {number}, sold {flag}{more}); INSERT INTO stock VALUES {values}");
        return bench;
    }

    private static async Task<TwoWayBench> SyncedAsync(string database)
    {
        var bench = await StartAsync(database, "('a', 1, NULL), ('b', 2, NULL), ('c', 3, NULL), ('d', 4, NULL)");
        await bench.PutAsync("[]");
        await bench.RunAsync();
        return bench;
    }

    private static async Task<string> TableAsync(TwoWayBench bench) =>
        Plain(await bench.Database.RunAsync("SELECT sku, price FROM stock ORDER BY sku"));

    // Each database writes numbers and flags in its way.
    private static string Plain(string rows) => rows.Replace(".0000", "", StringComparison.Ordinal).Replace("000|", "|", StringComparison.Ordinal)
        .Replace("True", "1", StringComparison.Ordinal).Replace("False", "0", StringComparison.Ordinal);

    private static string Rows(params (string Sku, int Price)[] rows) =>
        $"[{string.Join(',', rows.Select(row => $$"""{"sku":"{{row.Sku}}","price":{{row.Price}}}"""))}]";

    private static string Lines(params (string Sku, int Price)[] rows) =>
        string.Join('\n', rows.Select(row => $$"""{"sku":"{{row.Sku}}","price":{{row.Price}}}"""));

    private static IEnumerable<string> Keys(string text) =>
        text.Split('\n').Select(row => System.Text.Json.Nodes.JsonNode.Parse(row)!["sku"]!.ToString()).Order(StringComparer.Ordinal);
}

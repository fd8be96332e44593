using Sluice.Engine;
using Sluice.Writes.Sync;
using Xunit;
using static Sluice.Tests.Writes.Sync.TwoWayTable;

namespace Sluice.Tests.Writes.Sync;

/// <summary>A table and a collection that are kept the same.</summary>
public sealed class TwoWayTests
{
    public static TheoryData<string> Databases => ["DuckDB", "SQLite"];

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

        Assert.Equal((0, 3), (report.ExitCode, report.Moved.Count));
        Assert.Equal(["sku=d", "sku=b"], report.Kept);
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
        var prices = (await bench.RowsAsync()).Select(row => $"{row!["sku"]}:{row["price"]}").Order(StringComparer.Ordinal);
        Assert.Equal(collection, string.Join(' ', prices));
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
    public async Task Lists_structs_enums_and_long_numbers_of_DuckDB_go_both_ways()
    {
        await using var bench = await TwoWayBench.StartAsync(FileDatabase.Of("DuckDB"));
        await bench.Database.RunAsync(
            """
            CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
            CREATE TABLE stock (sku BIGINT PRIMARY KEY, tags VARCHAR[], pair STRUCT("x y" INTEGER, z VARCHAR), mood mood, id UUID, big HUGEINT,
              price DECIMAL(38, 10), at_noon TIMESTAMP, f FLOAT);
            INSERT INTO stock VALUES (1, ['a', NULL], {'x y': 1, 'z': 'q'}, 'it''s ok', '00000000-0000-0000-0000-000000000001',
              170141183460469231731687303715884105727, 1234567890123456789.0000000001, '2024-05-01 12:00:00.000001', 0.1);
            """);
        await bench.PutAsync(
            """
            [{"sku":"2","tags":["x"],"pair":{"z":"w","x y":2},"mood":"sad","big":-170141183460469231731687303715884105727,"price":"0.1234567891",
              "at_noon":"2024-05-01T14:00:00+02:00","f":2.5}]
            """);

        Assert.Equal((0, 0), await bench.RunAsync() is var report ? (report.ExitCode, report.Notes.Count) : default);

        var row = (await bench.RowsAsync())[1]!;
        string[] names = ["tags", "pair", "big", "price", "at_noon", "f"];
        Assert.Equal(
            """
            ["a",null]|{"x y":1,"z":"q"}|170141183460469231731687303715884105727|1234567890123456789.0000000001|"2024-05-01T12:00:00.000001Z"|0.1
            """,
            string.Join('|', names.Select(name => row[name]!.ToJsonString())));
        Assert.Equal("it's ok", row["mood"]!.ToString());
        Assert.Equal(
            "[x]|{'x y': 2, 'z': w}|sad|-170141183460469231731687303715884105727|0.1234567891|2024-05-01 12:00:00|2.5",
            await bench.Database.RunAsync(
                "SELECT tags::VARCHAR, pair::VARCHAR, mood::VARCHAR, big::VARCHAR, price::VARCHAR, at_noon::VARCHAR, f::VARCHAR FROM stock "
                    + "WHERE sku = 2"));
        await bench.AssertQuietAsync();
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
}

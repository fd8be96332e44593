using Sluice.Engine.Load;
using Sluice.ServerTests.Servers;
using Sluice.Tests.Writes.Sync;
using Xunit;

namespace Sluice.ServerTests.Writes;

/// <summary>A table of PostgreSQL and a collection that are kept the same.</summary>
public sealed class TwoWayPostgresTests(PostgresServer postgres)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Values_of_any_type_are_the_same_after_a_run_and_a_second_run_has_nothing_to_do(int seed)
    {
        await using var bench = await StartAsync();
        await TwoWayPromise.AssertSameAsync(bench, seed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public async Task Killed_anywhere_the_same_command_ends_with_the_same_two_sides(int seed)
    {
        await using var bench = await StartAsync();
        await TwoWayPromise.AssertSurvivesAsync(bench, seed);
    }

    [Fact]
    public async Task Arrays_composite_values_domains_and_long_numbers_go_both_ways()
    {
        await using var bench = await StartAsync();
        await bench.Database.RunAsync(
            """
            CREATE TYPE "a pair" AS (x int, "y z" text);
            CREATE DOMAIN price AS numeric(30, 10) CHECK (VALUE < 1000);
            CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
            CREATE TABLE stock (sku bigint PRIMARY KEY, tags text[], pair "a pair", price price, mood mood, id uuid, "no""1" real, short varchar(3),
              total numeric GENERATED ALWAYS AS (price * 2) STORED);
            INSERT INTO stock VALUES (1, '{a,NULL,"b,c"}', '(1,"q")', 99.0000000001, 'it''s ok', '00000000-0000-0000-0000-000000000001', 0.1, 'abc');
            """);
        await bench.PutAsync(
            """[{"sku":"2","tags":["x"],"pair":{"x":2,"y z":"w"},"price":0.1234567891,"mood":"sad","no\"1":2.5,"short":"de"}]""");

        var report = await bench.RunAsync();

        Assert.Equal((0, 0), (report.ExitCode, report.Notes.Count));
        var row = (await bench.RowsAsync())[1]!;
        Assert.Equal(
            """["a",null,"b,c"]|{"x":1,"y z":"q"}|99.0000000001|"it\u0027s ok"|0.1|"abc""" + "\"",
            string.Join('|', new[] { "tags", "pair", "price", "mood", "no\"1", "short" }.Select(name => row[name]!.ToJsonString())));
        Assert.Equal("00000000-0000-0000-0000-000000000001", row["id"]!.ToString());
        Assert.Equal("{x}|(2,w)|0.1234567891|sad|2.5|de", await bench.Database.RunAsync(
            "SELECT tags, pair, price, mood, \"no\"\"1\", short FROM stock WHERE sku = 2"));
        await bench.AssertQuietAsync();

        await bench.PutAsync("""[{"sku":1,"short":"abcd"}]""");
        var refusal = await Assert.ThrowsAsync<Sluice.Engine.SluiceException>(() => bench.RunAsync());
        Assert.Contains("Writing the row sku=1 of public.stock", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("value too long", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<TwoWayBench> StartAsync()
    {
        var database = new ServerDatabase(await postgres.NewDatabaseAsync());
        return await TwoWayBench.StartAsync(_ => database);
    }

    private sealed class ServerDatabase(PostgresDatabase database) : ITwoWayDatabase
    {
        public string Uri => database.Uri;

        public Task<string> RunAsync(string sql) => database.QueryAsync(sql);

        public string Type(JsonForm form) => form switch
        {
            JsonForm.Number => "numeric",
            JsonForm.Double => "double precision",
            JsonForm.Flag => "boolean",
            JsonForm.Time => "timestamptz",
            JsonForm.Date => "date",
            JsonForm.Json => "jsonb",
            _ => "text",
        };

        public ValueTask DisposeAsync() => database.DisposeAsync();
    }
}

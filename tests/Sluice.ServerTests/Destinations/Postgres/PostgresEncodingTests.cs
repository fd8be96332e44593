using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Runs;
using Xunit;
using static Sluice.ServerTests.Destinations.LoadHarness;

namespace Sluice.ServerTests.Destinations;

/// <summary>Databases that can't hold every character.</summary>
public sealed class PostgresEncodingTests
{
    // U+0081 is a character of LATIN1 and none of WIN1252; the euro is the other way round.
    [Theory]
    [InlineData("LATIN1", "1|Grüße,3|\u0081,5|007", "2,4", @"2|ü,4|\u20ac", "1,3")]
    [InlineData("WIN1252", "1|Grüße,4|5 €,5|007", "2,3", @"2|ü,4|\u20ac", "1,3")]
    [InlineData("SQL_ASCII", "1|Grüße,2|😀 Grüße,3|\u0081,4|5 €,5|007", "", @"1|€x😀,2|ü,3|😀,4|\u20ac", "")]
    public async Task A_value_that_the_encoding_lacks_is_among_the_rejects_and_the_others_are_there(
        string encoding, string names, string rejected, string documents, string rejectedDocuments)
    {
        await using var place = (PostgresPlace)await PostgresPlace.NewAsync(encoding);
        var desk = new LoadHarness(place);
        var job = Job(Table(Is("name", ColumnType.Text), Is("data", ColumnType.Json)), Strategy.Merge);
        string[] records =
        [
            """{"id":1,"name":"Grüße","data":{"a":"\u20acx\ud83d\ude00"}}""",
            """{"id":2,"name":"😀 Grüße","data":{"a":"\u00fc"}}""",
            "{\"id\":3,\"name\":\"\u0081\",\"data\":{\"a\":\"😀\"}}",
            """{"id":4,"name":"5 €","data":{"a":"\\u20ac"}}""",
            """{"id":5,"name":"007","data":[1]}""",
        ];

        var first = await desk.LoadAsync(job, LoadScenario.Plain, records);
        var again = await desk.LoadAsync(job, LoadScenario.Plain, records);

        Assert.Equal(rejected.Length == 0 ? ExitCode.Done : ExitCode.Partial, ExitCode.Of([first], allowPartial: false));
        Assert.Equal((5L, 0L, 5L), (first.Rows, again.Rows, again.TableRows));
        var rows = (await desk.ReadAsync())!;
        Assert.Equal(names, string.Join(',', rows.Where(row => row["name"] is not null).Select(row => $"{row["id"]}|{row["name"]}")));
        Assert.Equal(
            documents,
            await place.Database.QueryAsync("SELECT string_agg(id || '|' || (data->>'a'), ',' ORDER BY id) FROM crm.things WHERE data ? 'a'"));
        Assert.Equal(rejected, await RejectsAsync(place, "name"));
        Assert.Equal(rejectedDocuments, await RejectsAsync(place, "data"));
        Assert.Equal(
            encoding == "SQL_ASCII" ? "" : "\"\\ud83d\\ude00 Gr\\u00fc\\u00dfe\"",
            await place.Database.QueryAsync(
                "SELECT DISTINCT raw_value FROM crm._sluice_rejects WHERE column_name = 'name' AND raw_value LIKE '%Gr%'"));
        await using var destination = await desk.OpenAsync();
        Assert.Equal(
            rejected.Length > 0,
            (await destination.CheckAsync(Cancel)).Contains($"writable, encoding {encoding}: values", StringComparison.Ordinal));
    }

    // What several bytes can stand for is not asked beforehand; PostgreSQL has no conversion from MULE_INTERNAL to UTF8 at all.
    [Theory]
    [InlineData("EUC_JP", "22P05")]
    [InlineData("MULE_INTERNAL", "0A000")]
    public async Task An_encoding_of_several_bytes_that_lacks_a_character_stops_the_load_and_the_way_out_is_said(string encoding, string code)
    {
        await using var place = (PostgresPlace)await PostgresPlace.NewAsync(encoding);
        var desk = new LoadHarness(place);
        var job = Job(Table(Is("name", ColumnType.Text)), Strategy.Merge);

        var error = await Assert.ThrowsAnyAsync<Exception>(() => desk.LoadAsync(job, LoadScenario.Plain, ["""{"id":1,"name":"😀"}"""]));

        // A database that can't be opened fails at once, a value that can't be written fails its table.
        var told = $"{error.Message} {(error as SluiceException)?.Hint}";
        Assert.Contains($"({code})", told, StringComparison.Ordinal);
        Assert.Contains("createdb -E UTF8 -T template0", told, StringComparison.Ordinal);
    }

    private static Task<string> RejectsAsync(PostgresPlace place, string column) => place.Database.QueryAsync(
        "SELECT string_agg(id, ',' ORDER BY id) FROM (SELECT DISTINCT record_key->>'id' AS id FROM crm._sluice_rejects WHERE column_name = " +
            $"'{column}') AS found");
}

using System.Text.Json.Nodes;
using Sluice.Engine.Load;
using Sluice.Writes.Sync;
using Xunit;

namespace Sluice.Tests.Writes.Sync;

/// <summary>Values at random, as the two sides may hold them.</summary>
internal sealed class RandomRows(int seed)
{
    private readonly Random _random = new(seed);

    public static IReadOnlyDictionary<string, JsonForm> Columns { get; } = new Dictionary<string, JsonForm>(StringComparer.Ordinal)
    {
        ["n"] = JsonForm.Number,
        ["f"] = JsonForm.Double,
        ["b"] = JsonForm.Flag,
        ["t"] = JsonForm.Text,
        ["seen"] = JsonForm.Time,
        ["day"] = JsonForm.Date,
        ["j"] = JsonForm.Json,
    };

    public int Next(int most) => _random.Next(most);

    /// <summary>A row of a collection, in any of the ways in which its values can be written; members may be missing or null.</summary>
    public JsonObject Row(string key)
    {
        var row = new JsonObject { ["sku"] = key };
        foreach (var (name, form) in Columns)
        {
            switch (_random.Next(6))
            {
                case 0:
                    break;
                case 1:
                    row[name] = null;
                    break;
                default:
                    row[name] = JsonNode.Parse(Value(form));
                    break;
            }
        }

        return row;
    }

    /// <summary>A value as JSON text.</summary>
    public string Value(JsonForm form) => form switch
    {
        JsonForm.Number => One("0", "-0", "1.0", "\"5\"", "12e2", "-7.25", "99999999.123", "\"007\""),
        JsonForm.Double => One("0.1", "1e20", "-2.5E-7", "3", "\"0.25\"", "123456.789"),
        JsonForm.Flag => One("true", "false", "1", "0", "\"true\""),
        JsonForm.Time => One(
            "\"2024-05-01T10:00:00Z\"", "\"2024-05-01T12:00:00.5+02:00\"", "1714557600", "\"2024-05-01 10:00:00\"", "\"2024-02-29\"",
            "1714557600.25"),
        JsonForm.Date => One("\"2024-05-01\"", "\"2024-05-02T00:00:00Z\"", "1714521600"),
        JsonForm.Json => One("{\"b\":1.0,\"a\":[null,true]}", "[]", "{\"x\":{\"y\":\"z\"}}", "[1,2.50]"),
        _ => One("\"\"", "\" x \"", "\"Zoë \\\"🦊\\\"\"", "\"O'Neil; --\"", "\"1.0\"", "\"null\"", "\"2024-05-01\"", "\"a\\nb\""),
    };

    private string One(params string[] all) => all[_random.Next(all.Length)];
}

/// <summary>What holds on every database.</summary>
internal static class TwoWayPromise
{
    public static string Create(ITwoWayDatabase database) =>
        $"CREATE TABLE stock (sku {database.Type(JsonForm.Text)}, "
            + string.Join(", ", RandomRows.Columns.Select(column => $"{column.Key} {database.Type(column.Value)}")) + ")";

    /// <summary>Rows that change at random on both sides are the same after a run, and a second run has nothing to do.</summary>
    public static async Task AssertSameAsync(TwoWayBench bench, int seed)
    {
        var random = new RandomRows(seed);
        var settings = bench.Settings with { Deletes = true, MostDeletes = new DeletionLimit(100, true), Prefer = Preference.Database };
        await bench.Database.RunAsync(Create(bench.Database));
        await bench.PutAsync(Text(Enumerable.Range(0, 12).Select(n => random.Row($"k{n}"))));
        await bench.RunAsync(settings);
        await bench.AssertQuietAsync(settings);
        for (var round = 0; round < 2; round++)
        {
            // Rows are moved to other keys in the table, and get other values in the collection.
            await bench.Database.RunAsync(
                $"UPDATE stock SET sku = sku || '-{round}' WHERE sku LIKE '%{random.Next(3) + 1}'; UPDATE stock SET t = 'r{round}' WHERE sku = 'k0'");
            var rows = (await bench.RowsAsync())
                .Select(row => random.Next(3) == 0 ? random.Row(row!["sku"]!.ToString()) : row!.DeepClone()).ToList();
            await bench.PutAsync(Text([.. rows, random.Row($"new{round}")]));
            Assert.Equal(0, (await bench.RunAsync(settings)).ExitCode);
            await bench.AssertQuietAsync(settings);
            Assert.Equal(
                await bench.Database.RunAsync("SELECT sku FROM stock ORDER BY sku"),
                string.Join('\n', (await bench.RowsAsync()).Select(row => row!["sku"]!.ToString()).Order(StringComparer.Ordinal)));
        }
    }

    /// <summary>Killed at a place that the seed chooses, the same command ends with the same two sides.</summary>
    public static async Task AssertSurvivesAsync(TwoWayBench bench, int seed)
    {
        await bench.Database.RunAsync(
            $"CREATE TABLE stock (sku {bench.Database.Type(JsonForm.Text)}, n {bench.Database.Type(JsonForm.Number)}); "
                + "INSERT INTO stock VALUES ('a', 1), ('b', 2), ('c', 3), ('d', 4), ('e', 5)");
        await bench.PutAsync("[]");
        var settings = bench.Settings with { Deletes = true, MostDeletes = new DeletionLimit(50, true) };
        await bench.RunAsync(settings);
        await bench.Database.RunAsync(
            "UPDATE stock SET n = 10 WHERE sku = 'a'; DELETE FROM stock WHERE sku = 'b'; INSERT INTO stock VALUES ('f', 6)");
        await bench.PutAsync("""[{"sku":"a","n":1},{"sku":"b","n":2},{"sku":"c","n":30},{"sku":"e","n":5},{"sku":"g","n":7}]""");

        await Assert.ThrowsAsync<KilledException>(() => KillAsync(bench, settings, seed % 4));
        var isEdited = seed / 4 % 2 == 1;
        if (isEdited)
        {
            // What somebody changes after the kill is no conflict with what the killed run has done.
            await bench.Database.RunAsync("UPDATE stock SET n = 100 WHERE sku = 'a'");
        }

        var report = await bench.RunAsync(settings);

        Assert.Equal(0, report.ExitCode);
        Assert.Equal(
            $"a|{(isEdited ? 100 : 10)}\nc|30\ne|5\nf|6\ng|7", await bench.Database.RunAsync("SELECT sku, n FROM stock ORDER BY sku"));
        Assert.Equal(
            [$"a{(isEdited ? 100 : 10)}", "c30", "e5", "f6", "g7"],
            (await bench.RowsAsync()).Select(row => $"{row!["sku"]}{row["n"]}").Order(StringComparer.Ordinal));
        await bench.AssertQuietAsync(settings);
    }

    private static async Task KillAsync(TwoWayBench bench, TwoWaySettings settings, int place)
    {
        using var handler = new CountingHandler
        {
            BeforeWrite = place == 0 ? () => throw new KilledException() : null,
            AfterWrite = place == 1 ? () => throw new KilledException() : null,
        };
        await bench.RunAsync(
            settings with
            {
                OpenAsync = async (isToWrite, cancel) => await settings.OpenAsync(isToWrite, cancel) is var table && isToWrite && place >= 2
                    ? new KilledTable(table, isCommitted: place == 3)
                    : table,
            },
            handler);
    }

    private static string Text(IEnumerable<JsonNode?> rows) => new JsonArray([.. rows.Select(row => row?.DeepClone())]).ToJsonString();
}

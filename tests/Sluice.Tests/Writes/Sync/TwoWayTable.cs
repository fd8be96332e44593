using System.Text.Json.Nodes;
using Sluice.Engine.Load;

namespace Sluice.Tests.Writes.Sync;

/// <summary>The table <c>stock</c> of most tests: sku, price and sold.</summary>
internal static class TwoWayTable
{
    public static async Task<TwoWayBench> StartAsync(string database, string values, string more = "")
    {
        var bench = await TwoWayBench.StartAsync(FileDatabase.Of(database));
        var (text, number, flag) = (
            bench.Database.Type(JsonForm.Text), bench.Database.Type(JsonForm.Number), bench.Database.Type(JsonForm.Flag));
        await bench.Database.RunAsync($"CREATE TABLE stock (sku {text}, price {number}, sold {flag}{more}); INSERT INTO stock VALUES {values}");
        return bench;
    }

    public static async Task<TwoWayBench> SyncedAsync(string database)
    {
        var bench = await StartAsync(database, "('a', 1, NULL), ('b', 2, NULL), ('c', 3, NULL), ('d', 4, NULL)");
        await bench.PutAsync("[]");
        await bench.RunAsync();
        return bench;
    }

    public static async Task<string> TableAsync(TwoWayBench bench) =>
        Plain(await bench.Database.RunAsync("SELECT sku, price FROM stock ORDER BY sku"));

    // Each database writes numbers and flags in its way.
    public static string Plain(string rows) => rows.Replace(".0000", "", StringComparison.Ordinal).Replace("000|", "|", StringComparison.Ordinal)
        .Replace("True", "1", StringComparison.Ordinal).Replace("False", "0", StringComparison.Ordinal);

    public static string Rows(params (string Sku, int Price)[] rows) =>
        $"[{string.Join(',', rows.Select(row => $$"""{"sku":"{{row.Sku}}","price":{{row.Price}}}"""))}]";

    public static string Lines(params (string Sku, int Price)[] rows) =>
        string.Join('\n', rows.Select(row => $$"""{"sku":"{{row.Sku}}","price":{{row.Price}}}"""));

    public static IEnumerable<string> Keys(string text) =>
        text.Split('\n').Select(row => JsonNode.Parse(row)!["sku"]!.ToString()).Order(StringComparer.Ordinal);
}

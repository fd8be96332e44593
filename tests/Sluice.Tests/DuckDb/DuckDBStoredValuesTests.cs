using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Sluice.Tests.DuckDb;

/// <summary>Stored columns come compressed (dictionaries, constants, runs), also inside lists and structs: they have to read as written.</summary>
public sealed class DuckDBStoredValuesTests
{
    private const int Rows = 20_000;

    [Theory]
    [InlineData("s", "CASE WHEN n % 7 = 0 THEN NULL ELSE 'a label of some length ' || (n % 3) END")]
    [InlineData("[s, NULL, s]", "'a label of some length ' || (n % 3)")]
    [InlineData("s", "[CASE WHEN n % 7 = 0 THEN NULL ELSE 'a label of some length ' || (n % 3) END, 'x']")]
    [InlineData("s", "{'a': 'a label of some length ' || (n % 3), 'b': [n % 2]}")]
    [InlineData("struct_pack(a := s, b := [s])", "'a label of some length ' || (n % 3)")]
    [InlineData("s", "CASE WHEN n % 5 = 0 THEN NULL ELSE MAP {'k' || (n % 3): 'constant text of some length'} END")]
    [InlineData("MAP {'k': s}", "'a label of some length ' || (n % 3)")]
    [InlineData("array_value(s, 'y', s)", "'a label of some length ' || (n % 3)")]
    [InlineData("s", "('v' || (n % 3))::ENUM('v0', 'v1', 'v2')")]
    [InlineData("[s]", "('v' || (n % 3))::ENUM('v0', 'v1', 'v2')")]
    [InlineData("s", "(n // 4000)::DECIMAL(12,1)")]
    [InlineData("s", "TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_seconds(n)")]
    [InlineData("s", "7")]
    public void Stored_values_read_as_computed_ones(string read, string written)
    {
        using var folder = new TemporaryFolder();
        using var connection = Database.File(folder.File("a.duckdb"), "threads=1;TimeZone=UTC");
        connection.Execute($"CREATE TABLE t AS SELECT range AS n, {written} AS s FROM (SELECT range, range AS n FROM range({Rows})); CHECKPOINT");

        // As text, the other side takes no part in the reading that is tested.
        using var command = connection.Command($"SELECT {read}, to_json({read})::VARCHAR FROM t ORDER BY n");
        using var stored = command.ExecuteReader();
        var rows = 0;
        var texts = new Dictionary<string, object>(StringComparer.Ordinal);
        while (stored.Read())
        {
            rows++;
            var value = stored.GetValue(0);
            if (stored.IsDBNull(1))
                continue;
            // Equal text has equal values, all through the chunks.
            if (!texts.TryAdd(stored.GetString(1), value))
                Assert.Equal(texts[stored.GetString(1)], value);
        }

        Assert.Equal(Rows, rows);
        Assert.All(texts.Take(20), pair => Assert.Equal(JsonNode.Parse(pair.Key)!.ToJsonString(), Json(pair.Value)));
    }

    private static string Json(object value) => value switch
    {
        DateTimeOffset v => JsonSerializer.Serialize(v.ToString("yyyy-MM-dd HH:mm:ss+00", CultureInfo.InvariantCulture)),
        _ => JsonSerializer.Serialize(value),
    };
}

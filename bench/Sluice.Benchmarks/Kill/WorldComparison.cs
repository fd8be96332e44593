using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Sluice.Engine.Catalog;
using Sluice.Engine.DuckDb;

namespace Sluice.Benchmarks.Kill;

/// <summary>Compares a table with the world, value by value, by a reading of its own of the catalog's columns.</summary>
internal static class WorldComparison
{
    public static IEnumerable<string> Differences(
        DuckDBConnection connection, string schema, TableName table, IReadOnlyList<JsonElement> world, bool extrasAllowed)
    {
        // The world's rows are without the answers to surveys, which are only given when asked for.
        var resource = ResourceCatalog.Default.Find(table.Resource)!;
        var columns = resource.Columns.Where(column => column.Name != "tracked_responses").ToList();
        var keys = resource.PrimaryKey.Select(key => columns.FindIndex(column => column.Name == key)).ToArray();
        var expected = world.Select(row => columns.Select(column => ComparedValue.Expected(resource, column, row)).ToArray()).ToList();
        var names = string.Join(", ", columns.Select(column => DuckDBIdentifier.Quote(column.Name)));
        var place = $"{DuckDBIdentifier.Quote(connection.Database)}.{DuckDBIdentifier.Quote(schema)}.{DuckDBIdentifier.Quote(table.TableIdentifier)}";
        var actual = Rows.Read(connection, $"SELECT {names} FROM {place}{Unmarked(connection, schema, table.TableIdentifier)}")
            .Select(row => row.Select((value, i) => ComparedValue.Actual(columns[i].Type, value)).ToArray());
        var found = actual.ToLookup(row => Key(row, keys), StringComparer.Ordinal);
        return Missing(table, columns, expected, keys, found).Concat(extrasAllowed ? [] : Extra(table, expected, keys, found)).Take(5);
    }

    // Rows that are marked as deleted are not of the world any more.
    private static string Unmarked(DuckDBConnection connection, string schema, string table) => Rows.Read(
        connection,
        $"""
        SELECT 1 FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = {DuckDBLiteral.Quote(schema)}
          AND table_name = {DuckDBLiteral.Quote(table)} AND column_name = '_sluice_deleted_at'
        """).Count > 0 ? " WHERE _sluice_deleted_at IS NULL" : "";

    private static IEnumerable<string> Missing(
        TableName table, List<Column> columns, List<string?[]> expected, int[] keys, ILookup<string, string?[]> found)
    {
        foreach (var row in expected)
        {
            var key = Key(row, keys);
            if (!found.Contains(key))
            {
                yield return $"{table}: {key} is missing";
            }
            else if (!found[key].Any(row.SequenceEqual))
            {
                var other = found[key].Last();
                var column = Enumerable.Range(0, row.Length).First(i => row[i] != other[i]);
                yield return $"{table}: {key} has {columns[column].Name} {other[column] ?? "NULL"}, in the world it is {row[column] ?? "NULL"}";
            }
        }
    }

    private static IEnumerable<string> Extra(TableName table, List<string?[]> expected, int[] keys, ILookup<string, string?[]> found)
    {
        var known = expected.Select(row => Key(row, keys)).ToHashSet(StringComparer.Ordinal);
        foreach (var rows in found)
        {
            if (!known.Contains(rows.Key))
            {
                yield return $"{table}: {rows.Key} is not in the world";
            }
            else if (rows.Count() > 1)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{table}: {rows.Key} stands there {rows.Count()} times");
            }
        }
    }

    private static string Key(string?[] row, int[] keys) => string.Join('|', keys.Select(key => row[key]));
}

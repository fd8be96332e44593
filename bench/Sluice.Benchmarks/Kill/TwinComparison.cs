using System.Globalization;
using DuckDB.NET.Data;
using Sluice.Engine.DuckDb;

namespace Sluice.Benchmarks.Kill;

/// <summary>
/// Compares a table with the one that undisturbed runs of the same command made: all columns, all rows, and how often each stands there.
/// </summary>
internal static class TwinComparison
{
    public static IEnumerable<string> Differences(DuckDBConnection connection, string schema, string table)
    {
        var ours = Columns(connection, connection.Database, schema, table);
        var theirs = Columns(connection, "undisturbed", schema, table);
        if (ours.Count == 0 || !ours.Order(StringComparer.Ordinal).SequenceEqual(theirs.Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            yield return $"{table}: columns [{string.Join(' ', ours)}], undisturbed [{string.Join(' ', theirs)}]";
            yield break;
        }

        var columns = string.Join(", ", theirs.Select(Compared));
        var (killed, undisturbed) = (From(connection.Database, schema, table, columns), From("undisturbed", schema, table, columns));
        foreach (var (what, sql) in new[] { ("too many", $"{killed} EXCEPT ALL {undisturbed}"), ("missing", $"{undisturbed} EXCEPT ALL {killed}") })
        {
            var rows = Rows.Read(connection, $"SELECT * FROM ({sql}) LIMIT 3");
            if (rows.Count > 0)
            {
                var count = Rows.Read(connection, $"SELECT count(*) FROM ({sql})")[0][0];
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"{table}: {count} rows {what} against an undisturbed run, as {Show(rows[0])}");
            }
        }
    }

    private static string From(string catalog, string schema, string table, string columns) =>
        $"SELECT {columns} FROM {DuckDBIdentifier.Quote(catalog)}.{DuckDBIdentifier.Quote(schema)}.{DuckDBIdentifier.Quote(table)}";

    // Which run brought a row, and when, is no part of the truth; whether a row is marked in some way is.
    private static string Compared(string column)
    {
        var name = DuckDBIdentifier.Quote(column);
        return column.StartsWith("_sluice_", StringComparison.Ordinal) ? $"{name} IS NULL" : name;
    }

    private static List<string> Columns(DuckDBConnection connection, string catalog, string schema, string table) =>
        [
            .. Rows.Read(
                    connection,
                    $"""
                    SELECT column_name FROM duckdb_columns()
                    WHERE database_name = {DuckDBLiteral.Quote(catalog)} AND schema_name = {DuckDBLiteral.Quote(
                        schema
                    )} AND table_name = {DuckDBLiteral.Quote(table)}
                    """)
                .Select(row => (string)row[0]!),
        ];

    private static string Show(object?[] row)
    {
        var text = string.Join('|', row.Select(value => Convert.ToString(value, CultureInfo.InvariantCulture)));
        return text.Length > 300 ? text[..300] : text;
    }
}

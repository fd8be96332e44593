using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Sqlite;

/// <summary>
/// Gives columns another type by writing the table anew, as SQLite's documentation has it; what was made upon the table is made again.
/// </summary>
internal static class SqliteWidening
{
    private const string Made = "_sluice_widened";

    public static async Task RunAsync(DbSession session, SqliteDialect sql, string table, IReadOnlyList<Widening> widenings, CancellationToken cancel)
    {
        var columns = await session.ListAsync(
            "SELECT name, type FROM pragma_table_info(@table, 'main') ORDER BY cid",
            row => (Name: row.GetString(0), Type: row.GetString(1)),
            cancel,
            ("table", table));
        var attached = await session.ListAsync(
            "SELECT sql FROM main.sqlite_master WHERE tbl_name = @table COLLATE NOCASE AND type IN ('index', 'trigger') AND sql IS NOT NULL",
            row => row.GetString(0),
            cancel,
            ("table", table));
        var wider = widenings.ToDictionary(widening => widening.Column, StringComparer.OrdinalIgnoreCase);
        var defined = columns.Select(column =>
            $"{sql.Quote(column.Name)} {(wider.TryGetValue(column.Name, out var widening) ? sql.Type(widening.To) : column.Type)}");
        var values = columns.Select(column =>
            wider.TryGetValue(column.Name, out var widening) ? Value(sql.Quote(column.Name), widening) : sql.Quote(column.Name));
        string[] statements =
        [
            $"CREATE TABLE main.{Made} ({string.Join(", ", defined)})",
            $"INSERT INTO main.{Made} SELECT {string.Join(", ", values)} FROM main.{sql.Quote(table)} ORDER BY rowid",
            $"DROP TABLE main.{sql.Quote(table)}",
            $"ALTER TABLE main.{Made} RENAME TO {sql.Quote(table)}",
            .. attached,
        ];
        foreach (var statement in statements)
        {
            await session.RunAsync(statement, cancel);
        }
    }

    private static string Value(string name, Widening widening) => (widening.From, widening.To) switch
    {
        (ColumnType.Boolean, ColumnType.Text) => $"CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {name} END",
        (_, ColumnType.Text) => $"CAST({name} AS TEXT)",
        _ => $"CAST({name} AS REAL)",
    };
}

using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Sqlite;

/// <summary>
/// Gives columns another type by writing the table anew, as SQLite's documentation has it: with the constraints, defaults and generated columns that
/// it has, and what was made upon it is made again.
/// </summary>
internal static class SqliteWidening
{
    private const string Made = "_sluice_widened";

    public static async Task RunAsync(DbSession session, SqliteDialect sql, string table, IReadOnlyList<Widening> widenings, CancellationToken cancel)
    {
        var columns = await session.ListAsync(
            "SELECT name FROM pragma_table_info(@table, 'main') ORDER BY cid",
            row => row.GetString(0),
            cancel,
            ("table", table));
        var attached = await session.ListAsync(
            "SELECT sql FROM main.sqlite_master WHERE tbl_name = @table COLLATE NOCASE AND type IN ('index', 'trigger') AND sql IS NOT NULL",
            row => row.GetString(0),
            cancel,
            ("table", table));
        var wider = widenings.ToDictionary(widening => widening.Column, StringComparer.OrdinalIgnoreCase);
        var had = await SqliteDefinition.ReadAsync(session, table, cancel);
        var defined = had.With(wider.ToDictionary(column => column.Key, column => sql.Type(column.Value.To))) ?? throw NotFound(table, wider.Keys);
        var names = string.Join(", ", columns.Select(sql.Quote));
        var values = columns.Select(column => wider.TryGetValue(column, out var widening) ? Value(sql.Quote(column), widening) : sql.Quote(column));
        var order = had.Ending.Contains("WITHOUT", StringComparison.OrdinalIgnoreCase) ? "" : " ORDER BY rowid";
        string[] statements =
        [
            $"CREATE TABLE main.{Made} ({string.Join(", ", defined.Parts)}) {defined.Ending}",
            $"INSERT INTO main.{Made} ({names}) SELECT {string.Join(", ", values)} FROM main.{sql.Quote(table)}{order}",
            $"DROP TABLE main.{sql.Quote(table)}",
            $"ALTER TABLE main.{Made} RENAME TO {sql.Quote(table)}",
            .. attached,
        ];
        foreach (var statement in statements)
        {
            await session.RunAsync(statement, cancel);
        }
    }

    private static SluiceException NotFound(string table, IEnumerable<string> columns) => new(
        SluiceErrorKind.Destination,
        $"The statement that made {table} does not tell how {string.Join(", ", columns)} could get another type.",
        "Read the table again with --full-refresh.");

    private static string Value(string name, Widening widening) => (widening.From, widening.To) switch
    {
        (ColumnType.Boolean, ColumnType.Text) => $"CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {name} END",
        (_, ColumnType.Text) => $"CAST({name} AS TEXT)",
        _ => $"CAST({name} AS REAL)",
    };
}

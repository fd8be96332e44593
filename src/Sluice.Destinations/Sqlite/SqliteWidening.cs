using System.Text.Json;
using System.Text.RegularExpressions;
using Sluice.Destinations.Merge;
using Sluice.Engine;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Sqlite;

/// <summary>
/// Gives columns another type by writing the table anew, as SQLite's documentation has it; what was made upon the table is made again.
/// </summary>
internal static partial class SqliteWidening
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
        {
            var type = wider.TryGetValue(column.Name, out var widening) ? sql.Type(widening.To) : Plain(column.Name, column.Type);
            return $"{sql.Quote(column.Name)} {type}";
        });
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

    // A type goes into a statement as it was read; SQLite itself takes any text for one.
    private static string Plain(string column, string type) => TypeName().IsMatch(type)
        ? type
        : throw new SluiceException(
            SluiceErrorKind.Destination,
            $"The column {JsonEncodedText.Encode(column)} has a type that Sluice does not write into a statement: {JsonEncodedText.Encode(type)}.",
            "Give it another type, or read the table again with --full-refresh.");

    [GeneratedRegex(@"^[\w ]*(\([\d+\-., ]*\))?\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeName();

    private static string Value(string name, Widening widening) => (widening.From, widening.To) switch
    {
        (ColumnType.Boolean, ColumnType.Text) => $"CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {name} END",
        (_, ColumnType.Text) => $"CAST({name} AS TEXT)",
        _ => $"CAST({name} AS REAL)",
    };
}

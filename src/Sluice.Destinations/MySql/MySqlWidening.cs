using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;

namespace Sluice.Destinations.MySql;

/// <summary>
/// Gives columns another type. The values go into new columns first, which then take the place of the old ones in one statement: whoever reads sees
/// the old columns or the new ones, and a crash in between leaves columns that the next attempt drops.
/// </summary>
internal static class MySqlWidening
{
    private const string Made = "_sluice_wider_";

    public static async Task RunAsync(
        DbSession session, MySqlDialect sql, string table, IReadOnlyList<MySqlColumn> live, IReadOnlyList<Widening> columns, CancellationToken cancel)
    {
        var leftovers = live
            .Where(column => column.Name.StartsWith(Made, StringComparison.Ordinal))
            .Select(column => $"DROP COLUMN {sql.Quote(column.Name)}");
        var added = columns.Select((column, place) => $"ADD COLUMN {Name(place)} {sql.Type(column.To, column.IsKey)}");
        await session.RunAsync($"ALTER TABLE {table} {string.Join(", ", leftovers.Concat(added))}", cancel);
        var values = columns.Select((column, place) => $"{Name(place)} = {Value(sql.Quote(column.Column), column)}");
        await session.RunAsync($"UPDATE {table} SET {string.Join(", ", values)}", cancel);

        // The last one first: several that stood side by side come behind the same column.
        var exchanged = columns
            .Select((column, place) => (column, place))
            .OrderByDescending(one => PlaceOf(live, one.column.Column))
            .Select(one =>
                $"DROP COLUMN {sql.Quote(one.column.Column)}, CHANGE COLUMN {Name(one.place)} {sql.Quote(one.column.Column)} " +
                    $"{sql.Type(one.column.To, one.column.IsKey)}{After(sql, live, columns, one.column.Column)}");
        await session.RunAsync($"ALTER TABLE {table} {string.Join(", ", exchanged)}", cancel);
    }

    private static string Name(int place) => FormattableString.Invariant($"{Made}{place}");

    // Where it was: behind the nearest column that stays.
    private static string After(MySqlDialect sql, IReadOnlyList<MySqlColumn> live, IReadOnlyList<Widening> columns, string column)
    {
        var before = live.Take(PlaceOf(live, column)).LastOrDefault(one =>
            !one.Name.StartsWith(Made, StringComparison.Ordinal)
            && !columns.Any(other => other.Column.Equals(one.Name, StringComparison.OrdinalIgnoreCase)));
        return before is null ? " FIRST" : $" AFTER {sql.Quote(before.Name)}";
    }

    private static int PlaceOf(IReadOnlyList<MySqlColumn> live, string column) =>
        live.TakeWhile(one => !one.Name.Equals(column, StringComparison.OrdinalIgnoreCase)).Count();

    private static string Value(string name, Widening column) => (column.From, column.To) switch
    {
        (ColumnType.Boolean, ColumnType.Text) => $"CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END",

        // As DuckDB writes times.
        (ColumnType.Timestamp, ColumnType.Text) =>
            $"concat(CASE WHEN {name} LIKE '%.%' THEN trim(TRAILING '.' FROM trim(TRAILING '0' FROM {name})) ELSE {name} END, '+00')",
        _ => name,
    };
}

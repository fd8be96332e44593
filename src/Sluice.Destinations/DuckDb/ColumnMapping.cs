using System.Globalization;
using Sluice.DuckDb;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.DuckDb;

/// <summary>
/// Remembers in <c>_sluice_columns</c> which column a field was given, for the live table and, under its name, for the one aside:
/// names that differ only by case would otherwise change places with the order in which they come.
/// </summary>
internal sealed class ColumnMapping(DuckDBConnection connection, LoadTarget target, LoadSql sql)
{
    private readonly string _table = BookKeeping.Name(connection.Database, target.Schema, BookKeeping.Columns);
    private readonly string _aside = LoadSql.AsideName(target);

    /// <summary>What is known of the live table and of what is staged; columns made for a field come first.</summary>
    public async Task<IReadOnlyList<KnownColumn>> ReadAsync(CancellationToken cancel)
    {
        var live = await TableColumns.ReadAsync(connection, target.Schema, target.Table, cancel);
        var known = new List<KnownColumn>();
        foreach (var (table, field, name, type) in await RowsAsync(cancel))
        {
            var column = new KnownColumn(field, name, SqlType.Parse(live.GetValueOrDefault(name, type)))
            {
                InTable = live.TryGetValue(name, out var inTable) ? SqlType.Parse(inTable) : null,
                IsMapped = true,
                IsStaged = table == _aside,
            };
            known.RemoveAll(other => string.Equals(other.Field, field, StringComparison.Ordinal));
            known.Add(column.IsStaged ? column with { Type = SqlType.Parse(type) } : column);
        }

        known = await WithLongIntegersAsync(known, cancel);
        var named = known.Select(column => column.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. known, .. live.Where(column => !named.Contains(column.Key) && !IsOwn(column.Key)).Select(column => SameName(column.Key, column.Value))];
    }

    /// <summary>Notes the columns of the table aside.</summary>
    public async Task StageAsync(IReadOnlyList<TableColumn> columns, CancellationToken cancel)
    {
        foreach (var column in columns.Where(column => column.Origin != ColumnOrigin.Catalog))
        {
            (string, object?)[] values =
            [
                ("table", _aside), ("field", column.Field), ("name", column.Name), ("type", SqlType.Of(column.Type)), ("run", target.RunId), ("at", target.LoadedAt),
            ];
            await connection.RunAsync($"DELETE FROM {_table} WHERE table_name = $table AND field IS NOT DISTINCT FROM $field", cancel, values[..2]);
            await connection.RunAsync($"INSERT INTO {_table} VALUES ($table, $field, $name, $type, $run, $at)", cancel, values);
        }
    }

    public Task ForgetStagedAsync(CancellationToken cancel) => connection.RunAsync($"DELETE FROM {_table} WHERE table_name = $aside", cancel, ("aside", _aside));

    /// <summary>Makes what was noted for the table aside good for the live table; a field that was known keeps the run that added it.</summary>
    public async Task KeepAsync(CancellationToken cancel)
    {
        await connection.RunAsync(
            $"""
            UPDATE {_table} AS old SET column_name = new.column_name, column_type = new.column_type FROM {_table} AS new
            WHERE old.table_name = $table AND new.table_name = $aside AND old.field IS NOT DISTINCT FROM new.field
            """,
            cancel,
            ("table", target.Table),
            ("aside", _aside));
        await connection.RunAsync(
            $"""
            INSERT INTO {_table} SELECT $table, field, column_name, column_type, run_id, added_at FROM {_table} AS new WHERE table_name = $aside
              AND NOT EXISTS (FROM {_table} AS old WHERE old.table_name = $table AND old.field IS NOT DISTINCT FROM new.field)
            """,
            cancel,
            ("table", target.Table),
            ("aside", _aside));
        await ForgetStagedAsync(cancel);
    }

    private Task<IReadOnlyList<(string Table, string? Field, string Name, string Type)>> RowsAsync(CancellationToken cancel) => connection.ListAsync(
        $"SELECT table_name, field, column_name, column_type FROM {_table} WHERE table_name IN ($table, $aside) ORDER BY table_name = $aside, rowid",
        row => (row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetString(2), row.GetString(3)),
        cancel,
        ("table", target.Table),
        ("aside", _aside));

    private async Task<List<KnownColumn>> WithLongIntegersAsync(List<KnownColumn> known, CancellationToken cancel)
    {
        var integers = known.Where(column => column.InTable == ColumnType.Bigint).ToList();
        if (integers.Count == 0)
        {
            return known;
        }

        var largest = SqlType.LargestExactInDouble.ToString(CultureInfo.InvariantCulture);
        var asked = integers.Select(column => $"coalesce(bool_or({BookKeeping.Quote(column.Name)} NOT BETWEEN -{largest} AND {largest}), false)");
        var flags = await connection.ListAsync(
            $"SELECT {string.Join(", ", asked)} FROM {sql.Live}", row => integers.Select((_, place) => row.GetBoolean(place)).ToList(), cancel);
        var holding = integers.Where((_, place) => flags[0][place]).Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        return [.. known.Select(column => column with { HoldsLongIntegers = holding.Contains(column.Name) })];
    }

    // Files from before the mapping was kept, and columns that somebody added: what they hold is not known.
    private static KnownColumn SameName(string name, string type) =>
        new(name, name, SqlType.Parse(type)) { InTable = SqlType.Parse(type), HoldsLongIntegers = true };

    private static bool IsOwn(string name) =>
        name.StartsWith("_sluice_", StringComparison.OrdinalIgnoreCase) || name.Equals(TableColumn.ExtraName, StringComparison.OrdinalIgnoreCase);
}

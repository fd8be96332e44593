using System.Text.Json;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.Relational;

/// <summary>Which column each field of a table was given.</summary>
internal static class ColumnsTable
{
    private const string AsJson = "json:";

    public static Task<IReadOnlyList<MappedColumn>> ReadAsync(Session session, string schema, string table, CancellationToken cancel) => session.ListAsync(
        $"SELECT field, column_name, column_type, run_id, added_at FROM {Name(session, schema)} WHERE table_name = {session.Words.Parameter("table")} ORDER BY added_at, column_name",
        row => new MappedColumn(row.IsDBNull(0) ? null : FieldOf(row.GetString(0)), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4)),
        cancel,
        ("table", table));

    /// <summary>Puts what is staged beside what is known, in the session's transaction.</summary>
    public static async Task MergeAsync(Session session, string schema, string table, IReadOnlyList<MappedColumn> staged, CancellationToken cancel)
    {
        var known = await ReadAsync(session, schema, table, cancel);
        var merged = ColumnMapping.Merge(known, staged);
        if (merged.SequenceEqual(known))
        {
            return;
        }

        var sql = session.Words;
        await session.RunAsync($"DELETE FROM {Name(session, schema)} WHERE table_name = {sql.Parameter("table")}", cancel, ("table", table));
        foreach (var column in merged)
        {
            await session.RunAsync(
                $"INSERT INTO {Name(session, schema)} (table_name, field, column_name, column_type, run_id, added_at) VALUES " +
                $"({sql.Parameter("table")}, {sql.Parameter("field")}, {sql.Parameter("name")}, {sql.Parameter("type")}, {sql.Parameter("run")}, {sql.Parameter("at")})",
                cancel,
                ("table", table),
                ("field", column.Field is { } field ? Written(field) : null),
                ("name", column.Column),
                ("type", column.Type),
                ("run", column.RunId),
                ("at", column.AddedAt));
        }
    }

    // A field can be called anything, but few databases have U+0000 in a text.
    private static string Written(string field) => field.Contains('\0', StringComparison.Ordinal) || field.StartsWith(AsJson, StringComparison.Ordinal)
        ? AsJson + JsonSerializer.Serialize(field, LedgerJson.Default.String)
        : field;

    private static string FieldOf(string written) =>
        written.StartsWith(AsJson, StringComparison.Ordinal) ? JsonSerializer.Deserialize(written[AsJson.Length..], LedgerJson.Default.String)! : written;

    private static string Name(Session session, string schema) => session.Words.Table(schema, BookTables.Columns);
}

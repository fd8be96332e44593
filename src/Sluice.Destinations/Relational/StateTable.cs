using System.Data.Common;
using Sluice.Engine.State;

namespace Sluice.Destinations.Relational;

/// <summary>How far each table is.</summary>
internal static class StateTable
{
    /// <summary>The states of the tables that are there.</summary>
    public static async Task<IReadOnlyList<TableState>> ReadAsync(Session session, string schema, CancellationToken cancel)
    {
        var tables = await session.Words.TablesAsync(session, schema, cancel);
        if (!tables.Contains(BookTables.State))
        {
            return [];
        }

        var states = await session.ListAsync($"SELECT table_name, source, read_until, parents, run_id FROM {Name(session, schema)} ORDER BY table_name", State, cancel);
        return [.. states.Where(state => tables.Contains(state.Table))];
    }

    /// <summary>Replaces a table's state inside the session's transaction.</summary>
    public static async Task WriteAsync(Session session, string schema, TableState state, DateTimeOffset at, CancellationToken cancel)
    {
        var sql = session.Words;
        await session.RunAsync($"DELETE FROM {Name(session, schema)} WHERE table_name = {sql.Parameter("table")}", cancel, ("table", state.Table));
        await session.RunAsync(
            $"INSERT INTO {Name(session, schema)} (table_name, source, read_until, parents, run_id, updated_at) VALUES ({sql.Parameter("table")}, {sql.Parameter("source")}, " +
            $"{sql.Parameter("until")}, {sql.JsonParameter("parents")}, {sql.Parameter("run")}, {sql.Parameter("at")})",
            cancel,
            ("table", state.Table),
            ("source", state.Source),
            ("until", state.Until),
            ("parents", ParentMarks.Write(state.Parents)),
            ("run", state.RunId),
            ("at", at));
    }

    public static async Task<int> ResetAsync(Session session, string schema, string? table, CancellationToken cancel) => (int)(table is null
        ? await session.RunAsync($"DELETE FROM {Name(session, schema)}", cancel)
        : await session.RunAsync($"DELETE FROM {Name(session, schema)} WHERE table_name = {session.Words.Parameter("table")}", cancel, ("table", table)));

    private static TableState State(DbDataReader row) => new()
    {
        Table = row.GetString(0),
        Source = row.GetString(1),
        Until = row.GetFieldValue<DateTimeOffset>(2),
        Parents = ParentMarks.Read(row.GetString(3)),
        RunId = row.IsDBNull(4) ? null : row.GetString(4),
    };

    private static string Name(Session session, string schema) => session.Words.Table(schema, BookTables.State);
}

using Sluice.Engine.Catalog;

namespace Sluice.Destinations.Relational;

/// <summary>The tables that Sluice keeps beside the data of a schema.</summary>
internal static class BookTables
{
    public const string Runs = "_sluice_runs";
    public const string State = "_sluice_state";
    public const string Ledger = "_sluice_ledger";
    public const string Rejects = "_sluice_rejects";
    public const string Columns = "_sluice_columns";

    private const ColumnType Text = ColumnType.Text;
    private const ColumnType Time = ColumnType.Timestamp;
    private const ColumnType Number = ColumnType.Bigint;
    private const ColumnType Json = ColumnType.Json;

    private static readonly (string Name, (string Name, ColumnType Type)[] Columns)[] All =
    [
        (Runs, [("run_id", Text), ("started_at", Time), ("ended_at", Time), ("exit_code", Number), ("requests", Number), ("report", Json)]),
        (State, [("table_name", Text), ("source", Text), ("read_until", Time), ("parents", Json), ("run_id", Text), ("updated_at", Time)]),
        (Ledger,
        [
            ("table_name", Text), ("source", Text), ("load_id", Text), ("run_id", Text), ("expected", Number), ("expected_by", Text), ("fetched", Number), ("doubled", Number),
            ("left_out", Number), ("loaded", Number), ("unchanged", Number), ("rejected", Number), ("skipped", Number), ("deleted", Number), ("returned", Number),
            ("table_rows", Number), ("reasons", Json), ("committed_at", Time),
        ]),
        (Rejects,
        [
            ("table_name", Text), ("record_key", Json), ("column_name", Text), ("raw_value", Text), ("load_id", Text), ("run_id", Text), ("rejected_at", Time),
        ]),
        (Columns, [("table_name", Text), ("field", Text), ("column_name", Text), ("column_type", Text), ("run_id", Text), ("added_at", Time)]),
    ];

    /// <summary>The columns of the rejects, as they are written.</summary>
    public static IReadOnlyList<LoadColumn> RejectColumns { get; } =
        [.. All.First(table => table.Name == Rejects).Columns.Select(column => new LoadColumn(column.Name, column.Type == Json ? Text : column.Type, column.Name))];

    /// <summary>Makes the schema and those of the tables that are not there.</summary>
    public static async Task CreateAsync(Session session, string schema, CancellationToken cancel)
    {
        var there = await session.Words.TablesAsync(session, schema, cancel);
        var missing = All.Where(table => !there.Contains(table.Name)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        await session.Words.CreateSchemaAsync(session, schema, cancel);
        foreach (var (name, columns) in missing)
        {
            var defined = columns.Select(column => $"{column.Name} {session.Words.BookType(column.Type)}");
            await session.RunAsync($"CREATE TABLE IF NOT EXISTS {session.Words.Table(schema, name)} ({string.Join(", ", defined)})", cancel);
        }
    }
}

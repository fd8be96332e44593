using Sluice.Destinations.Staging;

namespace Sluice.Destinations.ClickHouse;

/// <summary>The tables that Sluice keeps beside the data. Writing a row of theirs a second time changes nothing: the newest row of a key counts.</summary>
internal static class SystemTables
{
    public const string Runs = "_sluice_runs";
    public const string State = "_sluice_state";
    public const string Ledger = "_sluice_ledger";
    public const string Rejects = StageTables.Rejects;
    public const string Columns = StageTables.Columns;

    /// <summary>The commit markers: what is about to become visible.</summary>
    public const string Loads = StageTables.Loads;

    private const string Key = "String";
    private const string Number = "UInt64";

    public static IReadOnlyList<ClickHouseColumn> RejectColumns { get; } =
    [
        Text("table_name", Key), Text("record_key"), Text("column_name"), Text("raw_value"), Text("load_id", Key), Text("run_id"), .. Instants("rejected_at"),
        Text(ClickHouseTable.Row, Number),
    ];

    private static IReadOnlyList<ClickHouseColumn> LedgerColumns { get; } =
    [
        Text("table_name", Key), Text("source"), Text("load_id", Key), Text("run_id"), .. Numbers("expected"), Text("expected_by"),
        .. Numbers("fetched", "doubled", "left_out", "loaded", "unchanged", "rejected", "skipped", "deleted", "returned", "table_rows"),
        Text("reasons"), .. Instants("committed_at"),
    ];

    public static IEnumerable<string> Create(ClickHouseDatabase database)
    {
        string Define(string table, string key, string newest, IReadOnlyList<ClickHouseColumn> columns) =>
            database.Ddl.CreateSystemTable(database.Schema.Name(table), columns, key, newest);
        yield return Define(
            Runs, "run_id", "", [Text("run_id", Key), .. Instants("started_at", "ended_at"), .. Numbers("exit_code", "requests"), Text("report")]);
        yield return Define(
            State, "table_name", ClickHouseTable.Version,
            [
                Text("table_name", Key), Text("source"), .. Instants("read_until"), Text("parents"), Text("run_id"), .. Instants("updated_at"),
                Text(ClickHouseTable.Version, Number),
            ]);
        yield return Define(Ledger, "table_name, load_id", "", LedgerColumns);
        yield return Define(Rejects, $"table_name, load_id, {ClickHouseTable.Row}", "", RejectColumns);
        yield return Define(
            Columns, $"table_name, {ClickHouseTable.Row}", ClickHouseTable.Version,
            [
                Text("table_name", Key), Text("field"), Text("column_name"), Text("column_type"), Text("run_id"), .. Instants("added_at"),
                Text(ClickHouseTable.Row, Number), Text(ClickHouseTable.Version, Number),
            ]);
        yield return Define(
            Loads, "table_name", ClickHouseTable.Version,
            [Text("table_name", Key), Text("load_id", Key), Text("note"), .. Instants("noted_at"), Text(ClickHouseTable.Version, Number)]);
    }

    private static ClickHouseColumn Text(string name, string type = ClickHouseType.Text) => new(name, type);

    private static IEnumerable<ClickHouseColumn> Numbers(params string[] names) => names.Select(name => new ClickHouseColumn(name, ClickHouseType.Bigint));

    private static IEnumerable<ClickHouseColumn> Instants(params string[] names) => names.Select(name => new ClickHouseColumn(name, ClickHouseType.Instant));
}

using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.ClickHouse;

/// <summary>The tables that Sluice keeps beside the data. Writing a row of theirs a second time changes nothing: the newest row of a key counts.</summary>
internal static class BookTables
{
    public const string Runs = "_sluice_runs";
    public const string State = "_sluice_state";
    public const string Ledger = "_sluice_ledger";
    public const string Rejects = StagingTables.Rejects;
    public const string Columns = StagingTables.Columns;

    /// <summary>The notes of loads that are about to become visible.</summary>
    public const string Loads = StagingTables.Loads;

    private const string Key = "String";
    private const string Number = "UInt64";

    public static IEnumerable<string> Create(ClickHousePlace place)
    {
        var instant = ClickHouseType.Of(Engine.Catalog.ColumnType.Timestamp, place.Client.Version);
        yield return Define(place, Runs, "run_id", "", [Text("run_id", Key), .. Instants(instant, "started_at", "ended_at"), .. Numbers("exit_code", "requests"), Text("report")]);
        yield return Define(
            place, State, "table_name", ClickHouseTable.Version,
            [Text("table_name", Key), Text("source"), .. Instants(instant, "read_until"), Text("parents"), Text("run_id"), .. Instants(instant, "updated_at"), Text(ClickHouseTable.Version, Number)]);
        yield return Define(place, Ledger, "table_name, load_id", "", LedgerColumns(instant));
        yield return Define(place, Rejects, $"table_name, load_id, {ClickHouseTable.Row}", "", [.. RejectColumns(instant)]);
        yield return Define(
            place, Columns, $"table_name, {ClickHouseTable.Row}", ClickHouseTable.Version,
            [
                Text("table_name", Key), Text("field"), Text("column_name"), Text("column_type"), Text("run_id"), .. Instants(instant, "added_at"),
                Text(ClickHouseTable.Row, Number), Text(ClickHouseTable.Version, Number),
            ]);
        yield return Define(
            place, Loads, "table_name", ClickHouseTable.Version,
            [Text("table_name", Key), Text("load_id", Key), Text("note"), .. Instants(instant, "noted_at"), Text(ClickHouseTable.Version, Number)]);
    }

    public static IReadOnlyList<ClickHouseColumn> RejectColumns(string instant) =>
    [
        Text("table_name", Key), Text("record_key"), Text("column_name"), Text("raw_value"), Text("load_id", Key), Text("run_id"), .. Instants(instant, "rejected_at"), Text(ClickHouseTable.Row, Number),
    ];

    private static IReadOnlyList<ClickHouseColumn> LedgerColumns(string instant) =>
    [
        Text("table_name", Key), Text("source"), Text("load_id", Key), Text("run_id"), .. Numbers("expected"), Text("expected_by"),
        .. Numbers("fetched", "doubled", "left_out", "loaded", "unchanged", "rejected", "skipped", "deleted", "returned", "table_rows"),
        Text("reasons"), .. Instants(instant, "committed_at"),
    ];

    private static string Define(ClickHousePlace place, string table, string key, string newest, IReadOnlyList<ClickHouseColumn> columns) =>
        place.Ddl.CreateBook(place.Schema.Name(table), columns, key, newest);

    private static ClickHouseColumn Text(string name, string type = ClickHouseType.Text) => new(name, type);

    private static IEnumerable<ClickHouseColumn> Numbers(params string[] names) => names.Select(name => new ClickHouseColumn(name, ClickHouseType.Bigint));

    private static IEnumerable<ClickHouseColumn> Instants(string type, params string[] names) => names.Select(name => new ClickHouseColumn(name, type));
}

using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// The tables that Sluice keeps beside the data. Writing a row of theirs a second time changes nothing: the newest row of a key counts.
/// </summary>
internal static class SystemTables
{
    /// <summary>The commit markers: what is about to become visible.</summary>
    public const string Loads = StagingTables.Loads;

    private const string Key = "String";
    private const string Number = "UInt64";

    public static IReadOnlyList<ClickHouseColumn> RejectColumns { get; } = [.. Columns(SystemTable.Rejects, "table_name", "load_id"), Row];

    public static IReadOnlyList<ClickHouseColumn> MappingColumns { get; } = [.. Columns(SystemTable.Mapping, "table_name"), Row, Version];

    private static ClickHouseColumn Row => new(ClickHouseTable.Row, Number);

    private static ClickHouseColumn Version => new(ClickHouseTable.Version, Number);

    public static IEnumerable<string> Create(ClickHouseDatabase database)
    {
        string Define(string table, string key, string newest, IEnumerable<ClickHouseColumn> columns) =>
            database.Ddl.CreateSystemTable(database.Schema.Name(table), [.. columns], key, newest);
        yield return Define(SystemTable.Runs.Name, "run_id", "", Columns(SystemTable.Runs, "run_id"));
        yield return Define(SystemTable.State.Name, "table_name", ClickHouseTable.Version, [.. Columns(SystemTable.State, "table_name"), Version]);
        yield return Define(SystemTable.Ledger.Name, "table_name, load_id", "", Columns(SystemTable.Ledger, "table_name", "load_id"));
        yield return Define(SystemTable.Rejects.Name, $"table_name, load_id, {ClickHouseTable.Row}", "", RejectColumns);
        yield return Define(
            SystemTable.Mapping.Name,
            $"table_name, {ClickHouseTable.Row}",
            ClickHouseTable.Version,
            MappingColumns);
        yield return Define(
            Loads, "table_name", ClickHouseTable.Version,
            [new("table_name", Key), new("load_id", Key), new("note", ClickHouseType.Text), new("noted_at", ClickHouseType.Instant), Version]);
    }

    private static IEnumerable<ClickHouseColumn> Columns(SystemTable table, params string[] key) =>
        table.Columns.Select(column => new ClickHouseColumn(
            column.Name,
            column.Type switch
            {
                ColumnType.Bigint => ClickHouseType.Bigint,
                ColumnType.Timestamp => ClickHouseType.Instant,
                _ => key.Contains(column.Name, StringComparer.Ordinal) ? Key : ClickHouseType.Text,
            }));
}

using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;

namespace Sluice.Destinations.ClickHouse;

/// <summary>The tables that Sluice keeps beside the data. Writing a row of theirs a second time changes nothing: the newest row of a key counts.</summary>
internal static class BookTables
{
    /// <summary>The notes of loads that are about to become visible.</summary>
    public const string Loads = StagingTables.Loads;

    private const string Key = "String";
    private const string Number = "UInt64";

    public static IEnumerable<string> Create(ClickHousePlace place)
    {
        var instant = ClickHouseType.Of(ColumnType.Timestamp, place.Client.Version);
        yield return Define(place, SystemTable.Runs.Name, "run_id", "", Columns(SystemTable.Runs, instant, "run_id"));
        yield return Define(place, SystemTable.State.Name, "table_name", ClickHouseTable.Version, [.. Columns(SystemTable.State, instant, "table_name"), Version]);
        yield return Define(place, SystemTable.Ledger.Name, "table_name, load_id", "", Columns(SystemTable.Ledger, instant, "table_name", "load_id"));
        yield return Define(place, SystemTable.Rejects.Name, $"table_name, load_id, {ClickHouseTable.Row}", "", RejectColumns(instant));
        yield return Define(
            place, SystemTable.Mapping.Name, $"table_name, {ClickHouseTable.Row}", ClickHouseTable.Version, [.. Columns(SystemTable.Mapping, instant, "table_name"), Row, Version]);
        yield return Define(
            place, Loads, "table_name", ClickHouseTable.Version, [new("table_name", Key), new("load_id", Key), new("note", ClickHouseType.Text), new("noted_at", instant), Version]);
    }

    public static IReadOnlyList<ClickHouseColumn> RejectColumns(string instant) => [.. Columns(SystemTable.Rejects, instant, "table_name", "load_id"), Row];

    private static ClickHouseColumn Row => new(ClickHouseTable.Row, Number);

    private static ClickHouseColumn Version => new(ClickHouseTable.Version, Number);

    private static IReadOnlyList<ClickHouseColumn> Columns(SystemTable table, string instant, params string[] key) =>
    [
        .. table.Columns.Select(column => new ClickHouseColumn(column.Name, column.Type switch
        {
            ColumnType.Bigint => ClickHouseType.Bigint,
            ColumnType.Timestamp => instant,
            _ => key.Contains(column.Name, StringComparer.Ordinal) ? Key : ClickHouseType.Text,
        })),
    ];

    private static string Define(ClickHousePlace place, string table, string key, string newest, IReadOnlyList<ClickHouseColumn> columns) =>
        place.Ddl.CreateBook(place.Schema.Name(table), columns, key, newest);
}

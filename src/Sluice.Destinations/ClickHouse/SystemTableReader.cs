using System.Data.Common;
using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.State;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Reads the system tables, which are there.</summary>
internal sealed class SystemTableReader(ClickHouseDatabase database)
{
    public async Task<IReadOnlyList<TableState>> StatesAsync(CancellationToken cancel) =>
        [.. (await ReadAsync(SystemTable.State, "WHERE isNotNull(read_until) ORDER BY table_name", cancel)).Select(row => row.State)];

    public Task<IReadOnlyList<RunRecord>> RunsAsync(int most, CancellationToken cancel) =>
        ReadAsync(
            SystemTable.Runs,
            "ORDER BY started_at DESC, run_id DESC LIMIT {most:UInt32}",
            cancel,
            ("most", most.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    public Task<IReadOnlyList<LedgerRow>> LedgerAsync(CancellationToken cancel) => ReadAsync(SystemTable.Ledger, "", cancel);

    /// <summary>What a load did that is committed already; null when it is not.</summary>
    public async Task<LoadResult?> CommittedAsync(LoadTarget target, CancellationToken cancel)
    {
        var found = await ReadAsync(
            SystemTable.Ledger,
            "WHERE table_name = {table:String} AND load_id = {load:String}",
            cancel,
            ("table", target.Table),
            ("load", target.LoadId));
        return found.Count == 0 ? null : found[0].Result;
    }

    /// <summary>How many loads of what was read have been committed into a table.</summary>
    public Task<long> EpochAsync(string table, CancellationToken cancel) => database.Server.CountAsync(
        $"SELECT count() FROM {Newest(SystemTable.Ledger.Name)} WHERE table_name = {{table:String}} AND source != {{feed:String}}",
        cancel,
        ("table", table),
        ("feed", LedgerLine.OfWebhooks));

    /// <summary>The markers of loads that no ledger has.</summary>
    public Task<IReadOnlyList<CommitMarker>> UnrecordedAsync(CancellationToken cancel) =>
        database.Server.ListAsync(
            $"SELECT note FROM {Newest(SystemTables.Loads)} WHERE (table_name, load_id) NOT IN (SELECT table_name, load_id FROM " +
                $"{database.Schema.Name(SystemTable.Ledger.Name)})",
            row => JsonSerializer.Deserialize(row.GetString(0), CommitMarkerJson.Default.CommitMarker)!,
            cancel);

    /// <summary>Who has written a table's newest marker; null when there is none.</summary>
    public async Task<string?> OwnerAsync(string table, CancellationToken cancel)
    {
        var owners = await database.Server.ListAsync(
            $"SELECT JSONExtractString(assumeNotNull(note), '{nameof(CommitMarker.Owner)}') FROM {Newest(SystemTables.Loads)} WHERE table_name " +
                $"= {{table:String}}",
            row => row.GetString(0), cancel, ("table", table));
        return owners.Count == 0 ? null : owners[0];
    }

    /// <summary>The highest number that any load of the table has had, or that a state has which was set by hand.</summary>
    public async Task<long> LastVersionAsync(string table, CancellationToken cancel)
    {
        var last = 0L;
        foreach (var name in (string[])[SystemTables.Loads, SystemTable.State.Name])
        {
            last = Math.Max(
                last,
                await database.Server.CountAsync(
                    $"SELECT max({ClickHouseTable.Version}) FROM {database.Schema.Name(name)} WHERE table_name = {{table:String}}",
                    cancel,
                    ("table", table)));
        }

        return last;
    }

    public async Task<IReadOnlyList<MappedColumn>> MappingAsync(string table, CancellationToken cancel) =>
        [
            .. (
                await ReadAsync(SystemTable.Mapping, $"WHERE table_name = {{table:String}} ORDER BY {ClickHouseTable.Row}", cancel, ("table", table))
            ).Select(row => row.Column),
        ];

    /// <summary>The mapping of all tables; it may be of an earlier version and lack columns.</summary>
    public async Task<IReadOnlyList<ColumnRow>> ColumnsAsync(CancellationToken cancel)
    {
        var there = await database.ReadAsync(SystemTable.Mapping.Name, cancel);
        var names = SystemTable.Mapping.Columns.Select(column => there?.Has(column.Name) == true ? column.Name : $"NULL AS {column.Name}");
        return await ReadAsync(SystemTable.Mapping, names, $"ORDER BY table_name, {ClickHouseTable.Row}", cancel);
    }

    private Task<IReadOnlyList<T>> ReadAsync<T>(
        SystemTable<T> table,
        string rest,
        CancellationToken cancel,
        params (string Name, string Value)[] values
    ) => ReadAsync(table, table.Columns.Select(column => column.Name), rest, cancel, values);

    private Task<IReadOnlyList<T>> ReadAsync<T>(
        SystemTable<T> table,
        IEnumerable<string> columns,
        string rest,
        CancellationToken cancel,
        params (string Name, string Value)[] values
    ) =>
        database.Server.ListAsync(
            $"SELECT {string.Join(", ", columns)} FROM {Newest(table.Name)} {rest}",
            row => table.Parse(database.Schema.Name(table.Name), (place, type) => ValueOf(row, place, type)),
            cancel,
            values);

    private static object? ValueOf(DbDataReader row, int place, ColumnType type) => row.IsDBNull(place) ? null : type switch
    {
        ColumnType.Bigint => row.GetInt64(place),
        ColumnType.Timestamp => new DateTimeOffset(row.GetDateTime(place), TimeSpan.Zero),
        _ => row.GetString(place),
    };

    private string Newest(string name) => $"{database.Schema.Name(name)} FINAL";
}

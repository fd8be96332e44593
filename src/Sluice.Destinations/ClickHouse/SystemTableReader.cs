using System.Data.Common;
using System.Text.Json;
using Sluice.Destinations.Staging;
using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Reads the system tables, which are there.</summary>
internal sealed class SystemTableReader(ClickHouseDatabase database)
{
    public Task<IReadOnlyList<TableState>> StatesAsync(CancellationToken cancel) => database.Server.ListAsync(
        $"SELECT table_name, source, read_until, parents, run_id FROM {Newest(SystemTables.State)} WHERE isNotNull(read_until) ORDER BY table_name",
        row => new TableState
        {
            Table = row.GetString(0),
            Source = row.GetString(1),
            Until = Time(row, 2),
            Parents = ParentMarks.Read(row.GetString(3)),
            RunId = Text(row, 4),
        },
        cancel);

    public Task<IReadOnlyList<RunRecord>> RunsAsync(int most, CancellationToken cancel) => database.Server.ListAsync(
        $"SELECT run_id, started_at, ended_at, exit_code, requests, report FROM {Newest(SystemTables.Runs)} ORDER BY started_at DESC, run_id DESC LIMIT {{most:UInt32}}",
        row => new RunRecord(row.GetString(0), Time(row, 1), Time(row, 2), (int)row.GetInt64(3), row.GetInt64(4), row.GetString(5)),
        cancel,
        ("most", most.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    /// <summary>What a load did that is committed already; null when it is not.</summary>
    public async Task<LoadResult?> CommittedAsync(LoadTarget target, CancellationToken cancel)
    {
        var found = await database.Server.ListAsync(
            $"SELECT loaded, unchanged, doubled, rejected, deleted, returned, table_rows FROM {Newest(SystemTables.Ledger)} WHERE table_name = {{table:String}} AND load_id = {{load:String}}",
            row => new LoadResult
            {
                Loaded = row.GetInt64(0),
                Unchanged = row.GetInt64(1),
                Doubled = row.GetInt64(2),
                Rejected = row.GetInt64(3),
                Deleted = row.GetInt64(4),
                Returned = row.GetInt64(5),
                TableRows = row.GetInt64(6),
            },
            cancel, ("table", target.Table), ("load", target.LoadId));
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>The markers of loads that no ledger has.</summary>
    public Task<IReadOnlyList<CommitMarker>> UnrecordedAsync(CancellationToken cancel) => database.Server.ListAsync(
        $"SELECT note FROM {Newest(SystemTables.Loads)} WHERE (table_name, load_id) NOT IN (SELECT table_name, load_id FROM {database.Schema.Name(SystemTables.Ledger)})",
        row => JsonSerializer.Deserialize(row.GetString(0), CommitMarkerJson.Default.CommitMarker)!,
        cancel);

    /// <summary>Who has written a table's newest marker; null when there is none.</summary>
    public async Task<string?> OwnerAsync(string table, CancellationToken cancel)
    {
        var owners = await database.Server.ListAsync(
            $"SELECT JSONExtractString(assumeNotNull(note), '{nameof(CommitMarker.Owner)}') FROM {Newest(SystemTables.Loads)} WHERE table_name = {{table:String}}",
            row => row.GetString(0), cancel, ("table", table));
        return owners.Count == 0 ? null : owners[0];
    }

    /// <summary>The highest number that any load of the table has had, or that a state has which was set by hand.</summary>
    public async Task<long> LastVersionAsync(string table, CancellationToken cancel)
    {
        var last = 0L;
        foreach (var name in (string[])[SystemTables.Loads, SystemTables.State])
        {
            last = Math.Max(last, await database.Server.CountAsync(
                $"SELECT max({ClickHouseTable.Version}) FROM {database.Schema.Name(name)} WHERE table_name = {{table:String}}", cancel, ("table", table)));
        }

        return last;
    }

    public Task<IReadOnlyList<MappedColumn>> MappingAsync(string table, CancellationToken cancel) => database.Server.ListAsync(
        $"SELECT field, column_name, column_type, run_id, added_at FROM {Newest(SystemTables.Columns)} WHERE table_name = {{table:String}} ORDER BY {ClickHouseTable.Row}",
        row => new MappedColumn(Text(row, 0), row.GetString(1), row.GetString(2), row.GetString(3), Time(row, 4)),
        cancel, ("table", table));

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset Time(DbDataReader row, int column) => new(row.GetDateTime(column), TimeSpan.Zero);

    private string Newest(string name) => $"{database.Schema.Name(name)} FINAL";
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Writes the system tables: each call is one insert of one block, which is there whole or not at all.</summary>
internal sealed class SystemTableWriter(ClickHouseDatabase database)
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sets a state by hand; the next load's is newer again.</summary>
    public async Task StateAsync(TableState state, DateTimeOffset at, CancellationToken cancel) =>
        await InsertAsync(SystemTable.State.Name, [StateRow(state, at, await NextAsync(cancel))], cancel);

    /// <summary>Sets the state that a load ends with, if it has one.</summary>
    public Task StateAsync(CommitMarker marker, CancellationToken cancel) =>
        InsertAsync(SystemTable.State.Name, marker.State is { } state ? [StateRow(state, marker.LoadedAt, marker.Version)] : [], cancel);

    public async Task ForgetStateAsync(string table, CancellationToken cancel) =>
        await InsertAsync(SystemTable.State.Name, [new() { ["table_name"] = table, [ClickHouseTable.Version] = await NextAsync(cancel) }], cancel);

    public Task RunAsync(RunRecord run, CancellationToken cancel) => InsertAsync(SystemTable.Runs.Name, [Row(SystemTable.Runs, run)], cancel);

    public Task LedgerAsync(CommitMarker marker, LoadResult result, CancellationToken cancel) =>
        InsertAsync(
            SystemTable.Ledger.Name,
            [
                Row(
                    SystemTable.Ledger,
                    new LedgerRow(marker.Table, marker.LoadId, marker.RunId, marker.LoadedAt) { Line = marker.Ledger, Result = result }),
            ],
            cancel);

    public Task MarkerAsync(CommitMarker marker, CancellationToken cancel) => InsertAsync(
        SystemTables.Loads,
        [
            new()
            {
                ["table_name"] = marker.Table,
                ["load_id"] = marker.LoadId,
                ["note"] = JsonSerializer.Serialize(marker, CommitMarkerJson.Default.CommitMarker),
                ["noted_at"] = ClickHouseText.Time(marker.LoadedAt),
                [ClickHouseTable.Version] = marker.Version,
            },
        ],
        cancel);

    public Task MappingAsync(CommitMarker marker, CancellationToken cancel) => InsertAsync(
        SystemTable.Mapping.Name,
        [
            .. marker.Mapping.Select((column, at) => Row(
                SystemTable.Mapping, new ColumnRow(marker.Table, column), (ClickHouseTable.Row, at), (ClickHouseTable.Version, marker.Version))),
        ],
        cancel);

    private static JsonObject StateRow(TableState state, DateTimeOffset at, long version) =>
        Row(SystemTable.State, new StateRow(state, at), (ClickHouseTable.Version, version));

    private static JsonObject Row<T>(SystemTable<T> table, T row, params (string Name, JsonNode? Value)[] more)
    {
        var json = new JsonObject();
        foreach (var column in table.Values)
        {
            json[column.Name] = column.Value(row) switch
            {
                long number => number,
                DateTimeOffset time => ClickHouseText.Time(time),
                var text => (string?)text,
            };
        }

        foreach (var (name, value) in more)
        {
            json[name] = value;
        }

        return json;
    }

    private Task<long> NextAsync(CancellationToken cancel) =>
        database.Server.CountAsync($"SELECT max({ClickHouseTable.Version}) + 1 FROM {database.Schema.Name(SystemTable.State.Name)}", cancel);

    private async Task InsertAsync(string table, IReadOnlyList<JsonObject> rows, CancellationToken cancel)
    {
        if (rows.Count > 0)
        {
            var data = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', rows.Select(row => row.ToJsonString(Json)))));
            await database.Server.InsertAsync($"INSERT INTO {database.Schema.Name(table)} FORMAT JSONEachRow", data, cancel);
        }
    }
}

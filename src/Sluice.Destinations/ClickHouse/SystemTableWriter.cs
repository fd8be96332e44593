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
        await InsertAsync(SystemTables.State, [StateRow(state, at, await NextAsync(cancel))], cancel);

    /// <summary>Sets the state that a load ends with, if it has one.</summary>
    public Task StateAsync(CommitMarker marker, CancellationToken cancel) =>
        InsertAsync(SystemTables.State, marker.State is { } state ? [StateRow(state, marker.LoadedAt, marker.Version)] : [], cancel);

    public async Task ForgetStateAsync(string table, CancellationToken cancel) =>
        await InsertAsync(SystemTables.State, [new() { ["table_name"] = table, [ClickHouseTable.Version] = await NextAsync(cancel) }], cancel);

    public Task RunAsync(RunRecord run, CancellationToken cancel) => InsertAsync(
        SystemTables.Runs,
        [
            new()
            {
                ["run_id"] = run.RunId,
                ["started_at"] = ClickHouseText.Time(run.StartedAt),
                ["ended_at"] = ClickHouseText.Time(run.EndedAt),
                ["exit_code"] = run.ExitCode,
                ["requests"] = run.Requests,
                ["report"] = run.Report,
            },
        ],
        cancel);

    public Task LedgerAsync(CommitMarker marker, LoadResult result, CancellationToken cancel) => InsertAsync(
        SystemTables.Ledger,
        [
            new()
            {
                ["table_name"] = marker.Table,
                ["source"] = marker.Ledger.Source,
                ["load_id"] = marker.LoadId,
                ["run_id"] = marker.RunId,
                ["expected"] = marker.Ledger.Expected,
                ["expected_by"] = marker.Ledger.ExpectedBy,
                ["fetched"] = marker.Ledger.Fetched,
                ["doubled"] = result.Doubled,
                ["left_out"] = marker.Ledger.LeftOut,
                ["loaded"] = result.Loaded,
                ["unchanged"] = result.Unchanged,
                ["rejected"] = result.Rejected,
                ["skipped"] = marker.Ledger.Skipped,
                ["deleted"] = result.Deleted,
                ["returned"] = result.Returned,
                ["table_rows"] = result.TableRows,
                ["reasons"] = JsonSerializer.Serialize(marker.Ledger.Reasons, Relational.LedgerJson.Default.IReadOnlyListString),
                ["committed_at"] = ClickHouseText.Time(marker.LoadedAt),
            },
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
        SystemTables.Columns,
        [
            .. marker.Mapping.Select((column, at) => new JsonObject
            {
                ["table_name"] = marker.Table,
                ["field"] = column.Field,
                ["column_name"] = column.Column,
                ["column_type"] = column.Type,
                ["run_id"] = column.RunId,
                ["added_at"] = ClickHouseText.Time(column.AddedAt),
                [ClickHouseTable.Row] = at,
                [ClickHouseTable.Version] = marker.Version,
            }),
        ],
        cancel);

    private static JsonObject StateRow(TableState state, DateTimeOffset at, long version) => new()
    {
        ["table_name"] = state.Table,
        ["source"] = state.Source,
        ["read_until"] = ClickHouseText.Time(state.Until),
        ["parents"] = ParentMarks.Write(state.Parents),
        ["run_id"] = state.RunId,
        ["updated_at"] = ClickHouseText.Time(at),
        [ClickHouseTable.Version] = version,
    };

    private Task<long> NextAsync(CancellationToken cancel) =>
        database.Server.CountAsync($"SELECT max({ClickHouseTable.Version}) + 1 FROM {database.Schema.Name(SystemTables.State)}", cancel);

    private async Task InsertAsync(string table, IReadOnlyList<JsonObject> rows, CancellationToken cancel)
    {
        if (rows.Count > 0)
        {
            var data = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', rows.Select(row => row.ToJsonString(Json)))));
            await database.Server.InsertAsync($"INSERT INTO {database.Schema.Name(table)} FORMAT JSONEachRow", data, cancel);
        }
    }
}

using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Destinations.Staging;
using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Writes the book-keeping tables: each call is one insert of one block, which is there whole or not at all.</summary>
internal sealed class BookWriter(ClickHousePlace place)
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task StateAsync(TableState state, DateTimeOffset at, CancellationToken cancel) => await InsertAsync(
        BookTables.State, [await StateRowAsync(state.Table, cancel, ("source", state.Source), ("read_until", state.Until), ("parents", ParentMarks.Write(state.Parents)), ("run_id", state.RunId), ("updated_at", at))], cancel);

    public async Task ForgetStateAsync(string table, CancellationToken cancel) => await InsertAsync(BookTables.State, [await StateRowAsync(table, cancel)], cancel);

    public Task RunAsync(RunRecord run, CancellationToken cancel) => InsertAsync(
        BookTables.Runs,
        [[("run_id", run.RunId), ("started_at", run.StartedAt), ("ended_at", run.EndedAt), ("exit_code", (long)run.ExitCode), ("requests", run.Requests), ("report", run.Report)]],
        cancel);

    public Task LedgerAsync(LoadTarget target, LedgerLine line, LoadResult result, CancellationToken cancel) => InsertAsync(
        BookTables.Ledger,
        [
            [
                ("table_name", target.Table), ("source", line.Source), ("load_id", target.LoadId), ("run_id", target.RunId), ("expected", line.Expected), ("expected_by", line.ExpectedBy),
                ("fetched", line.Fetched), ("doubled", result.Doubled), ("left_out", line.LeftOut), ("loaded", result.Loaded), ("unchanged", result.Unchanged), ("rejected", result.Rejected),
                ("skipped", line.Skipped), ("deleted", result.Deleted), ("returned", result.Returned), ("table_rows", result.TableRows),
                ("reasons", JsonSerializer.Serialize(line.Reasons, Relational.LedgerJson.Default.IReadOnlyListString)), ("committed_at", target.LoadedAt),
            ],
        ],
        cancel);

    /// <summary>Notes what a load is about to do, under the number that its rows have.</summary>
    public Task LoadAsync(LoadTarget target, long version, LoadResult result, CancellationToken cancel) => InsertAsync(
        BookTables.Loads,
        [
            [
                ("table_name", target.Table), ("load_id", target.LoadId), ("loaded", result.Loaded), ("unchanged", result.Unchanged), ("deleted", result.Deleted), ("returned", result.Returned),
                ("published_at", target.LoadedAt), (ClickHouseTable.Version, version),
            ],
        ],
        cancel);

    public async Task MappingAsync(string table, IReadOnlyList<MappedColumn> columns, CancellationToken cancel)
    {
        var version = await NextAsync(BookTables.Columns, cancel);
        await InsertAsync(
            BookTables.Columns,
            [.. columns.Select((column, at) => new (string, object?)[]
            {
                ("table_name", table), ("field", column.Field), ("column_name", column.Column), ("column_type", column.Type), ("run_id", column.RunId), ("added_at", column.AddedAt),
                (ClickHouseTable.Row, (long)at), (ClickHouseTable.Version, version),
            })],
            cancel);
    }

    private async Task<(string, object?)[]> StateRowAsync(string table, CancellationToken cancel, params (string, object?)[] values) =>
        [("table_name", table), (ClickHouseTable.Version, await NextAsync(BookTables.State, cancel)), .. values];

    private async Task<long> NextAsync(string book, CancellationToken cancel) =>
        await place.Client.CountAsync($"SELECT toInt64(max({ClickHouseTable.Version})) + 1 FROM {place.Schema.Name(book)}", cancel);

    private async Task InsertAsync(string book, (string Name, object? Value)[][] rows, CancellationToken cancel)
    {
        if (rows.Length == 0)
        {
            return;
        }

        var buffer = new ArrayBufferWriter<byte>();
        foreach (var row in rows)
        {
            using var json = new Utf8JsonWriter(buffer, Json);
            json.WriteStartObject();
            foreach (var (name, value) in row.Where(value => value.Value is not null))
            {
                Write(json, name, value!);
            }

            json.WriteEndObject();
            json.Flush();
            buffer.Write("\n"u8);
        }

        using var content = new ReadOnlyMemoryContent(buffer.WrittenMemory);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        await place.Client.InsertAsync($"INSERT INTO {place.Schema.Name(book)} ({string.Join(", ", rows[0].Select(value => value.Name))}) FORMAT JSONEachRow", content, cancel);
    }

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case long number:
                json.WriteNumber(name, number);
                break;
            case DateTimeOffset time:
                json.WriteString(name, ClickHouseText.Time(time));
                break;
            default:
                json.WriteString(name, (string)value);
                break;
        }
    }
}

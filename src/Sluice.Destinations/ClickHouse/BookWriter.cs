using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Engine.Load;
using Sluice.Engine.State;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Writes the book-keeping tables: each call is one insert of one block, which is there whole or not at all.</summary>
internal sealed class BookWriter(ClickHousePlace place)
{
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sets a state by hand; the next load's is newer again.</summary>
    public async Task StateAsync(TableState state, DateTimeOffset at, CancellationToken cancel) =>
        await InsertAsync(BookTables.State, [StateRow(state, at, await NextAsync(cancel))], cancel);

    /// <summary>Sets the state that a load ends with, if it has one.</summary>
    public Task StateAsync(LoadNote note, CancellationToken cancel) =>
        InsertAsync(BookTables.State, note.State is { } state ? [StateRow(state, note.LoadedAt, note.Version)] : [], cancel);

    public async Task ForgetStateAsync(string table, CancellationToken cancel) =>
        await InsertAsync(BookTables.State, [[("table_name", table), (ClickHouseTable.Version, await NextAsync(cancel))]], cancel);

    public Task RunAsync(RunRecord run, CancellationToken cancel) => InsertAsync(
        BookTables.Runs,
        [[("run_id", run.RunId), ("started_at", run.StartedAt), ("ended_at", run.EndedAt), ("exit_code", (long)run.ExitCode), ("requests", run.Requests), ("report", run.Report)]],
        cancel);

    public Task LedgerAsync(LoadNote note, LoadResult result, CancellationToken cancel) => InsertAsync(
        BookTables.Ledger,
        [
            [
                ("table_name", note.Table), ("source", note.Ledger.Source), ("load_id", note.LoadId), ("run_id", note.RunId), ("expected", note.Ledger.Expected),
                ("expected_by", note.Ledger.ExpectedBy), ("fetched", note.Ledger.Fetched), ("doubled", result.Doubled), ("left_out", note.Ledger.LeftOut), ("loaded", result.Loaded),
                ("unchanged", result.Unchanged), ("rejected", result.Rejected), ("skipped", note.Ledger.Skipped), ("deleted", result.Deleted), ("returned", result.Returned),
                ("table_rows", result.TableRows), ("reasons", JsonSerializer.Serialize(note.Ledger.Reasons, Relational.LedgerJson.Default.IReadOnlyListString)), ("committed_at", note.LoadedAt),
            ],
        ],
        cancel);

    public Task NoteAsync(LoadNote note, CancellationToken cancel) => InsertAsync(
        BookTables.Loads,
        [
            [
                ("table_name", note.Table), ("load_id", note.LoadId), ("note", JsonSerializer.Serialize(note, LoadNoteJson.Default.LoadNote)), ("noted_at", note.LoadedAt),
                (ClickHouseTable.Version, note.Version),
            ],
        ],
        cancel);

    public Task MappingAsync(LoadNote note, CancellationToken cancel) => InsertAsync(
        BookTables.Columns,
        [.. note.Mapping.Select((column, at) => new (string, object?)[]
        {
            ("table_name", note.Table), ("field", column.Field), ("column_name", column.Column), ("column_type", column.Type), ("run_id", column.RunId), ("added_at", column.AddedAt),
            (ClickHouseTable.Row, (long)at), (ClickHouseTable.Version, note.Version),
        })],
        cancel);

    private static (string, object?)[] StateRow(TableState state, DateTimeOffset at, long version) =>
    [
        ("table_name", state.Table), ("source", state.Source), ("read_until", state.Until), ("parents", ParentMarks.Write(state.Parents)), ("run_id", state.RunId), ("updated_at", at),
        (ClickHouseTable.Version, version),
    ];

    private Task<long> NextAsync(CancellationToken cancel) =>
        place.Client.CountAsync($"SELECT toInt64(max({ClickHouseTable.Version})) + 1 FROM {place.Schema.Name(BookTables.State)}", cancel);

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

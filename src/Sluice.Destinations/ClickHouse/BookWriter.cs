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
        await InsertAsync(SystemTable.State.Name, [StateRow(state, at, await NextAsync(cancel))], cancel);

    /// <summary>Sets the state that a load ends with, if it has one.</summary>
    public Task StateAsync(LoadNote note, CancellationToken cancel) =>
        InsertAsync(SystemTable.State.Name, note.State is { } state ? [StateRow(state, note.LoadedAt, note.Version)] : [], cancel);

    public async Task ForgetStateAsync(string table, CancellationToken cancel) =>
        await InsertAsync(SystemTable.State.Name, [[("table_name", table), (ClickHouseTable.Version, await NextAsync(cancel))]], cancel);

    public Task RunAsync(RunRecord run, CancellationToken cancel) => InsertAsync(SystemTable.Runs.Name, [Row(SystemTable.Runs, run)], cancel);

    public Task LedgerAsync(LoadNote note, LoadResult result, CancellationToken cancel) => InsertAsync(
        SystemTable.Ledger.Name,
        [Row(SystemTable.Ledger, new LedgerRow(note.Table, note.LoadId, note.RunId, note.LoadedAt) { Line = note.Ledger, Result = result })],
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
        SystemTable.Mapping.Name,
        [
            .. note.Mapping.Select((column, at) => Row(
                SystemTable.Mapping, new ColumnRow(note.Table, column), (ClickHouseTable.Row, (long)at), (ClickHouseTable.Version, note.Version))),
        ],
        cancel);

    private static (string, object?)[] StateRow(TableState state, DateTimeOffset at, long version) =>
        Row(SystemTable.State, new StateRow(state, at), (ClickHouseTable.Version, version));

    private static (string, object?)[] Row<T>(SystemTable<T> table, T row, params (string, object?)[] more) => [.. table.Values.Select(column => (column.Name, column.Value(row))), .. more];

    private Task<long> NextAsync(CancellationToken cancel) =>
        place.Client.CountAsync($"SELECT toInt64(max({ClickHouseTable.Version})) + 1 FROM {place.Schema.Name(SystemTable.State.Name)}", cancel);

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

using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.State;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Reads the book-keeping tables, which are there.</summary>
internal sealed class BookReader(ClickHousePlace place)
{
    public async Task<IReadOnlyList<TableState>> StatesAsync(CancellationToken cancel) =>
        [.. (await RowsAsync(SystemTable.State, "WHERE isNotNull(read_until) ORDER BY table_name", cancel)).Select(row => row.State)];

    public Task<IReadOnlyList<RunRecord>> RunsAsync(int most, CancellationToken cancel) =>
        RowsAsync(SystemTable.Runs, $"ORDER BY started_at DESC, run_id DESC LIMIT {most.ToString(CultureInfo.InvariantCulture)}", cancel);

    /// <summary>What a load did that is committed already; null when it is not.</summary>
    public async Task<LoadResult?> CommittedAsync(LoadTarget target, CancellationToken cancel)
    {
        var rows = await RowsAsync(
            SystemTable.Ledger, "WHERE table_name = {table:String} AND load_id = {load:String}", cancel, ("table", target.Table), ("load", target.LoadId));
        return rows.Count == 0 ? null : rows[0].Result;
    }

    /// <summary>The notes of loads that no ledger has.</summary>
    public async Task<IReadOnlyList<LoadNote>> UnrecordedAsync(CancellationToken cancel)
    {
        var rows = await place.Client.RowsAsync(
            $"SELECT note FROM {Book(BookTables.Loads)} WHERE (table_name, load_id) NOT IN (SELECT table_name, load_id FROM {place.Schema.Name(SystemTable.Ledger.Name)})", cancel);
        return [.. rows.Select(row => JsonSerializer.Deserialize(row[0]!, LoadNoteJson.Default.LoadNote)!)];
    }

    /// <summary>The highest number that any load of the table has had, or that a state has which was set by hand.</summary>
    public async Task<long> LastVersionAsync(string table, CancellationToken cancel)
    {
        var last = 0L;
        foreach (var book in (string[])[BookTables.Loads, SystemTable.State.Name])
        {
            last = Math.Max(last, await place.Client.CountAsync(
                $"SELECT toInt64(max({ClickHouseTable.Version})) FROM {place.Schema.Name(book)} WHERE table_name = {{table:String}}", cancel, ("table", table)));
        }

        return last;
    }

    public async Task<IReadOnlyList<MappedColumn>> MappingAsync(string table, CancellationToken cancel)
    {
        var rows = await RowsAsync(SystemTable.Mapping, $"WHERE table_name = {{table:String}} ORDER BY {ClickHouseTable.Row}", cancel, ("table", table));
        return [.. rows.Select(row => row.Column)];
    }

    // Times as texts, whatever type an old or a new server keeps them in.
    private async Task<IReadOnlyList<T>> RowsAsync<T>(SystemTable<T> table, string rest, CancellationToken cancel, params (string Name, string Value)[] values)
    {
        var columns = table.Columns.Select((column, place) => column.Type == ColumnType.Timestamp ? $"toString({column.Name}) AS _sluice_time_{place}" : column.Name);
        var rows = await place.Client.RowsAsync($"SELECT {string.Join(", ", columns)} FROM {Book(table.Name)} {rest}", cancel, values);
        return [.. rows.Select(row => table.Read(new SystemRow(table, [.. table.Columns.Zip(row, (column, text) => ValueOf(column.Type, text))])))];
    }

    private static object? ValueOf(ColumnType type, string? text) => (type, text) switch
    {
        (_, null) => null,
        (ColumnType.Bigint, _) => long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
        (ColumnType.Timestamp, _) => ClickHouseText.ReadTime(text),
        _ => text,
    };

    // All columns by way of a sub-select: an old server mixes up what FINAL reads with what is computed from it.
    private string Book(string name) => $"(SELECT * FROM {place.Schema.Name(name)} FINAL)";
}

using System.Globalization;
using System.Text.Json;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.State;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Reads the book-keeping tables, which are there.</summary>
internal sealed class BookReader(ClickHousePlace place)
{
    public async Task<IReadOnlyList<TableState>> StatesAsync(CancellationToken cancel)
    {
        var rows = await place.Client.RowsAsync(
            $"SELECT table_name, source, toString(read_until), parents, run_id FROM {Book(BookTables.State)} WHERE isNotNull(read_until) ORDER BY table_name", cancel);
        return
        [
            .. rows.Select(row => new TableState
            {
                Table = row[0]!,
                Source = row[1]!,
                Until = ClickHouseText.ReadTime(row[2]!),
                Parents = ParentMarks.Read(row[3]!),
                RunId = row[4],
            }),
        ];
    }

    public async Task<IReadOnlyList<RunRecord>> RunsAsync(int most, CancellationToken cancel)
    {
        var rows = await place.Client.RowsAsync(
            $"SELECT run_id, toString(started_at) AS began, toString(ended_at), exit_code, requests, report FROM {Book(BookTables.Runs)} ORDER BY began DESC, run_id DESC LIMIT {most.ToString(CultureInfo.InvariantCulture)}",
            cancel);
        return [.. rows.Select(row => new RunRecord(row[0]!, ClickHouseText.ReadTime(row[1]!), ClickHouseText.ReadTime(row[2]!), (int)Number(row[3]), Number(row[4]), row[5]!))];
    }

    /// <summary>What a load did that is committed already; null when it is not.</summary>
    public async Task<LoadResult?> CommittedAsync(LoadTarget target, CancellationToken cancel)
    {
        var rows = await place.Client.RowsAsync(
            $"SELECT loaded, unchanged, doubled, rejected, deleted, returned, table_rows FROM {Book(BookTables.Ledger)} WHERE table_name = {{table:String}} AND load_id = {{load:String}}",
            cancel, ("table", target.Table), ("load", target.LoadId));
        return rows.Count == 0 ? null : new LoadResult
        {
            Loaded = Number(rows[0][0]),
            Unchanged = Number(rows[0][1]),
            Doubled = Number(rows[0][2]),
            Rejected = Number(rows[0][3]),
            Deleted = Number(rows[0][4]),
            Returned = Number(rows[0][5]),
            TableRows = Number(rows[0][6]),
        };
    }

    /// <summary>The notes of loads that no ledger has.</summary>
    public async Task<IReadOnlyList<LoadNote>> UnrecordedAsync(CancellationToken cancel)
    {
        var rows = await place.Client.RowsAsync(
            $"SELECT note FROM {Book(BookTables.Loads)} WHERE (table_name, load_id) NOT IN (SELECT table_name, load_id FROM {place.Schema.Name(BookTables.Ledger)})", cancel);
        return [.. rows.Select(row => JsonSerializer.Deserialize(row[0]!, LoadNoteJson.Default.LoadNote)!)];
    }

    /// <summary>The highest number that any load of the table has had, or that a state has which was set by hand.</summary>
    public async Task<long> LastVersionAsync(string table, CancellationToken cancel)
    {
        var last = 0L;
        foreach (var book in (string[])[BookTables.Loads, BookTables.State])
        {
            last = Math.Max(last, await place.Client.CountAsync(
                $"SELECT toInt64(max({ClickHouseTable.Version})) FROM {place.Schema.Name(book)} WHERE table_name = {{table:String}}", cancel, ("table", table)));
        }

        return last;
    }

    public async Task<IReadOnlyList<MappedColumn>> MappingAsync(string table, CancellationToken cancel)
    {
        var rows = await place.Client.RowsAsync(
            $"SELECT field, column_name, column_type, run_id, toString(added_at) FROM {Book(BookTables.Columns)} WHERE table_name = {{table:String}} ORDER BY {ClickHouseTable.Row}",
            cancel, ("table", table));
        return [.. rows.Select(row => new MappedColumn(row[0], row[1]!, row[2]!, row[3]!, ClickHouseText.ReadTime(row[4]!)))];
    }

    private static long Number(string? text) => long.Parse(text!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    // All columns by way of a sub-select: an old server mixes up what FINAL reads with what is computed from it.
    private string Book(string name) => $"(SELECT * FROM {place.Schema.Name(name)} FINAL)";
}

using Sluice.Destinations.Staging;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// Brings staged rows into a ClickHouse table. There are no transactions: the rows become visible in one step that carries the load's number, books are
/// written after it, the ledger last, and a run that finds the number without the line in the ledger writes the books only.
/// </summary>
internal sealed class ClickHousePublisher(ClickHousePlace place, LoadTarget target, TimeProvider time) : ITablePublisher
{
    // Old servers keep each column in files of its name, where a letter that is not ASCII takes three for each byte.
    private const int OldMostBytes = 80;

    private string Table => $"{target.Schema}.{target.Table}";

    private BookReader Books => new(place);

    public NameRules Names => place.Client.Version.IsModern ? NameRules.Default : NameRules.Default with { MostBytes = OldMostBytes };

    public string? CannotHold(string column, ColumnType type) =>
        place.Client.Version.IsModern && type is ColumnType.UnixTime or ColumnType.Timestamp ? $"{column} < '1900-01-01 00:00:00+00' OR {column} >= '2300-01-01 00:00:00+00'" : null;

    public Task<LiveTable> DescribeAsync(CancellationToken cancel) => GuardAsync("Reading", async () =>
    {
        var mapping = await Books.MappingAsync(target.Table, cancel);
        var committed = await Books.CommittedAsync(target, cancel);
        if (await place.ReadAsync(target.Table, cancel) is not { } live)
        {
            return LiveTable.None with { Mapping = mapping, Committed = committed };
        }

        return new LiveTable
        {
            Columns = new OrderedDictionary<string, ColumnType>(
                live.Columns.Where(column => !ClickHouseTable.IsHidden(column.Name)).Select(column => KeyValuePair.Create(column.Name, MeaningOf(column, mapping))), StringComparer.OrdinalIgnoreCase),
            Mapping = mapping,
            LongIntegers = await LiveFitting.LongIntegersAsync(place.Client, live, mapping.Select(column => column.Column), cancel),
            Committed = committed,
        };
    });

    public Task<long> CountAsync(CancellationToken cancel) => GuardAsync(
        "Reading", async () => await place.ReadAsync(target.Table, cancel) is { } live ? await CountAsync(live, cancel) : 0);

    public Task<LoadResult> PublishAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel) => GuardAsync("Writing", async () =>
    {
        var tables = new WorkTables(place, target.Table);
        await using var writer = await WriterLock.TakeAsync(place, tables, target.LoadId, time, cancel);

        // First of all: what a stopped run may still do in the server it does in these tables.
        await tables.DropAsync(cancel);
        try
        {
            var mapping = KnownFields.Merge(await Books.MappingAsync(target.Table, cancel), await staged.ReadMappingAsync(cancel));
            var result = await Books.CommittedAsync(target, cancel)
                ?? await FinishedAsync(cancel)
                ?? await ChangeAsync(tables, staged, checkpoint, writer, mapping, cancel);
            return await RecordAsync(staged, checkpoint, mapping, result);
        }
        finally
        {
            await tables.DropAsync(CancellationToken.None);
        }
    });

    // The connections are the destination's.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static ColumnType MeaningOf(ClickHouseColumn column, IReadOnlyList<MappedColumn> mapping) =>
        column.Meaning == ColumnType.Text && mapping.Any(one => one.Type == "JSON" && one.Column.Equals(column.Name, StringComparison.OrdinalIgnoreCase)) ? ColumnType.Json : column.Meaning;

    // What this very load did, if it was stopped after its rows had become visible.
    private async Task<LoadResult?> FinishedAsync(CancellationToken cancel) =>
        await Books.LastLoadAsync(target.Table, cancel) is { } last && last.LoadId == target.LoadId
        && await place.ReadAsync(target.Table, cancel) is { IsOurs: true } live && await VersionAsync(live, cancel) == last.Version
            ? last.Result
            : null;

    private Task<long> VersionAsync(ClickHouseTable live, CancellationToken cancel) =>
        place.Client.CountAsync($"SELECT toInt64(max({ClickHouseTable.Version})) FROM {live.Name}", cancel);

    private async Task<LoadResult> ChangeAsync(
        WorkTables tables, StagedTable staged, Checkpoint checkpoint, WriterLock writer, IReadOnlyList<MappedColumn> mapping, CancellationToken cancel)
    {
        var live = await place.ReadAsync(target.Table, cancel);
        var before = Math.Max(live is { IsOurs: true } ? await VersionAsync(live, cancel) : 0, (await Books.LastLoadAsync(target.Table, cancel))?.Version ?? 0);
        var publication = new Publication(place, target, tables, staged, before + 1);
        var (prepared, changes) = await PrepareAsync(publication, live, checkpoint, cancel);
        await new BookWriter(place).LoadAsync(target, publication.Version, prepared.Result, cancel);
        await writer.RequireAsync(cancel);
        if (prepared.Apply is { } apply)
        {
            await apply(cancel);
        }

        return prepared.Result with { SchemaChanges = changes };
    }

    private async Task<(PreparedChange Prepared, IReadOnlyList<SchemaChange> Changes)> PrepareAsync(
        Publication publication, ClickHouseTable? live, Checkpoint checkpoint, CancellationToken cancel)
    {
        if (target.Strategy == Strategy.Replace || live is null)
        {
            return (await new Replacement(publication, live).PrepareAsync(checkpoint, cancel), []);
        }

        var fitting = new LiveFitting(publication, await Books.MappingAsync(target.Table, cancel));
        var (fitted, staged, changes) = await fitting.FitAsync(live, cancel);
        return (await new Change(publication, fitted, staged).PrepareAsync(checkpoint, cancel), changes);
    }

    // From here on the rows are there: nothing stops it any more, and whatever is written twice is there once.
    private async Task<LoadResult> RecordAsync(StagedTable staged, Checkpoint checkpoint, IReadOnlyList<MappedColumn> mapping, LoadResult made)
    {
        var cancel = CancellationToken.None;
        var live = await place.ReadAsync(target.Table, cancel);
        var result = made with { Doubled = staged.Counts.Doubled, Rejected = staged.Counts.Rejected, TableRows = live is null ? 0 : await CountAsync(live, cancel) };
        var writer = new BookWriter(place);
        if (result.Rejected > 0)
        {
            await new Upload(place.Client, staged).RejectsAsync(
                place.Schema.Name(BookTables.Rejects), BookTables.RejectColumns(ClickHouseType.Of(ColumnType.Timestamp, place.Client.Version)), cancel);
        }

        await writer.MappingAsync(target.Table, mapping, cancel);
        if (checkpoint.State is { } state)
        {
            await writer.StateAsync(state, target.LoadedAt, cancel);
        }

        await writer.LedgerAsync(target, checkpoint.Ledger, result, cancel);
        return result;
    }

    private Task<long> CountAsync(ClickHouseTable live, CancellationToken cancel) => place.Client.CountAsync(
        live.IsMarked ? $"SELECT count() FROM {live.Rows(StageSql.DeletedAt)} WHERE isNull({StageSql.DeletedAt})" : $"SELECT count() FROM {live.Rows(live.Columns[0].Quoted)}", cancel);

    private Task<T> GuardAsync<T>(string doing, Func<Task<T>> work) => ClickHouseErrors.GuardAsync(place.Client.Address, $"{doing} {Table}", work);
}

using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// Brings staged rows into a ClickHouse table. There are no transactions: what is to become true is noted first, then the rows become visible in one
/// step, and then the books are written, by this run or, if it is stopped between the two, by whoever looks next.
/// </summary>
internal sealed class ClickHousePublisher(ClickHousePlace place, LoadTarget target, TimeProvider time) : ITargetWriter
{
    // Old servers keep each column in files of its name, where a letter that is not ASCII takes three for each byte.
    private const int OldMostBytes = 80;

    private string Table => $"{target.Schema}.{target.Table}";

    private BookReader Books => new(place);

    // email.null would be whether email is NULL, email.size its length.
    public NameRules Names => NameRules.Default with { TakenEndings = [".null", ".size"], MostBytes = place.Client.Version.IsModern ? null : OldMostBytes };

    public string? UnsupportedWhen(string column, ColumnType type) =>
        place.Client.Version.IsModern && type is ColumnType.UnixTime or ColumnType.Timestamp ? $"{column} < '1900-01-01 00:00:00+00' OR {column} >= '2300-01-01 00:00:00+00'" : null;

    public Task<LiveTable> DescribeAsync(CancellationToken cancel) => GuardAsync("Reading", async () =>
    {
        await new Recording(place).FinishAsync(cancel);
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
        "Reading", async () => await place.ReadAsync(target.Table, cancel) is { } live ? await live.CountAsync(place.Client, cancel) : 0);

    public Task<LoadResult?> WriteAsync(StagedTable staged, Checkpoint checkpoint, CancellationToken cancel) => GuardAsync<LoadResult?>("Writing", async () =>
    {
        var tables = new WorkTables(place, target.Table);
        await using var writer = await WriterLock.TakeAsync(place, tables, target.LoadId, time, cancel);

        // First of all: what a stopped run may still do in the server it does in these tables.
        await tables.DropAsync(cancel);
        try
        {
            await new Recording(place).FinishAsync(cancel);
            return await Books.CommittedAsync(target, cancel) ?? await ChangeAsync(tables, staged, checkpoint, writer, cancel);
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

    private async Task<LoadResult> ChangeAsync(WorkTables tables, StagedTable staged, Checkpoint checkpoint, WriterLock writer, CancellationToken cancel)
    {
        var live = await place.ReadAsync(target.Table, cancel);
        var before = live is { IsOurs: true } ? await live.VersionAsync(place.Client, cancel) : 0;
        var publication = new Publication(place, target, tables, staged, Math.Max(before, await Books.LastVersionAsync(target.Table, cancel)) + 1);
        var (prepared, changes) = await PrepareAsync(publication, live, checkpoint, cancel);
        var note = new LoadNote
        {
            Table = target.Table,
            LoadId = target.LoadId,
            RunId = target.RunId,
            LoadedAt = target.LoadedAt,
            Version = publication.Version,
            Step = prepared.Step,
            Result = prepared.Result with { Doubled = staged.Counts.Doubled, Rejected = staged.Counts.Rejected, SchemaChanges = changes },
            Ledger = checkpoint.Ledger,
            State = checkpoint.State,
            Mapping = ColumnMapping.Merge(await Books.MappingAsync(target.Table, cancel), await staged.ReadMappingAsync(cancel)),
        };
        if (note.Result.Rejected > 0)
        {
            await publication.Upload.RejectsAsync(
                place.Schema.Name(SystemTable.Rejects.Name), BookTables.RejectColumns(ClickHouseType.Of(ColumnType.Timestamp, place.Client.Version)), cancel);
        }

        await new BookWriter(place).NoteAsync(note, cancel);
        await writer.RequireAsync(cancel);
        await prepared.Apply(cancel);

        // From here on the rows are there, and nothing stops it any more.
        return await new Recording(place).RecordAsync(note, CancellationToken.None);
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

    private Task<T> GuardAsync<T>(string doing, Func<Task<T>> work) => ClickHouseErrors.GuardAsync(place.Client.Address, $"{doing} {Table}", work);
}

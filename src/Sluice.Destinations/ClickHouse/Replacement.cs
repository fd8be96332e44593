using System.Globalization;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Load.Staging;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Builds the table anew beside the live one, with the rows that are to stay.</summary>
internal sealed class Replacement(Publication publication, ClickHouseTable? live)
{
    private const string Deleted = SystemColumns.DeletedAt;

    private readonly LoadTarget _target = publication.Target;

    public async Task<PreparedChange> PrepareAsync(Checkpoint checkpoint, CancellationToken cancel)
    {
        var old = _target.StartsOver || _target.PrimaryKey.Count == 0 || live is null || !_target.PrimaryKey.All(live.Has) ? null : live;
        var carries = old is not null && (checkpoint.HasGaps || (checkpoint.IsComplete && _target.MarksDeleted));
        var made = await MakeAsync(carries ? old : null, cancel);
        var result = new LoadResult { Loaded = publication.Staged.Counts.Rows };
        if (old is not null)
        {
            var key = new KeyPair(_target.PrimaryKey, old, made);
            result = result with
            {
                Returned = old.IsMarked ? await CountAsync($"{old.Rows(key.OldNames + Mark)} WHERE isNotNull({Deleted}) AND {key.Came}", cancel) : 0,
                Deleted = !checkpoint.IsComplete ? 0 : await CountAsync(
                    $"{old.Rows(key.OldNames + (old.IsMarked ? Mark : ""))} WHERE NOT ({key.Came}){(old.IsMarked ? $" AND isNull({Deleted})" : "")}", cancel),
            };
            if (carries)
            {
                await publication.Client.RunAsync(CarryOver(old, made, key, checkpoint.IsComplete && _target.MarksDeleted), cancel);
            }
        }

        var isEmpty = await CountAsync(made.Name, cancel) == 0;
        return new PreparedChange(result, isEmpty ? VisibleStep.Empty : VisibleStep.Rows, stop => publication.ExchangeAsync(publication.Tables.Made, live is not null, stop));
    }

    private static string Mark => $", {Deleted}";

    private async Task<ClickHouseTable> MakeAsync(ClickHouseTable? carried, CancellationToken cancel)
    {
        var staged = await publication.Staged.ReadColumnsAsync(cancel);
        var columns = staged.Select(column => new ClickHouseColumn(column.Key, TypeOf(column.Value, carried?.Find(column.Key)))).ToList();

        // Columns that only deleted rows had are kept with them.
        var more = carried?.Columns.Where(column => !staged.ContainsKey(column.Name) && !ClickHouseTable.IsHidden(column.Name)) ?? [];
        ClickHouseColumn[] all = [.. columns, .. more, .. publication.Hidden];
        ClickHouseColumn[] key = [.. _target.PrimaryKey.Select(name => columns.First(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))];
        await publication.Client.RunAsync(publication.Place.Ddl.CreateRows(publication.Tables.Made, all, key), cancel);
        await publication.Upload.RowsAsync(publication.Tables.Made, all, publication.Version, keepsAll: _target.Strategy == Strategy.Append, cancel);
        return new ClickHouseTable { Name = publication.Tables.Made, Engine = "ReplacingMergeTree", Created = "", Columns = all, SortingKey = [] };
    }

    // A row that is carried over keeps its values: the column becomes as wide as both need.
    private string TypeOf(string staged, ClickHouseColumn? carried)
    {
        var type = ClickHouseType.Of(SqlType.Parse(staged), publication.Client.Version);
        return carried is null || ClickHouseType.Bare(carried.Type) == ClickHouseType.Bare(type) ? type
            : (carried.Meaning, ClickHouseType.Parse(type)) is (ColumnType.Bigint, ColumnType.Double) or (ColumnType.Double, ColumnType.Bigint) ? ClickHouseType.Double
            : carried.Meaning == ClickHouseType.Parse(type) ? carried.Type
            : ClickHouseType.Text;
    }

    private string CarryOver(ClickHouseTable old, ClickHouseTable made, KeyPair key, bool marks)
    {
        var at = ClickHouseText.Instant(_target.LoadedAt, made.Find("_sluice_loaded_at")!.Type);
        var values = made.Columns.Where(column => old.Has(column.Name) || ClickHouseTable.IsHidden(column.Name) || (marks && column.Name == Deleted)).Select(column => (column.Quoted, Value: column.Name switch
        {
            ClickHouseTable.Row => old.IsOurs ? ClickHouseTable.Row : Apart,
            ClickHouseTable.Version => $"toUInt64({publication.Version.ToString(CultureInfo.InvariantCulture)})",
            ClickHouseTable.IsDeleted => "0",
            Deleted when marks => old.IsMarked ? $"ifNull({Deleted}, {at})" : at,
            _ => ClickHouseType.Widen(old.Find(column.Name)!.Quoted, old.Find(column.Name)!.Type, column.Type),
        })).ToList();
        return $"INSERT INTO {made.Name} ({string.Join(", ", values.Select(value => value.Quoted))}) SELECT {string.Join(", ", values.Select(value => value.Value))} FROM {old.Rows()} WHERE NOT ({key.Came})";
    }

    // Rows of a table that somebody else made: beyond the numbers that this load's own rows have.
    private string Apart => $"toUInt64({((publication.Version << ClickHouseTable.RowBits) + (1L << (ClickHouseTable.RowBits - 1))).ToString(CultureInfo.InvariantCulture)}) + rowNumberInAllBlocks()";

    private Task<long> CountAsync(string from, CancellationToken cancel) => publication.Client.CountAsync($"SELECT count() FROM {from}", cancel);
}

using System.Globalization;
using Sluice.Destinations.Merge;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;
using Sluice.Engine.Shape;

namespace Sluice.Destinations.ClickHouse;

/// <summary>Builds the table anew beside the live one, with the rows that are to stay.</summary>
internal sealed class ReplaceSteps(LoadAttempt attempt, MergePlan plan, ClickHouseTable? live)
{
    private const string Deleted = SystemColumns.DeletedAt;

    private readonly LoadTarget _target = attempt.Target;

    public async Task<PreparedCommit> PrepareAsync(CancellationToken cancel)
    {
        var made = await MakeAsync(plan.CarriesOver ? live : null, cancel);
        var result = new LoadResult { Loaded = attempt.Staged.Counts.Rows };
        if (plan.Compares && live is { } old)
        {
            var key = new KeyPair(_target.PrimaryKey, old, made);
            result = result with
            {
                Returned = plan.Restores ? await CountAsync($"{old.Rows(key.OldNames + Mark)} WHERE isNotNull({Deleted}) AND {key.Came}", cancel) : 0,
                Deleted = plan.Vanished == DeletePolicy.Ignore
                    ? 0
                    : await CountAsync(
                        $"{old.Rows(key.OldNames + (old.IsMarked ? Mark : ""))} WHERE NOT " +
                            $"({key.Came}){(old.IsMarked ? $" AND isNull({Deleted})" : "")}",
                        cancel),
            };
            if (plan.CarriesOver)
            {
                await attempt.Server.RunAsync(CarryOver(old, made, key, plan.Vanished == DeletePolicy.Soft), cancel);
            }
        }

        var isEmpty = await CountAsync(made.Name, cancel) == 0;
        return new PreparedCommit(
            result, isEmpty ? SwapStep.Empty : SwapStep.Rows, stop => attempt.ExchangeAsync(attempt.Tables.Made, live is not null, stop));
    }

    private static string Mark => $", {Deleted}";

    private async Task<ClickHouseTable> MakeAsync(ClickHouseTable? carried, CancellationToken cancel)
    {
        var staged = await attempt.Staged.ReadColumnsAsync(cancel);
        var columns = staged.Select(column => new ClickHouseColumn(column.Key, TypeOf(column.Value, carried?.Find(column.Key)))).ToList();

        // Columns that only deleted rows had are kept with them.
        var more = carried?.Columns.Where(column => !staged.ContainsKey(column.Name) && !ClickHouseTable.IsHidden(column.Name)) ?? [];
        ClickHouseColumn[] all = [.. columns, .. more, .. LoadAttempt.Hidden];
        ClickHouseColumn[] key =
        [
            .. _target.PrimaryKey.Select(name => columns.First(column => column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))),
        ];
        await attempt.Server.RunAsync(attempt.Database.Ddl.CreateRows(attempt.Tables.Made, all, key, Docs), cancel);
        await attempt.Upload.RowsAsync(attempt.Tables.Made, all, attempt.Version, keepsAll: _target.Strategy == Strategy.Append, cancel);
        return new ClickHouseTable { Name = attempt.Tables.Made, Engine = "ReplacingMergeTree", Columns = all, SortingKey = [] };
    }

    // What somebody has written stays.
    private TableDocs Docs => live is null ? _target.Docs : TableComments.Both(live.Comments, _target.Docs);

    // A row that is carried over keeps its values: the column becomes as wide as both need.
    private static string TypeOf(string staged, ClickHouseColumn? carried)
    {
        var type = ClickHouseType.Of(SqlType.Parse(staged));
        return carried is null || ClickHouseType.Bare(carried.Type) == ClickHouseType.Bare(type) ? type
            : (carried.Meaning, ClickHouseType.Parse(type)) is (ColumnType.Bigint, ColumnType.Double) or (ColumnType.Double, ColumnType.Bigint)
                ? ClickHouseType.Double
            : carried.Meaning == ClickHouseType.Parse(type) ? carried.Type
            : ClickHouseType.Text;
    }

    private string CarryOver(ClickHouseTable old, ClickHouseTable made, KeyPair key, bool marks)
    {
        var at = ClickHouseText.Instant(_target.LoadedAt);
        var values = made
            .Columns.Where(column => old.Has(column.Name) || ClickHouseTable.IsHidden(column.Name) || (marks && column.Name == Deleted))
            .Select(column =>
                (
                    column.Quoted,
                    Value: column.Name switch
                    {
                        ClickHouseTable.Row => old.IsOurs ? ClickHouseTable.Row : Apart,
                        ClickHouseTable.Version => $"toUInt64({attempt.Version.ToString(CultureInfo.InvariantCulture)})",
                        ClickHouseTable.IsDeleted => "0",
                        Deleted when marks => old.IsMarked ? $"ifNull({Deleted}, {at})" : at,
                        _ => ClickHouseType.Widen(old.Find(column.Name)!.Quoted, old.Find(column.Name)!.Type, column.Type),
                    }))
            .ToList();
        return $"INSERT INTO {made.Name} ({string.Join(", ", values.Select(value => value.Quoted))}) SELECT " +
            $"{string.Join(", ", values.Select(value => value.Value))} FROM {old.Rows()} WHERE NOT ({key.Came})";
    }

    // Rows of a table that somebody else made: beyond the numbers that this load's own rows have.
    private string Apart =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"toUInt64({(attempt.Version << ClickHouseTable.RowBits) + (1L << (ClickHouseTable.RowBits - 1))}) + rowNumberInAllBlocks()");

    private Task<long> CountAsync(string from, CancellationToken cancel) => attempt.Server.CountAsync($"SELECT count() FROM {from}", cancel);
}

/// <summary>The key of an old table and of the one that takes its place; as text where the types differ.</summary>
internal sealed class KeyPair(IReadOnlyList<string> key, ClickHouseTable old, ClickHouseTable made)
{
    private readonly (ClickHouseColumn Old, ClickHouseColumn Made)[] _pairs = [.. key.Select(name => (old.Find(name)!, made.Find(name)!))];

    /// <summary>The key's columns of the old table.</summary>
    public string OldNames => string.Join(", ", _pairs.Select(pair => pair.Old.Quoted));

    /// <summary>Which rows of the old table have a key that is in the new one.</summary>
    public string Came
    {
        get
        {
            var had = string.Join(", ", _pairs.Select(pair => Same(pair.Old, pair.Made)));
            var has = string.Join(", ", _pairs.Select(pair => Same(pair.Made, pair.Old)));
            return $"({had}) IN (SELECT {has} FROM {made.Name})";
        }
    }

    private static string Same(ClickHouseColumn one, ClickHouseColumn other) =>
        ClickHouseType.Bare(one.Type) == ClickHouseType.Bare(other.Type) ? one.Same : $"ifNull(toString({one.Quoted}), ''), isNull({one.Quoted})";
}

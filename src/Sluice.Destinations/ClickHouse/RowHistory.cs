using System.Globalization;
using Sluice.Engine;
using Sluice.Engine.Catalog;
using Sluice.Engine.Load;

namespace Sluice.Destinations.ClickHouse;

/// <summary>
/// Brings the history of a table up to date once its rows are visible and before the ledger says so: a stopped run's is brought up to date by whoever
/// looks next, at the time of that run. Versions that end and versions that begin are added by one statement; of the rows of one version, the one of
/// the newest load counts, as in the table itself.
/// </summary>
/// <param name="database">The schema.</param>
/// <param name="load">The load whose rows are visible.</param>
/// <param name="live">The table as it is now.</param>
/// <param name="key">The columns by which rows are known.</param>
internal sealed class RowHistory(ClickHouseDatabase database, CommitMarker load, ClickHouseTable live, IReadOnlyList<string> key)
{
    private readonly string _table = NameOf(load.Table);

    private readonly ClickHouseColumn[] _columns = [.. live.Columns.Where(column => !SystemColumns.IsOwn(column.Name))];

    private string Name => database.Schema.Name(_table);

    private string At => ClickHouseText.Instant(load.LoadedAt);

    private string Version => $"toUInt64({load.Version.ToString(CultureInfo.InvariantCulture)})";

    /// <summary>Fails, before anything is read, when the table can't have a history.</summary>
    public static async Task RequireFitAsync(ClickHouseDatabase database, LoadTarget target, IEnumerable<string> columns, CancellationToken cancel)
    {
        HistoryTable.RequireFreeNames(target, columns);
        if (await database.ReadAsync(NameOf(target.Table), cancel) is { } history)
        {
            HistoryTable.RequireOurs(history.Name, history.Columns.Select(column => column.Name));
            history.RequireOurs();
        }
    }

    /// <summary>Ends versions that are no longer those of the table, and begins one for each row that has none.</summary>
    public async Task FollowAsync(CancellationToken cancel)
    {
        var history = await MakeAsync(cancel);
        await database.Server.RunAsync(Statement(history), cancel);
    }

    private static string NameOf(string table) => HistoryTable.NameOf(table, NameLimit.None);

    private async Task<ClickHouseTable> MakeAsync(CancellationToken cancel)
    {
        if (await database.ReadAsync(_table, cancel) is not { } history)
        {
            ClickHouseColumn from = new(HistoryTable.ValidFrom, ClickHouseType.Instant), to = new(HistoryTable.ValidTo, ClickHouseType.Instant);
            await database.Server.RunAsync(
                database.Ddl.CreateRows(Name, [.. _columns, from, to, .. LoadAttempt.Hidden], [.. Key(live), from], TableDocs.None), cancel);
            return (await database.ReadAsync(_table, cancel))!;
        }

        HistoryTable.RequireOurs(Name, history.Columns.Select(column => column.Name));
        history.RequireOurs();
        foreach (var column in _columns)
        {
            if (history.Find(column.Name) is not { } had)
            {
                await database.Server.RunAsync(database.Ddl.AddColumn(Name, column), cancel);
            }
            else if (ClickHouseType.Bare(had.Type) != ClickHouseType.Bare(column.Type) && had.Meaning != ColumnType.Text)
            {
                await WidenAsync(had, cancel);
            }
        }

        return (await database.ReadAsync(_table, cancel))!;
    }

    private Task WidenAsync(ClickHouseColumn had, CancellationToken cancel) =>
        key.Contains(had.Name, StringComparer.OrdinalIgnoreCase)
            ? throw new SluiceException(
                SluiceErrorKind.Destination,
                $"The column {had.Name} of {live.Name}, by which its rows are known, has another type now, and {Name} can't follow.",
                $"Rename {Name}: the next run begins a new one.")
            : database.Server.RunAsync(database.Ddl.ChangeType(Name, had with { Type = ClickHouseType.Text }), cancel);

    private string Statement(ClickHouseTable history)
    {
        var names = string.Join(", ", _columns.Select(column => column.Quoted));
        var target = $"{names}, {HistoryTable.ValidFrom}, {HistoryTable.ValidTo}, {ClickHouseTable.Row}, {ClickHouseTable.Version}, "
            + ClickHouseTable.IsDeleted;
        var (open, there) = ($"{history.Rows()} WHERE isNull({HistoryTable.ValidTo})", $"{Rows(history)} WHERE {IsThere}");
        return $"""
            INSERT INTO {Name} ({target})
            SELECT {names}, {HistoryTable.ValidFrom}, {At}, {ClickHouseTable.Row}, {Version}, 0
            FROM {open} AND ({Word(history)}) NOT IN (SELECT {Word(history)} FROM {there})
            UNION ALL
            SELECT {names}, {At}, CAST(NULL AS {ClickHouseType.Instant}), {ClickHouseTable.Row}, {Version}, 0
            FROM {there} AND ({Word(history)}) NOT IN (SELECT {Word(history)} FROM {open})
            """;
    }

    private string IsThere => live.IsMarked ? $"isNull({SystemColumns.DeletedAt})" : "1";

    // The table's rows with the types that the history has.
    private string Rows(ClickHouseTable history)
    {
        var values = _columns.Select(column =>
            $"{ClickHouseType.Widen(column.Quoted, column.Type, history.Find(column.Name)!.Type)} AS {column.Quoted}");
        var more = live.IsMarked ? $", {SystemColumns.DeletedAt}" : "";
        var row = live.IsOurs ? ClickHouseTable.Row : $"0 AS {ClickHouseTable.Row}";
        return $"(SELECT {string.Join(", ", values)}{more}, {row} FROM {live.Rows()})";
    }

    private IEnumerable<ClickHouseColumn> Key(ClickHouseTable table) => key.Select(name => table.Find(name)!);

    // The key, and two hashes of all other values: versions of one key are taken for the same only if both agree.
    private string Word(ClickHouseTable history)
    {
        var values = string.Join(
            ", ", _columns.Select(column => history.Find(column.Name)!).Except(Key(history)).Select(column => column.Same).DefaultIfEmpty("0"));
        return $"{string.Join(", ", Key(history).Select(column => column.Same))}, sipHash64({values}), cityHash64({values})";
    }
}
